"""What a creator earned in a year, as finance gives it out: each version a row, frozen, never changed."""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Creator
from marketplace.lib.money import currency_choices
from marketplace.lib.work import Work

from .ledger_kinds import Book
from .month_close import written
from .tax_identity import TaxIdentity


class YearRoundQuerySet(models.QuerySet["YearRound"]):
    def begin(self, act: str, *, book: str, year: int, by: User, reason: str) -> "YearRound":
        row = self.create(act=act, book=book, year=year, asked_by=by, asked_at=timezone.now(), reason=reason)
        row.ring()
        return row


class YearRound(Work):
    """Somebody of finance had a year's reports made for everybody, or everybody reminded who gave no tax number.

    `through_creator_id`: those up to here are done. `made_count`: so many reports, or reminders, were new.
    """

    class Act(models.TextChoices):
        ISSUE = "issue", _("Reports made")
        REMIND = "remind", _("Reminders sent")

    TASK = "payments.tasks.carry_out_year"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    act = models.CharField(max_length=8, choices=Act.choices)
    book = models.CharField(max_length=8, choices=Book.choices)
    year = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    through_creator_id = models.BigIntegerField(default=0)
    made_count = models.PositiveIntegerField(default=0)

    objects = YearRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "year", "act"], condition=Q(finished_at=None), name="one_round_of_a_year_at_once"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="year_round_due")]

    def __str__(self) -> str:
        return f"{self.act} {self.year}"

    def reach(self, creator_id: int, made: int) -> None:
        """Everybody up to this creator is done; called inside `fenced`."""
        self.through_creator_id, self.made_count = creator_id, self.made_count + made
        self.save(update_fields=["through_creator_id", "made_count"])


class YearReportQuerySet(models.QuerySet["YearReport"]):
    def newest(self, book: str, year: int) -> "YearReportQuerySet":
        """Each creator's last version by currency."""
        last = self.filter(
            book=OuterRef("book"), year=OuterRef("year"), creator=OuterRef("creator"), currency=OuterRef("currency")
        )
        return self.filter(book=book, year=year, pk=Subquery(last.order_by("-version").values("pk")[:1]))

    def of(self, creator: Creator, book: str) -> "YearReportQuerySet":
        """The newest year first, within it by currency, the last version first."""
        return self.filter(creator=creator, book=book).order_by("-year", "currency", "-version")

    def add(self, reports: "Iterable[tuple[dict[str, Any], TaxIdentity | None]]", *, by: User) -> None:
        """A row for each (facts, identity); `facts` name book, year, creator, currency, version and reason."""
        at = timezone.now()
        self.bulk_create(_row(facts, identity, by, at) for facts, identity in reports)


def _row(facts: dict[str, Any], identity: TaxIdentity | None, by: User, at: Any) -> "YearReport":
    content = written(facts)
    named = {name: facts[name] for name in ("book", "year", "currency", "version", "reason")}
    return YearReport(
        **named, creator_id=facts["creator"], identity=identity, content=content, hash=hash_of(content), issued_by=by,
        issued_at=at,
    )  # fmt: skip


def hash_of(content: str) -> str:
    return hashlib.sha256(b"year\n" + content.encode()).hexdigest()


class YearReport(models.Model):
    """One version of a creator's year in one currency. Append-only; a correction is another version with its reason.

    `content` has figures alone, by quarter, as canonical JSON under `hash`; who she is stands in `identity`, which is
    sealed and forgotten after its time. Without an identity she had given none.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    year = models.PositiveSmallIntegerField()
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="year_reports")
    currency = models.CharField(max_length=3, choices=currency_choices())
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    identity = models.ForeignKey(TaxIdentity, null=True, on_delete=models.PROTECT, related_name="reports")
    content = models.TextField()
    hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    objects = YearReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "book", "year", "currency", "version"], name="one_version_of_a_year"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | (Q(version__gt=1) & ~Q(reason="")), name="a_correction_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["book", "year"], name="year_report_year")]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.year} {self.currency} v{self.version}"

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.content)
