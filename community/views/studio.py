"""A creator reads what learners say of a course and ask under its lessons, and answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import unsubscribing
from community import desk as questions
from community import rating, shown
from community.forms import ReplyForm
from community.models import Rating
from community.notices import QUESTION_MAILS
from courses.views.studio.doors import course_page, creator_required, own_course, shown_version

A_PAGE = 20


@require_GET
@creator_required
def desk(request: HttpRequest) -> HttpResponse:
    """Questions under all her courses: what waits for her first. `?show=all`, `?course=` one of them."""
    slug = request.GET.get("course", "")
    course = own_course(request, slug) if slug else None
    show = "all" if request.GET.get("show") == "all" else "waiting"
    page = questions.page(request.user, show, {name: request.GET.get(name, "") for name in ("after", "before")}, course)
    context = {"page": page, "show": show, "course": course, "stop": unsubscribing.page(request.user, QUESTION_MAILS)}
    context["speed"] = questions.speed(request.user, timezone.now(), course)
    return render(request, "community/desk.html", context)


@require_GET
@creator_required
def course_ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """`?show=unanswered`: those with words that wait for an answer."""
    course, show = own_course(request, slug), request.GET.get("show", "")
    rows = shown.rows(course).order_by("-said_at", "-id")
    if show == "unanswered":
        rows = rows.filter(replies__isnull=True).exclude(text="")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    forms = [(row, ReplyForm(initial={"text": row.reply_text, "number": row.reply_number or 0})) for row in page]
    context = {"summary": shown.Summary(course), "beside": shown.beside(course), "page": page, "forms": forms}
    return course_page(request, "community/course_ratings.html", course, shown_version(course), **context, show=show)


@creator_required
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a rating; an empty text takes the answer back."""
    row, form = get_object_or_404(Rating.objects.answerable_by(request.user), pk=pk), ReplyForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        rating.reply(row, form.cleaned_data["text"], by=request.user, number=form.cleaned_data["number"])
        messages.success(request, _("Your answer stands below the rating."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("community:course_ratings", row.course.slug)
