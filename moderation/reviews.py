"""Deciding on a submission: the decision is the courses' verb; around it stand the claim and the creator's mail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.models import Decision, Submission

from . import messages, rubric, second_looks
from .models import Claim


@transaction.atomic
def approve(submission: Submission, by: User, reason: str = "") -> Decision:
    """Publish the submitted version and tell the creator. Deciding claims.

    Raises ClaimedByAnother, NotWaiting, NotAllowed, and what `Submission.approve` raises (NotReady).
    """
    claim = Claim.objects.take(submission, by)
    decision = submission.approve(by=by, reason=reason, rubric_version=rubric.current().version)
    claim.release(by=by)
    second_looks.draw(decision)
    messages.mail_outcome(decision)
    return decision


@transaction.atomic
def send_back(submission: Submission, by: User, reason: str, findings: Iterable[dict[str, Any]]) -> Decision:
    """Return the version with findings (dicts of rule_code, text, lesson_key or None, at_second or None) and tell her.

    Raises UnknownRule for a rule that the present rubric lacks, ValidationError when nothing is said,
    ClaimedByAnother, NotWaiting, NotAllowed.
    """
    asked = rubric.current()
    findings = [{**found, "rule_version": asked.rule(found["rule_code"]).number} for found in findings]
    claim = Claim.objects.take(submission, by)
    decision = submission.send_back(by=by, reason=reason, findings=findings, rubric_version=asked.version)
    claim.release(by=by)
    second_looks.draw(decision)
    messages.mail_outcome(decision)
    return decision
