"""Asking for review again: each finding of the last decision gets its answer, and the moderator reads it beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User

from . import noticed
from .models import Decision, Finding, FindingAnswer, Submission, Version


def open_findings(version: Version) -> list[Finding]:
    """What the last decision on this version sent it back for; empty where it was not sent back."""
    last = Decision.objects.filter(submission__version=version).order_by("-decided_at", "-id").first()
    if last is None or last.verdict != Decision.Verdict.RETURN:
        return []
    return list(last.findings.order_by("id"))


@transaction.atomic
def submit(version: Version, by: User, *, answers: Iterable[Mapping[str, Any]] = (), **words: Any) -> Submission:
    """`version.submit` with an answer to each finding: dicts of finding (its number), is_mended and text.

    What has no answer the moderator sees without one. Raises ValidationError, and what `Version.submit` raises.
    """
    submission = version.submit(by=by, **words)
    submission.note_lures(noticed.lures_in(version))
    FindingAnswer.objects.give(submission, open_findings(version), answers)
    return submission
