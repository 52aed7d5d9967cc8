"""The platform's report card as it was told: rows that the database keeps from every change."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from learners.retention import FEWEST
from moderation.quarters import Quarter


class ReportCardQuerySet(models.QuerySet["ReportCard"]):
    def standing(self) -> Self:
        """Of each quarter what was reckoned last; the latest quarter first."""
        return self.order_by("-quarter_on", "-id").distinct("quarter_on")

    def told(self) -> Self:
        """What stands, and what a correction took the place of; the latest first."""
        of_record = Q(stage__in=[ReportCard.Stage.FINAL, ReportCard.Stage.CORRECTED])
        standing = ReportCard.objects.standing().values("pk")
        return self.filter(of_record | Q(pk__in=standing)).order_by("-quarter_on", "-id").prefetch_related("figures")

    def of(self, quarter: Quarter) -> Self:
        return self.filter(quarter_on=quarter.first_month)

    def of_record(self, quarter: Quarter) -> "ReportCard | None":
        """The figures of a quarter that is over, as they stand; none as long as facts of it still come in."""
        return self.of(quarter).exclude(stage=ReportCard.Stage.SO_FAR).order_by("-id").first()

    def write(
        self, quarter: Quarter, stage: str, as_of: datetime, figures: Iterable["ReportCardFigure"], reason: str = ""
    ) -> "ReportCard":
        """Called by `moderation.report_card` alone, in a transaction."""
        card = self.create(quarter_on=quarter.first_month, stage=stage, as_of=as_of, reason=reason)
        rows = list(figures)
        for row in rows:
            row.card = card
        ReportCardFigure.objects.bulk_create(rows)
        return card


class ReportCard(models.Model):
    """The figures of one quarter, from the facts up to `as_of`. Rows cannot be changed: what has to be said anew is
    another row, and says why.
    """

    class Stage(models.TextChoices):
        SO_FAR = "so_far", pgettext_lazy("figures of a quarter", "So far")
        FINAL = "final", pgettext_lazy("figures of a quarter", "Final")
        CORRECTED = "corrected", pgettext_lazy("figures of a quarter", "Corrected")

    # Its first day.
    quarter_on = models.DateField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    as_of = models.DateTimeField()
    reckoned_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)

    objects = ReportCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter_on"], condition=Q(stage="final"), name="a_quarter_is_final_once"),
            models.CheckConstraint(
                condition=Q(quarter_on__day=1, quarter_on__month__in=[1, 4, 7, 10]), name="a_quarter_has_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["so_far", "final"], reason="") | Q(stage="corrected") & ~Q(reason=""),
                name="a_corrected_card_says_why",
            ),
        ]
        indexes = [models.Index(fields=["-quarter_on", "-id"], name="report_card_newest")]

    def __str__(self) -> str:
        return f"{self.quarter} {self.stage}"

    @property
    def quarter(self) -> Quarter:
        return Quarter.on(self.quarter_on)

    @property
    def is_so_far(self) -> bool:
        return self.stage == self.Stage.SO_FAR


class ReportCardFigure(models.Model):
    """One figure of a card, of so many cases. Of too few to be told it has no value: the database refuses one."""

    card = models.ForeignKey(ReportCard, on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=32)
    currency = models.CharField(max_length=3, blank=True)
    cases = models.PositiveBigIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=3, null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["card", "name", "currency"], name="one_figure_a_card"),
            models.CheckConstraint(
                condition=Q(cases__lt=FEWEST, value=None) | Q(cases__gte=FEWEST, value__isnull=False),
                name="few_cases_have_no_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.currency}".strip()

    @classmethod
    def draft(cls, name: str, cases: int, value: Decimal | None, currency: str = "") -> Self:
        """Not kept yet; of few cases the value is left out."""
        return cls(name=name, cases=cases, value=None if cases < FEWEST else value, currency=currency)

    @property
    def is_withheld(self) -> bool:
        """There are cases, and too few of them: the figure would point at people."""
        return 0 < self.cases < FEWEST

    @property
    def says(self) -> tuple[str, str, int, Decimal | None]:
        """What it tells: two that say the same are equal."""
        return (self.name, self.currency, self.cases, self.value)
