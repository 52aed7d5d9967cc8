"""A month goes back: whole, by its member herself, while its rule lets her; or the rest of what opens nothing.

The page that asks her to agree, her membership's page and the decision itself read the same numbers: of the courses
that she has watched something of since the month was paid, how much that was.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners import watched
from learners.models import Enrollment
from learners.watched import Watched
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money

from ..models import Dispute, Membership, MembershipMonth, Order, OrderItem, Refund, RefundRule
from ..models.refund import OrderDisputed

WHOLE = 10_000
# Once in so long a member takes a month of one creator, or of the pass, back: joining is no way to watch for nothing.
ONCE_IN = timedelta(days=365)


class MonthStays(DomainError):
    code = "month_stays"
    message = _("By the refund rule this month does not come back now.")


@dataclass(frozen=True)
class MonthMeter:
    """How far she is in the month that was paid last. `amount` comes back now, nothing where it is 0."""

    month: MembershipMonth
    item: OrderItem
    rule: RefundRule
    watched: Watched
    now: datetime
    is_barred: bool

    @property
    def until(self) -> datetime:
        return self.month.paid_at + timedelta(days=self.rule.whole_days)

    @property
    def most_s(self) -> int:
        """So many seconds may be watched at most."""
        return self.watched.length_s * self.rule.whole_bps // WHOLE

    @property
    def left_s(self) -> int:
        return max(0, self.most_s - self.watched.seconds)

    @property
    def amount(self) -> Money:
        fits = self.now <= self.until and self.watched.seconds <= self.most_s and not self.is_barred
        return self.item.left if fits else Money.zero(self.item.order.currency)


def of(membership: Membership) -> MonthMeter | None:
    """Of the newest paid month; None where none is paid that could go back."""
    rows = MembershipMonth.objects.filter(membership=membership).select_related("order")
    month, now = rows.order_by("-number").first(), clock.now()
    item = month.order.items.select_related("order").filter(granted_at__isnull=False).first() if month else None
    if month is None or item is None:
        return None
    courses = list(Course.objects.filter(pk__in=membership.openings.values("course")))
    seen = _watched(membership, courses, month)
    return MonthMeter(month, item, membership.refund_rule, seen, now, _is_barred(membership, courses, month, now))


def _watched(membership: Membership, courses: list[Course], month: MembershipMonth) -> Watched:
    """What she has seen since it was paid, of all courses of which she has seen anything since then, together: those
    that she only opened make nothing less.
    """
    played = watched.since(membership.member, courses, month.noted_at)
    touched = [course for course in courses if played.get(course.pk)]
    lengths = watched.of_courses(membership.member, touched) if touched else {}
    return Watched(sum(played.values()), sum(seen.length_s for seen in lengths.values()))


def _is_barred(membership: Membership, courses: list[Course], month: MembershipMonth, now: datetime) -> bool:
    """It has ended or not begun, a bank holds the money, she finished a course in it, or took a month back before."""
    if not membership.is_live or month.starts_at > now:
        return True
    if Dispute.objects.refusing_refunds().filter(order=month.order).exists():
        return True
    hers = Enrollment.objects.of(membership.member).filter(course__in=courses)
    proved = Q(completed_at__gte=month.noted_at) | Q(certificates__issued_at__gte=month.noted_at)
    if hers.filter(proved).exists():
        return True
    before = Refund.objects.exclude(state=Refund.State.FAILED).filter(
        cause=Refund.Cause.MONTH, requested_by=membership.member_id, requested_at__gt=now - ONCE_IN
    )
    creator = membership.creator_id
    same = {"order__membership__creator": creator} if creator else {"order__membership__creator__isnull": True}
    return before.filter(**same).exists()


def take_back(membership: Membership, *, by: Any, expected: Money) -> Refund:
    """Her month comes back whole, and the membership ends at once. `expected` is what she saw.

    Raises NotAllowed for anybody else, MonthStays, OrderDisputed.
    """
    if by.pk != membership.member_id:
        raise NotAllowed
    with transaction.atomic():
        watched.hold(by)
        orders = hold_lasting(membership.pk, clock.now())
        held = Membership.objects.hold_all([membership.pk])[membership.pk]
        shown = of(held)
        # A month that came a moment ago is none that she has seen.
        if shown is None or not shown.amount or shown.amount != expected or shown.month.order_id not in orders:
            raise MonthStays
        reason = f"{shown.watched.seconds} of {shown.watched.length_s} s watched in month {shown.month.number}"
        asked = [(shown.item, shown.amount.minor)]
        return Refund.objects.ask(shown.month.order, asked, by=by, reason=reason, cause=Refund.Cause.MONTH)


def lasting(membership: Membership, now: datetime) -> set[int]:
    """The keys of the orders of its paid months that are not over."""
    months = MembershipMonth.objects.filter(membership=membership, ends_at__gt=now)
    return set(months.values_list("order_id", flat=True))


def hold_lasting(membership_pk: int, now: datetime) -> dict[int, Order]:
    """Lock those, in order of their keys: whoever holds the membership too held them first."""
    rows = Order.objects.filter(paid_month__membership=membership_pk, paid_month__ends_at__gt=now)
    return {order.pk: order for order in rows.select_for_update(no_key=True, of=("self",)).order_by("pk")}


def give_rest_back(held: Membership, orders: dict[int, Order], at: datetime) -> None:
    """What of the paid months was still to come at that moment, by its days: nothing of it could be watched. Its caller
    holds them.
    """
    for month in MembershipMonth.objects.filter(membership=held, order__in=orders).order_by("number"):
        order = orders[month.order_id]
        item = order.items.select_related("order").get()
        minor = _rest(month, item, at)
        if minor <= 0:
            continue
        # Where the bank holds the money, beat asks again once its dispute has ended: `ending.what_waited`.
        with suppress(OrderDisputed), transaction.atomic():
            Refund.objects.ask(
                order, [(item, minor)], by=None, reason="Nothing of it can be watched any more",
                cause=Refund.Cause.MONTH, ends_access=False,
            )  # fmt: skip


def _rest(month: MembershipMonth, item: OrderItem, at: datetime) -> int:
    step, second = CURRENCIES[item.order.currency].charge_multiple, timedelta(seconds=1)
    lasts, left = month.ends_at - month.starts_at, month.ends_at - max(at, month.starts_at)
    minor = min(item.left.minor, item.price.minor * (left // second) // (lasts // second))
    return minor - minor % step
