"""The rules by which a sale is shared. Rows are versions: a sale keeps the rule of its day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .. import tiers as promoter_tiers
from ..tiers import NONE, Tiers

REMEMBERED_DAYS, MOST_REMEMBERED_DAYS = 30, 90


class NoRevenueRule(DomainError):
    code = "no_revenue_rule"
    message = _("No rule says how this sale is shared, so it cannot be taken.")


class RuleStartsInPast(DomainError):
    code = "rule_starts_in_past"
    message = _("A rule holds for later sales only: it starts in the future.")


class RuleStartTaken(DomainError):
    code = "rule_start_taken"
    message = _("A version of this rule starts at that time already.")


class RuleDoesNotFit(DomainError):
    code = "rule_does_not_fit"
    status = 400
    message = _("The parts of a rule are 100 % together at most, and only a promoter's link has a promoter's part.")


class TiersDoNotFit(DomainError):
    code = "rule_tiers_do_not_fit"
    status = 400
    message = _(
        "Tiers are for a promoter's link: up to 5, each with more sales and a greater part than the one before, counted"
        " over 1 to 365 days, and what the site keeps stays."
    )


class RemembersTooLong(DomainError):
    code = "rule_remembers_too_long"
    status = 400
    message = _("A link is remembered for 1 to 90 days.")


class RuleCode(models.TextChoices):
    """How the buyer came, or that it is no sale of a course; each has its own rule."""

    ORGANIC = "organic", _("Marketplace sale")
    OWN_LINK = "own_link", _("The creator's own link")
    AFFILIATE = "affiliate", _("A promoter's link")
    TIP = "tip", _("Tip")
    MEMBERSHIP = "membership", _("A creator's membership")
    PASS = "pass", _("The pass")


MARKETPLACE_RULE = RuleCode.ORGANIC
BY_LINK = (RuleCode.OWN_LINK, RuleCode.AFFILIATE)


class RevenueRuleQuerySet(models.QuerySet["RevenueRule"]):
    def in_force(self, code: str = MARKETPLACE_RULE, *, at: datetime) -> "RevenueRule":
        """The version of the rule `code` that holds at `at`. Raises NoRevenueRule."""
        rule = self.filter(code=code, starts_at__lte=at).order_by("-starts_at").first()
        if rule is None:
            raise NoRevenueRule
        return rule

    def forgetting(self, followed_at: datetime, *, at: datetime) -> frozenset[str]:
        """By which kinds of link nobody is credited at `at` any more who was followed at `followed_at`."""
        rows = self.filter(code__in=BY_LINK, starts_at__lte=at).order_by("code", "-starts_at").distinct("code")
        return frozenset(rule.code for rule in rows if at - followed_at > timedelta(days=rule.remembered_days))

    @transaction.atomic
    def introduce(
        self,
        code: str,
        *,
        starts_at: datetime,
        platform_bps: int,
        fixed_minor: int = 0,
        affiliate_bps: int = 0,
        remembered_days: int = REMEMBERED_DAYS,
        tiers: Tiers = NONE,
        by: User,
        reason: str,
    ) -> "RevenueRule":
        """A new version of the rule `code` for sales from `starts_at` on; earlier sales keep theirs.

        Raises NotAllowed, RuleDoesNotFit, TiersDoNotFit, RemembersTooLong, RuleStartsInPast, RuleStartTaken.
        """
        if not by.has_role("finance"):
            raise NotAllowed
        must_fit(code, platform_bps, affiliate_bps, tiers)
        if not 1 <= remembered_days <= MOST_REMEMBERED_DAYS:
            raise RemembersTooLong
        if starts_at <= clock.now():
            raise RuleStartsInPast
        try:
            with transaction.atomic():
                rule = self.create(
                    code=code, starts_at=starts_at, platform_bps=platform_bps, fixed_minor=fixed_minor,
                    affiliate_bps=affiliate_bps, remembered_days=remembered_days, introduced_by=by,
                    tier_steps=[list(step) for step in tiers.steps], tier_days=tiers.days, reason=reason,
                )  # fmt: skip
        except IntegrityError:
            if self.filter(code=code, starts_at=starts_at).exists():
                raise RuleStartTaken from None
            raise
        audit.record(by, "revenue_rule.introduce", rule, code=code, starts_at=starts_at, reason=reason)
        return rule


class RevenueRule(models.Model):
    """From `starts_at` on, a sale of this kind gives the platform and a promoter so many basis points.

    A link's rule also says for how many days after it was followed its owner is credited (`remembered_days`; a
    marketplace sale's means nothing). `fixed_minor` goes to the platform, in minor units of the sale's own currency;
    the creators have the rest. A promoter who brought many sales in the last `tier_days` has the part of her tier in
    place of `affiliate_bps` (`tier_steps`: sales, basis points). Rows cannot be changed: a change is a new version,
    which says who introduced it and why. The first ones came with the software and have nobody.
    """

    code = models.SlugField(max_length=24, choices=RuleCode.choices)
    starts_at = models.DateTimeField()
    platform_bps = models.PositiveIntegerField()
    fixed_minor = models.PositiveBigIntegerField(default=0)
    affiliate_bps = models.PositiveIntegerField(default=0)
    remembered_days = models.PositiveSmallIntegerField(default=REMEMBERED_DAYS, db_default=REMEMBERED_DAYS)
    tier_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    tier_steps = models.JSONField(default=list, db_default=[])
    introduced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)

    objects = RevenueRuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_at"], name="one_revenue_rule_a_start"),
            models.CheckConstraint(
                condition=Q(platform_bps__lte=10_000 - models.F("affiliate_bps"), affiliate_bps__lte=10_000),
                name="revenue_rule_bps_to_10000",
            ),
            models.CheckConstraint(condition=Q(code__in=RuleCode.values), name="revenue_rule_code_is_known"),
            models.CheckConstraint(
                condition=Q(remembered_days__gte=1, remembered_days__lte=MOST_REMEMBERED_DAYS),
                name="revenue_rule_remembers_days",
            ),
            models.CheckConstraint(
                condition=Q(code=RuleCode.AFFILIATE) | Q(affiliate_bps=0), name="revenue_rule_affiliate_by_code"
            ),
            # That tiers rise and leave the platform its part: `revenue_rule_tiers_fit`, in the migration.
            models.CheckConstraint(
                condition=Q(code=RuleCode.AFFILIATE) | Q(tier_steps=[], tier_days=0), name="revenue_rule_tiers_by_code"
            ),
            models.CheckConstraint(
                condition=Q(introduced_by=None) | ~Q(reason=""), name="revenue_rule_introduced_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.platform_bps} bps from {self.starts_at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """The rule in words, for the person whose sale it shared: "Marketplace sale, 25 %"."""
        return gettext("%(name)s, %(percent)s%%") % {
            "name": self.get_code_display(), "percent": self.platform_percent,
        }  # fmt: skip

    @property
    def is_by_link(self) -> bool:
        return self.code in BY_LINK

    @property
    def tiers(self) -> Tiers:
        return promoter_tiers.told(self.tier_steps, self.tier_days)

    def promoter_bps(self, sales: int | None) -> int:
        """The part of a promoter who brought `sales` in the rule's days; None: that was not counted."""
        return promoter_tiers.part_of(self.tiers, self.affiliate_bps, sales)

    def tier_words(self, sales: int | None) -> str:
        """The tier that `sales` reach, for a receipt: "tier of 20 sales in 90 days"; "" without one."""
        tier = promoter_tiers.reached(self.tiers, sales)
        if tier is None:
            return ""
        return gettext("tier of %(sales)d sales in %(days)d days") % {"sales": tier[0], "days": self.tier_days}

    @property
    def tiers_in_words(self) -> str:
        """All of them: "from 20 sales in 90 days: 12%; from 50: 15%"; "" without any."""
        told = [
            ngettext("from %(sales)d sale: %(percent)s%%", "from %(sales)d sales: %(percent)s%%", sales)
            % {"sales": sales, "percent": percent_text(bps)}
            for sales, bps in self.tiers.steps
        ]
        if not told:
            return ""
        days = ngettext("kept, of the last %(days)d day", "kept, of the last %(days)d days", self.tier_days)
        return f"{'; '.join(told)} ({days % {'days': self.tier_days}})"

    @property
    def platform_percent(self) -> str:
        return percent_text(self.platform_bps)

    @property
    def affiliate_percent(self) -> str:
        return percent_text(self.affiliate_bps)

    @property
    def creators_percent(self) -> str:
        """What is left for the creators, apart from a fixed amount."""
        return percent_text(10_000 - self.platform_bps - self.affiliate_bps)


def must_fit(code: str, platform_bps: int, affiliate_bps: int, tiers: Tiers = NONE) -> None:
    """Raises RuleDoesNotFit or TiersDoNotFit for what no row could hold."""
    fits = platform_bps >= 0 and affiliate_bps >= 0 and platform_bps + affiliate_bps <= 10_000
    if not fits or code not in RuleCode.values or (affiliate_bps and code != RuleCode.AFFILIATE):
        raise RuleDoesNotFit
    if not promoter_tiers.fit(tiers, platform_bps, affiliate_bps) or (tiers and code != RuleCode.AFFILIATE):
        raise TiersDoNotFit


def percent_text(bps: int) -> str:
    """Basis points as a percentage without its sign: 2500 is "25", 250 is "2.5"."""
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
