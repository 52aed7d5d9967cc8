"""What changed in a course for its learner: the list, and that she has seen it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import unsubscribing
from learners import change_mails, changed, freshness
from learners.change_forms import OutdatedForm, SeenForm
from learners.models import Enrollment


def _mine(request: HttpRequest, slug: str) -> Enrollment:
    mine = Enrollment.objects.watchable().of(request.user).select_related("course__live_version")
    return get_object_or_404(mine, course__slug=slug, course__live_version__isnull=False)


@login_required
@never_cache
@require_GET
def course_changes(request: HttpRequest, slug: str) -> HttpResponse:
    enrollment = _mine(request, slug)
    delta = changed.of_course(request.user, enrollment)
    return render(
        request,
        "learners/course_changes.html",
        {
            "course": enrollment.course,
            "mine": enrollment,
            "delta": delta,
            "mails": unsubscribing.page(request.user, change_mails.KIND),
        },
    )


@login_required
@require_POST
def see_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """One lesson (`lesson`) or all of them, as they stand in the version that she was shown (`number`)."""
    enrollment = _mine(request, slug)
    form = SeenForm(request.POST)
    if form.is_valid():
        changed.see(request.user, enrollment, **form.cleaned_data)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("learners:course_changes", slug=slug)


@login_required
@require_POST
def report_outdated(request: HttpRequest, slug: str) -> HttpResponse:
    """A learner says that something in the course is out of date."""
    course, form = _mine(request, slug).course, OutdatedForm(request.POST)
    if form.is_valid():
        freshness.report(request.user, course, **form.cleaned_data)
        messages.success(request, _("Thank you. The creator reads it without your name."))
    else:
        messages.error(request, _("Say what is out of date, in at most 300 characters."))
    key = form.cleaned_data.get("lesson_key")
    return redirect("learners:lesson", slug, key) if key else redirect("learners:course", slug)
