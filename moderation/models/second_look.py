"""A second reading of a decided submission, by another moderator who does not know the first answer.

Drawn by chance when the decision is made, so that nobody chooses what is looked at twice. Two rows that never change:
that it was drawn, and what the second reader found.
"""

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.models import Decision
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial


class LookedAtTwice(DomainError):
    code = "looked_at_twice"
    message = _("Somebody has given the second answer already.")


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def waiting(self) -> Self:
        return self.filter(judgment=None).order_by("drawn_at", "id")

    def waiting_for(self, reader: User) -> Self:
        """What she may still answer: not her own decision, no course to which she is a party."""
        theirs = self.waiting().exclude(decision__decided_by=reader)
        return theirs.exclude(decision__submission__version__course__in=impartial.courses(reader))

    def with_all(self) -> Self:
        return self.select_related(
            "decision__decided_by", "decision__submission__version__course__creator__user",
            "decision__submission__version__category", "judgment__by",
        )  # fmt: skip


class SecondLook(models.Model):
    """`decision` was drawn. Append-only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="second_look")
    drawn_at = models.DateTimeField(default=timezone.now)

    objects = SecondLookQuerySet.as_manager()

    def __str__(self) -> str:
        return f"second look at {self.decision_id}"

    @transaction.atomic
    def answer(
        self, *, by: User, verdict: str, reason: str, findings: Iterable[dict[str, Any]], rubric_version: str
    ) -> "SecondJudgment":
        """`findings`: dicts of rule_code, rule_version, text and perhaps lesson_key and at_second.

        Raises NotAllowed (the first reader, no moderator), Partial, LookedAtTwice, or ValidationError when a return
        names nothing.
        """
        submission = self.decision.submission
        if not by.has_role("moderator"):
            raise NotAllowed
        impartial.must_be(by, impartial.of_submission(submission))
        if self.decision.decided_by_id == by.pk:
            raise NotAllowed(_("You gave the first answer; the second one is another moderator's."))
        findings = list(findings)
        if verdict == Decision.Verdict.RETURN and not findings:
            raise ValidationError({"reason": _("Name at least one rule that does not hold.")})
        # Two moderators may answer at once: the second finds the first one's row.
        SecondLook.objects.select_for_update().get(pk=self.pk)
        if SecondJudgment.objects.filter(look=self).exists():
            raise LookedAtTwice
        judgment = SecondJudgment.objects.create(
            look=self, by=by, verdict=verdict, reason=reason.strip(), rubric_version=rubric_version,
            findings=[_plain(each) for each in findings],
            rules=sorted({f"{each['rule_code']}/{each['rule_version']}" for each in findings}),
        )  # fmt: skip
        audit.record(by, "submission.second_look", submission, verdict=verdict)
        return judgment


class SecondJudgment(models.Model):
    """What the second reader would have decided. Append-only; the database refuses the first reader's."""

    look = models.OneToOneField(SecondLook, on_delete=models.PROTECT, related_name="judgment")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=16, choices=Decision.Verdict.choices)
    reason = models.TextField(max_length=4000, blank=True)
    rubric_version = models.CharField(max_length=20)
    findings = models.JSONField(default=list)
    # "code/number" of each rule with a finding.
    rules = ArrayField(models.CharField(max_length=50), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=Decision.Verdict.values), name="second_verdict_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.look}: {self.verdict}"

    @property
    def found(self) -> list[dict[str, Any]]:
        """The findings as those of a decision read."""
        return [
            {**each, "lesson_key": UUID(each["lesson_key"]) if each["lesson_key"] else None} for each in self.findings
        ]

    @property
    def agrees(self) -> bool:
        return self.verdict == self.look.decision.verdict


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "lesson_key": str(found["lesson_key"]) if found.get("lesson_key") else None}
