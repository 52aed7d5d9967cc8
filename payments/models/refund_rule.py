"""The rules by which learners take money back themselves. Rows are versions: an order keeps the rule of its day."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock, window
from marketplace.lib.errors import DomainError, NotAllowed

from .revenue_rule import RuleStartsInPast, RuleStartTaken


class NoRefundRule(DomainError):
    code = "no_refund_rule"
    message = _("No rule says how money comes back, so nothing can be sold.")


class WindowBeyondHold(DomainError):
    code = "window_beyond_hold"
    message = _("Money is paid out before that many days have passed. Lengthen the hold first.")


class RefundRuleQuerySet(models.QuerySet["RefundRule"]):
    def with_ends(self) -> "RefundRuleQuerySet":
        """Each with the moment at which it `ends_at`, if another one is announced."""
        later = self.model.objects.filter(starts_at__gt=OuterRef("starts_at")).order_by("starts_at")
        return self.annotate(ends_at=Subquery(later.values("starts_at")[:1]))

    def in_force(self, *, at: datetime) -> "RefundRule":
        """The version for what is bought at `at`. Raises NoRefundRule."""
        rule = self.filter(starts_at__lte=at).order_by("-starts_at").first()
        if rule is None:
            raise NoRefundRule
        return rule

    def versions(self, *, at: datetime) -> "list[RefundRule]":
        """All of them, the latest first, each with the moment at which it `ends_at`, if another one follows, and its
        `standing` at `at`: coming, present or past.
        """
        rows: list[RefundRule] = list(self.order_by("-starts_at"))
        ends_at: datetime | None = None
        for rule in rows:
            rule.ends_at, ends_at = ends_at, rule.starts_at
            is_over = rule.ends_at is not None and rule.ends_at <= at
            rule.standing = "coming" if rule.starts_at > at else "past" if is_over else "present"
        return rows

    @transaction.atomic
    def introduce(
        self,
        *,
        starts_at: datetime,
        whole_days: int,
        whole_bps: int,
        part_days: int,
        part_bps: int,
        by: User,
        reason: str,
    ) -> "RefundRule":
        """A new version for orders from `starts_at` on; earlier ones keep theirs.

        Raises NotAllowed, RuleStartsInPast, RuleStartTaken, WindowBeyondHold.
        """
        if not by.has_role("finance"):
            raise NotAllowed
        if starts_at <= clock.now():
            raise RuleStartsInPast
        if part_days >= settings.KEZHAN_HOLD_DAYS:
            raise WindowBeyondHold(hold_days=settings.KEZHAN_HOLD_DAYS)
        try:
            with transaction.atomic():
                rule = self.create(
                    starts_at=starts_at, whole_days=whole_days, whole_bps=whole_bps, part_days=part_days,
                    part_bps=part_bps, introduced_by=by, reason=reason,
                )  # fmt: skip
        except IntegrityError:
            if self.filter(starts_at=starts_at).exists():
                raise RuleStartTaken from None
            raise
        audit.record(by, "refund_rule.introduce", rule, starts_at=starts_at, reason=reason)
        window.change()
        return rule


class RefundRule(models.Model):
    """From `starts_at` on, what is bought comes back whole within `whole_days` and up to `whole_bps` of the course
    watched, and in proportion to what was not watched within `part_days` and up to `part_bps`.

    Rows cannot be changed: a change is a new version, with who introduced it and why. The first came with the software
    and has nobody.
    """

    starts_at = models.DateTimeField(unique=True)
    whole_days = models.PositiveSmallIntegerField(default=14)
    whole_bps = models.PositiveSmallIntegerField(default=3000)
    part_days = models.PositiveSmallIntegerField(default=30)
    part_bps = models.PositiveSmallIntegerField(default=6000)
    introduced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)

    ends_at: datetime | None  # of `versions()` and `with_ends()`
    standing: str  # of `versions()`

    objects = RefundRuleQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part_days__gte=F("whole_days"), part_bps__gte=F("whole_bps"), part_bps__lte=10_000),
                name="refund_rule_part_holds_the_whole",
            ),
            models.CheckConstraint(
                condition=Q(introduced_by=None) | ~Q(reason=""), name="refund_rule_introduced_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whole_days} d {self.whole_bps} bps, {self.part_days} d {self.part_bps} bps"

    @property
    def whole_percent(self) -> int:
        return self.whole_bps // 100

    @property
    def part_percent(self) -> int:
        return self.part_bps // 100
