"""The rules of sharing as finance and creators meet them: their versions, a new one, and the mail that announces it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts import notices
from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock, links

from .models import ItemShare, RevenueRule, RuleAnnouncement, RuleCode
from .models.revenue_rule import REMEMBERED_DAYS
from .tiers import NONE, Tiers

BATCH = 200


@dataclass(frozen=True)
class Terms:
    """What somebody means to introduce: basis points, and a fixed amount in the sale's own minor units."""

    code: str
    starts_at: datetime
    platform_bps: int
    fixed_minor: int = 0
    affiliate_bps: int = 0
    remembered_days: int = REMEMBERED_DAYS
    tiers: Tiers = NONE


@dataclass(frozen=True)
class Version:
    """A version of a rule and until when it holds: None while nothing follows it."""

    rule: RevenueRule
    ends_at: datetime | None
    now: datetime

    @property
    def state(self) -> str:
        """past, present or coming."""
        if self.rule.starts_at > self.now:
            return "coming"
        return "past" if self.ends_at and self.ends_at <= self.now else "present"


def versions() -> dict[RuleCode, list[Version]]:
    """Every version of every rule, the latest first."""
    now = clock.now()
    found: dict[RuleCode, list[Version]] = {code: [] for code in RuleCode}
    for rule in RevenueRule.objects.select_related("introduced_by").order_by("code", "-starts_at"):
        of_code = found[RuleCode(rule.code)]
        of_code.append(Version(rule, of_code[-1].rule.starts_at if of_code else None, now))
    return found


def present() -> dict[RuleCode, RevenueRule]:
    """What holds now, by the way that the buyer came. Raises NoRevenueRule."""
    now = clock.now()
    return {code: RevenueRule.objects.in_force(code, at=now) for code in RuleCode}


def coming() -> QuerySet[RevenueRule]:
    """Announced, not yet in force; the nearest first."""
    return RevenueRule.objects.filter(starts_at__gt=clock.now()).order_by("starts_at")


@transaction.atomic
def introduce(terms: Terms, *, by: User, reason: str) -> RevenueRule:
    """A new version for later sales; every creator is written of it. Raises what `RevenueRule.introduce` raises."""
    rule = RevenueRule.objects.introduce(
        terms.code, starts_at=terms.starts_at, platform_bps=terms.platform_bps, fixed_minor=terms.fixed_minor,
        affiliate_bps=terms.affiliate_bps, remembered_days=terms.remembered_days, tiers=terms.tiers, by=by,
        reason=reason,
    )  # fmt: skip
    RuleAnnouncement.objects.begin(rule)
    return rule


def announce(row: RuleAnnouncement) -> None:
    """The worker's part: a mail to everybody whom the rule touches. Interrupted, it goes on where it was."""
    rule = row.rule
    before = RevenueRule.objects.filter(code=rule.code, starts_at__lt=rule.starts_at).order_by("-starts_at").first()
    while batch := list(_touched().filter(pk__gt=row.through_creator_id).order_by("pk")[:BATCH]):
        for creator in batch:
            _write_to(creator, rule, before)
        row.reach(batch[-1].pk)


def _touched() -> QuerySet[Creator]:
    """Everybody with a course, or with a part in a sale."""
    has_course = Exists(Course.objects.filter(creator=OuterRef("pk")))
    has_share = Exists(ItemShare.objects.filter(owner=OuterRef("pk")))
    return Creator.objects.filter(Q(has_course) | Q(has_share)).select_related("user")


def _write_to(creator: Creator, rule: RevenueRule, before: RevenueRule | None) -> None:
    context = {
        "rule": rule,
        "before": before,
        "action_url": links.absolute(reverse("payments:sharing")),
        "action_label": gettext_lazy("See how sales are shared"),
    }
    notices.tell(f"revenue-rule:{rule.pk}:{creator.pk}", creator.user, "payments/rule_announced", context)
