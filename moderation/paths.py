"""Deciding on a path: the decision is the courses' verb; around it stands the mail to whoever submitted it."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from courses.models import PathDecision, PathSubmission
from marketplace.lib import links


@transaction.atomic
def approve(submission: PathSubmission, by: User, reason: str = "") -> PathDecision:
    """Raises what `PathSubmission.approve` raises."""
    return _told(submission.approve(by=by, reason=reason))


@transaction.atomic
def send_back(submission: PathSubmission, by: User, reason: str) -> PathDecision:
    """Raises what `PathSubmission.send_back` raises."""
    return _told(submission.send_back(by=by, reason=reason))


def _told(decision: PathDecision) -> PathDecision:
    edition, is_good = decision.submission.edition, decision.verdict == PathDecision.Verdict.APPROVE
    page = edition.path.get_absolute_url() if is_good else reverse("studio:path", args=[edition.path.slug])
    words: dict[str, Any] = {
        "title": edition.title, "is_good": is_good, "reason": decision.reason, "action_url": links.absolute(page),
        "action_label": _("Open the path"),
    }  # fmt: skip
    notices.tell(f"path-decided:{decision.pk}", decision.submission.submitted_by, "moderation/path_decided", words)
    return decision
