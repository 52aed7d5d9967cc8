"""What a creator checked her course with, when she wants to be reminded, and what learners say is out of date."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.freshness_forms import CheckForm, ReminderForm
from courses.models import ReminderChoice, SubjectCheck

from .doors import course_page, creator_required, own_course, shown_version


@creator_required
def freshness(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    context = {
        "checks": SubjectCheck.objects.present(course),
        "said": SubjectCheck.objects.of(course)[:50],
        "form": CheckForm(),
        "reminder": ReminderForm.of(course),
    }
    return course_page(request, "studio/freshness.html", course, shown_version(course), **context)


@creator_required
@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    course, form = own_course(request, slug), CheckForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        SubjectCheck.objects.note(course, by=request.user, **form.cleaned_data)
        messages.success(request, _("It stands on the course page."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("studio:freshness", slug)


@creator_required
@require_POST
def drop_check(request: HttpRequest, slug: str) -> HttpResponse:
    """No longer said of this thing; the history keeps it."""
    SubjectCheck.objects.drop(own_course(request, slug), subject=request.POST.get("subject", ""), by=request.user)
    return redirect("studio:freshness", slug)


@creator_required
@require_POST
def choose_reminder(request: HttpRequest, slug: str) -> HttpResponse:
    course, form = own_course(request, slug), ReminderForm(request.POST)
    if form.is_valid():
        ReminderChoice.choose(course, form.cleaned_data["after_days"], by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose 90, 180 or 365 days, or never."))
    return redirect("studio:freshness", slug)
