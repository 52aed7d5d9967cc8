"""Figures that stand out: what a detector saw of a thing, by which version of its rule, and when. Never a decision.

A flag stands with the open case of its thing, so one person's decision answers reports and flags alike, once. The
database holds: one flag a case and detector, and nothing of it changes but `cleared_at`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from moderation.detectors import DETECTORS, Detector, told

from .case import Case
from .rule import FORGOTTEN

# So long after a person has decided the same figures are not brought before people again.
QUIET = timedelta(days=90)
LONGEST_ANSWER = 2000


class FlagAnswered(DomainError):
    code = "flag_answered"
    message = _("You have said something about this already, or a moderator has decided.")


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """Nobody has decided yet."""
        return self.filter(case__closed_at=None)

    def standing(self) -> Self:
        """Open, and the figures still stand out."""
        return self.open().filter(cleared_at=None)

    def answered_for(self, code: str, now: datetime) -> set[tuple[str, str]]:
        """(kind, key) of what needs no new flag: one waits for a person, or a person has decided not long ago."""
        known = self.filter(Q(case__closed_at=None) | Q(case__closed_at__gt=now - QUIET), code=code)
        return set(known.values_list("case__kind", "case__key"))

    def told_to(self, owner: Any) -> Self:
        """What its owner may see before anybody has decided: figures of her courses, never a suspicion."""
        return self.filter(case__owner_id=owner.pk, code__in=told())

    def naming(self, account: int) -> Self:
        """About this account, or about others with which it is tied."""
        return self.filter(Q(case__kind="account", case__key=str(account)) | Q(figures__named__contains=[account]))

    def with_all(self) -> Self:
        return self.select_related("case__owner", "case__course", "case__creator", "case__measure", "answer")

    def by_priority(self) -> Self:
        return self.order_by("-case__priority", "raised_at", "id")

    @transaction.atomic
    def clear(self, code: str, still: Iterable[tuple[str, str]], now: datetime) -> int:
        """Note of every open flag of this detector whether its figures still stand out; how many changed."""
        named = set(still)
        rows = list(self.open().filter(code=code).select_related("case").select_for_update(of=("self",)))
        gone = [row.pk for row in rows if row.cleared_at is None and row.target_name not in named]
        back = [row.pk for row in rows if row.cleared_at is not None and row.target_name in named]
        return self.filter(pk__in=gone).update(cleared_at=now) + self.filter(pk__in=back).update(cleared_at=None)


class Flag(models.Model):
    """One detector's finding about one thing, with the figures of that moment."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flags")
    code = models.CharField(max_length=16)
    rule_version = models.PositiveSmallIntegerField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    raised_at = models.DateTimeField(default=timezone.now)
    # Since when the figures do not stand out any more; the case waits for its person all the same.
    cleared_at = models.DateTimeField(null=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="one_flag_a_case_and_detector")]
        indexes = [models.Index(fields=["code", "-id"], name="flag_of_detector")]

    def __str__(self) -> str:
        return f"{self.code}: {self.case}"

    @property
    def detector(self) -> Detector:
        return DETECTORS[self.code]

    @property
    def target_name(self) -> tuple[str, str]:
        return self.case.kind, self.case.key

    @property
    def said(self) -> "FlagAnswer | None":
        """What its owner wrote, if she did."""
        return getattr(self, "answer", None)

    @transaction.atomic
    def answer_by(self, owner: User, text: str) -> "FlagAnswer":
        """Its owner's own words, once, before a person decides. Raises NotAllowed, FlagAnswered, ValidationError."""
        if not self.detector.is_told or self.case.owner_id != owner.pk:
            raise NotAllowed
        words = text.replace("\x00", "").strip()
        if not words or len(words) > LONGEST_ANSWER:
            raise ValidationError({"text": _("Say it in 2,000 characters at most.")})
        # A decision in the making is waited for, and seen.
        held = Case.objects.select_for_update(no_key=True).get(pk=self.case_id)
        if not held.is_open or FlagAnswer.objects.filter(flag=self).exists():
            raise FlagAnswered
        return FlagAnswer.objects.create(flag=self, by=owner, text=words)


class FlagAnswer(models.Model):
    """What the owner says to a flag. Append-only; the words go with her account."""

    flag = models.OneToOneField(Flag, on_delete=models.PROTECT, related_name="answer")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST_ANSWER)
    said_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"answer: {self.flag}"

    @classmethod
    def forget(cls, person: User) -> None:
        """Her words go with her account; the database allows that, once."""
        cls.objects.filter(by=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)
