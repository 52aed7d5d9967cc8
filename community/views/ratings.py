"""Ratings for everybody: all of a course, the learner's own, votes, and how the number comes about."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community import example, rating, shown
from community.forms import RatingForm
from community.models import Rating
from courses.models import Course
from marketplace.lib.kept_pages import kept_page


@require_GET
@kept_page
def ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """`?stars=`, `?order=`: helpful first, or newest."""
    course = get_object_or_404(Course.objects.on_sale().select_related("creator", "category"), slug=slug)
    stars, order = shown.stars_of(request.GET.get("stars", "")), request.GET.get("order", "")
    order = order if order in shown.ORDERS else "helpful"
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = shown.page(course, request.user, marks, order=order, stars=stars)
    context = {"course": course, "summary": shown.Summary(course), "beside": shown.beside(course), "page": page}
    return render(request, "community/ratings.html", {**context, "order": order, "stars": stars})


@require_GET
@kept_page
def formula(request: HttpRequest) -> HttpResponse:
    """How the number comes about, reckoned by the very functions that reckon it."""
    return render(request, "community/formula.html", {"cases": example.cases(), "figures": example.figures()})


@login_required
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    course = get_object_or_404(Course.objects.filter(live_version__isnull=False).select_related("creator"), slug=slug)
    standing = rating.standing(request.user, course)
    if standing is None:
        raise Http404
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm.of(standing.rating)
    if request.method == "POST" and form.is_valid() and _said(request, course, form):
        return redirect("community:rate", slug)
    context = {"course": course, "standing": standing, "form": form, "reply": shown.reply_to(standing.rating)}
    return render(request, "community/rate.html", context, status=400 if form.errors else 200)


def _said(request: HttpRequest, course: Course, form: RatingForm) -> bool:
    revision = form.cleaned_data.pop("revision")
    try:
        rating.rate(request.user, course, form.cleaned_data, revision=revision)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Thank you. Your rating stands on the course's page."))
    return True


@login_required
@require_POST
def find_helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """`undo`: not helpful after all."""
    row = get_object_or_404(Rating.objects.shown().select_related("course"), pk=pk)
    rating.find_helpful(row, by=request.user, helpful="undo" not in request.POST)
    return redirect("community:ratings", row.course.slug)
