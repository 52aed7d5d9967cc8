"""Rates of tax by the buyer's country. Rows are versions: a sale keeps the rate of its day."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .revenue_rule import percent_text

MOST_BPS = 5_000


class RateStartsInPast(DomainError):
    code = "tax_rate_starts_in_past"
    message = _("A rate holds for later sales only: leave its start empty for now, or name a time to come.")


class RateStartTaken(DomainError):
    code = "tax_rate_start_taken"
    message = _("A rate of this country starts at that time already.")


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    def in_force(self, country: str, *, at: datetime) -> "TaxRate | None":
        """The rate of a country (ISO 3166, upper case) at `at`; None where nothing is taxed."""
        return self.filter(country=country, starts_at__lte=at).order_by("-starts_at").first()

    @transaction.atomic
    def introduce(
        self, country: str, *, name: str, bps: int, by: User, reason: str, starts_at: datetime | None = None
    ) -> "TaxRate":
        """A new rate for sales to `country` from `starts_at` on (now, if it is not named); 0 basis points end a tax.

        Raises NotAllowed, RateStartsInPast, RateStartTaken.
        """
        if not by.has_role("finance"):
            raise NotAllowed
        now = clock.now()
        starts_at = starts_at or now
        if starts_at < now:
            raise RateStartsInPast
        try:
            with transaction.atomic():
                rate = self.create(
                    country=country, name=name, bps=bps, starts_at=starts_at, introduced_by=by, introduced_at=now,
                    reason=reason,
                )  # fmt: skip
        except IntegrityError:
            if self.filter(country=country, starts_at=starts_at).exists():
                raise RateStartTaken from None
            raise
        audit.record(by, "tax_rate.introduce", rate, country=country, bps=bps, starts_at=starts_at.isoformat())
        return rate


class TaxRate(models.Model):
    """From `starts_at` on, a sale to somebody in `country` is taxed with so many basis points of its net.

    Rows cannot be changed: a change is a new version, which says who introduced it and why.
    """

    country = models.CharField(max_length=2)
    name = models.CharField(max_length=40)  # as it stands on invoices: "VAT", "GST"
    bps = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    introduced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        ordering = ["country", "-starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["country", "starts_at"], name="one_tax_rate_a_start"),
            models.CheckConstraint(condition=Q(bps__lte=MOST_BPS), name="tax_rate_at_most_half"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="tax_rate_of_a_country"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.name} {self.percent}%"

    @property
    def percent(self) -> str:
        """ "19", "8.1": without its sign."""
        return percent_text(self.bps)
