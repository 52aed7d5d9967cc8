"""The rules by which a sale is shared. Rows are versions: a sale keeps the rule of its day."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

MARKETPLACE_RULE = "organic"


class NoRevenueRule(DomainError):
    code = "no_revenue_rule"
    message = _("No rule says how this sale is shared, so it cannot be taken.")


class RevenueRuleQuerySet(models.QuerySet["RevenueRule"]):
    def in_force(self, code: str = MARKETPLACE_RULE, *, at: datetime) -> "RevenueRule":
        """The version of the rule `code` that holds at `at`. Raises NoRevenueRule."""
        rule = self.filter(code=code, starts_at__lte=at).order_by("-starts_at").first()
        if rule is None:
            raise NoRevenueRule
        return rule

    def introduce(self, code: str, *, starts_at: datetime, platform_bps: int, fixed_minor: int = 0) -> "RevenueRule":
        """A new version of the rule `code` for sales from `starts_at` on; earlier sales keep theirs."""
        return self.create(code=code, starts_at=starts_at, platform_bps=platform_bps, fixed_minor=fixed_minor)


class RevenueRule(models.Model):
    """From `starts_at` on, a sale of this kind gives the platform so many basis points and a fixed amount.

    `fixed_minor` is in minor units of the sale's own currency. Rows cannot be changed: a change is a new version.
    """

    code = models.SlugField(max_length=24)
    starts_at = models.DateTimeField()
    platform_bps = models.PositiveIntegerField()
    fixed_minor = models.PositiveBigIntegerField(default=0)

    objects = RevenueRuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_at"], name="one_revenue_rule_a_start"),
            models.CheckConstraint(condition=Q(platform_bps__lte=10_000), name="revenue_rule_bps_to_10000"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.platform_bps} bps from {self.starts_at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """The rule in words, for the person whose sale it shared: "Marketplace sale, 25 %"."""
        names = {MARKETPLACE_RULE: gettext("Marketplace sale")}
        whole, rest = divmod(self.platform_bps, 100)
        percent = f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
        return gettext("%(name)s, %(percent)s%%") % {"name": names.get(self.code, self.code), "percent": percent}
