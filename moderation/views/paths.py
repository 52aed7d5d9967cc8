"""Paths that wait for review, and the decision on one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from courses.models import PathSubmission
from learners import journeys
from moderation import paths as deciding


class PathDecisionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What you want to say"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


@role_required("moderator")
def paths(request: HttpRequest) -> HttpResponse:
    waiting = PathSubmission.objects.waiting().select_related("edition__path__creator", "submitted_by")
    return render(request, "moderation/paths.html", {"waiting": waiting})


@role_required("moderator")
def path(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _submission(pk), PathDecisionForm())


@role_required("moderator")
@require_POST
def approve_path(request: HttpRequest, pk: int) -> HttpResponse:
    form = PathDecisionForm(request.POST)
    submission = _submission(pk)
    if not form.is_valid():
        return _page(request, submission, form, status=422)
    deciding.approve(submission, request.user, form.cleaned_data["reason"])
    messages.success(request, _("The path is public."))
    return redirect("moderation:paths")


@role_required("moderator")
@require_POST
def send_back_path(request: HttpRequest, pk: int) -> HttpResponse:
    form, submission = PathDecisionForm(request.POST), _submission(pk)
    if form.is_valid():
        try:
            deciding.send_back(submission, request.user, form.cleaned_data["reason"])
            messages.success(request, _("The path is sent back."))
            return redirect("moderation:paths")
        except ValidationError as error:
            form.add_error("reason", error.messages[0])
    return _page(request, submission, form, status=422)


def _submission(pk: int) -> PathSubmission:
    return get_object_or_404(PathSubmission.objects.select_related("edition__path__creator", "submitted_by"), pk=pk)


def _page(request: HttpRequest, submission: PathSubmission, form: PathDecisionForm, status: int = 200) -> HttpResponse:
    owner = submission.edition.path.creator
    context = {
        "submission": submission,
        "journey": journeys.preview(submission.edition),
        "is_waiting": PathSubmission.objects.waiting().filter(pk=submission.pk).exists(),
        "is_own": request.user.pk in (submission.submitted_by_id, owner.user_id if owner else None),
        "form": form,
    }
    return render(request, "moderation/path.html", context, status=status)
