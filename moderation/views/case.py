"""One submission: watch, compare, judge, preview the message, decide."""

from typing import Any

from django.contrib import messages as flash
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from accounts.models import User
from courses import comparing
from courses.models import Finding, Submission
from moderation import impartial, insights, messages, reviews, sla
from moderation.forms import ReviewForm
from moderation.models import Claim, SecondLook
from moderation.views.shown import shown_version

VERDICTS = ("approve", "return")


def _submission(pk: int) -> Submission:
    rows = Submission.objects.select_related(
        "version__course__creator__user", "version__course__live_version__category", "version__category", "decision",
        "submitted_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _history(submission: Submission) -> list[Submission]:
    findings = Prefetch("decision__findings", queryset=Finding.objects.order_by("id").prefetch_related("answers"))
    rows = Submission.objects.filter(version__course=submission.version.course).exclude(pk=submission.pk)
    rows = rows.select_related("version", "decision__decided_by").prefetch_related(findings)
    return list(rows.order_by("-submitted_at", "-id"))


def _standing(submission: Submission, reader: User) -> dict[str, Any]:
    """Who may decide now."""
    claim = Claim.objects.open().filter(submission=submission).select_related("moderator").first()
    is_waiting = submission.is_waiting
    part = impartial.part_of(impartial.of_submission(submission), reader)
    return {
        "claim": claim,
        "is_mine": claim is not None and claim.moderator_id == reader.pk,
        "is_waiting": is_waiting,
        "part": part,
        "can_decide": is_waiting
        and part is None
        and reader.has_role("moderator")
        and (claim is None or claim.moderator_id == reader.pk),
    }


def _page(request: HttpRequest, submission: Submission, form: ReviewForm, status: int = 200) -> HttpResponse:
    decision = getattr(submission, "decision", None)
    second = SecondLook.objects.waiting_for(request.user).filter(decision=decision).first() if decision else None  # type: ignore[arg-type]
    context = {
        "submission": submission,
        "wait": sla.wait_of(submission.submitted_at, timezone.now()),
        "changes": comparing.with_live(submission.version) if submission.is_waiting else None,
        "history": _history(submission),
        # Who may still give the second answer does not see the first.
        "second_look": second,
        "decision": None if second else decision,
        "findings": list(decision.findings.order_by("id")) if decision and not second else [],
        "answers": submission.answers.select_related("finding"),
        "insights": insights.about(submission.version.course.creator),
        "rubric": form.findings.rubric,
        "form": form,
        **shown_version(request, submission.version),
        **_standing(submission, request.user),  # type: ignore[arg-type]
    }
    return render(request, "moderation/case.html", context, status=status)


@role_required("moderator")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """POST shows the same page with what was written, on the way back from the preview."""
    submission = _submission(pk)
    return _page(request, submission, ReviewForm(submission.version, request.POST or None))


@role_required("moderator")
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    Claim.objects.take(_submission(pk), request.user)
    return redirect("moderation:case", pk)


@role_required("moderator")
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Claim.objects.open(), submission=pk, moderator=request.user).release(by=request.user)
    flash.success(request, _("Back in the queue."))
    return redirect("moderation:queue")


@role_required("moderator")
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail that the decision would send, before it is decided."""
    submission, verdict = _submission(pk), request.POST.get("verdict", "")
    if verdict not in VERDICTS:
        raise Http404
    form = ReviewForm(submission.version, request.POST)
    if not form.is_valid_for(verdict):
        return _page(request, submission, form, status=422)
    Claim.objects.take(submission, request.user)
    message = messages.preview(
        submission.version, verdict, form.cleaned_data["reason"], form.findings.findings
    )  # fmt: skip
    carried = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_CARRIED]
    context = {"submission": submission, "verdict": verdict, "message": message, "carried": carried}
    return render(request, "moderation/preview.html", context)


_NOT_CARRIED = {"csrfmiddlewaretoken", "verdict"}


@role_required("moderator")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    submission = _submission(pk)
    form = ReviewForm(submission.version, request.POST)
    if not form.is_valid_for("approve"):
        return _page(request, submission, form, status=422)
    reviews.approve(submission, request.user, form.cleaned_data["reason"])
    flash.success(request, _("Approved: “%(title)s” is on sale.") % {"title": submission.version.title})
    return redirect("moderation:queue")


@role_required("moderator")
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    submission = _submission(pk)
    form = ReviewForm(submission.version, request.POST)
    if not form.is_valid_for("return"):
        return _page(request, submission, form, status=422)
    reviews.send_back(submission, request.user, form.cleaned_data["reason"], form.findings.findings)
    flash.success(request, _("Sent back: “%(title)s”.") % {"title": submission.version.title})
    return redirect("moderation:queue")
