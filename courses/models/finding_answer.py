"""What a creator says to each finding when she asks again: mended, or why not."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .review import Finding, Submission

ANSWER_LENGTH = 2000


class FindingAnswerQuerySet(models.QuerySet["FindingAnswer"]):
    def give(self, submission: Submission, findings: Iterable[Finding], told: Iterable[Mapping[str, Any]]) -> None:
        """`told`: dicts of finding (its number), is_mended and text, about `findings` and no others.

        Raises ValidationError.
        """
        open_ones = {finding.pk: finding for finding in findings}
        rows = []
        for one in told:
            finding = open_ones.pop(one["finding"], None)
            text = one.get("text", "").replace("\x00", "").strip()[:ANSWER_LENGTH]
            if finding is None:
                raise ValidationError({"answers": _("This finding is not one that waits for your answer.")})
            if not one["is_mended"] and not text:
                raise ValidationError({"answers": _("Say why you left it as it is.")})
            rows.append(FindingAnswer(finding=finding, submission=submission, is_mended=one["is_mended"], text=text))
        FindingAnswer.objects.bulk_create(rows)


class FindingAnswer(models.Model):
    """The answer to one finding in one submission. Rows cannot be changed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="answers")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="answers")
    is_mended = models.BooleanField()
    text = models.TextField(max_length=ANSWER_LENGTH, blank=True)

    objects = FindingAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["finding_id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "finding"], name="one_answer_a_finding_and_submission"),
            models.CheckConstraint(condition=Q(is_mended=True) | ~Q(text=""), name="what_is_left_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {'mended' if self.is_mended else 'left'}"
