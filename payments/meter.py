"""The refund meter: what of a purchase comes back now, shown on every page by the very numbers that decide it.

Pages, the API and `take_back` read the same facts and ask the same arithmetic (`refund_rule`). The decision does so
once more while nothing can move: under the lock of what the learner has watched and under that of her order.
Source: product page X4.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners import watched
from learners.models import Enrollment
from learners.watched import Watched
from marketplace.lib import clock, window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money

from . import refund_rule, refunds
from .instalments import in_parts
from .models import Dispute, InstalmentPlan, MeterReading, OrderItem, Refund, RefundLine, RefundRule
from .refund_rule import Offer, Reason


class NothingOffered(DomainError):
    code = "nothing_offered"
    message = _("By the refund rule nothing comes back of this course now.")


class MeterMoved(DomainError):
    code = "meter_moved"
    message = _("The amount has moved since you looked. Look again before you decide.")


@dataclass(frozen=True)
class Meter:
    """One course of one person: how far she is in days and in seconds, and what that gives. `item` is None before she
    buys: then it is what she would have if she bought at `now`.
    """

    course: Course
    price: Money
    rule: RefundRule
    bought_at: datetime
    now: datetime
    watched: Watched
    offer: Offer
    item: OrderItem | None = None
    # Of a price in parts: what each paid part gives back; `price` is what was paid so far. Else empty.
    parts: tuple[tuple[OrderItem, Money], ...] = ()

    @property
    def watch_left_s(self) -> int:
        """How much more she can watch before the offer changes its kind."""
        return max(0, (self.offer.watched_most_s or 0) - self.watched.seconds)

    @property
    def kept(self) -> Money:
        """What does not come back."""
        return self.price - self.offer.amount

    @property
    def part_until(self) -> datetime:
        return self.bought_at + timedelta(days=self.rule.part_days)

    @property
    def is_over(self) -> bool:
        """Its time has passed: nothing that she does could bring anything back."""
        return self.now > self.part_until

    @property
    def is_in_proportion_next(self) -> bool:
        return refund_rule.Kind.PART in (self.offer.after_time, self.offer.after_watching)


@dataclass(frozen=True)
class _Facts:
    """What one person's offers hang on besides days."""

    watched: dict[int, Watched]
    completed: set[int]  # courses, or certified: a certificate completes
    taken_back: list[tuple[int, int]]  # (course, item) that she took back herself
    ending: set[int]  # items whose right ends or has ended
    disputed: set[int]  # orders of which a bank decides
    lengths: dict[tuple[int, datetime], int]  # (course, when it was bought): how long it was then, in seconds
    parts: dict[int, list[OrderItem]]  # of each plan, what was paid of it, the first part first


def _facts(person: Any, courses: Sequence[Course], items: Sequence[OrderItem] = ()) -> _Facts:
    """Four queries, however many courses; two more for `items`, and one where any is a part of a price."""
    parts = in_parts.paid_items({item.order.plan_id for item in items if item.order.plan_id})
    items = [*items, *(item for paid in parts.values() for item in paid)]
    is_proved = Q(completed_at__isnull=False) | Q(certificates__isnull=False)
    completed = Enrollment.objects.of(person).filter(is_proved, course__in=courses)
    lines = RefundLine.objects.filter(
        item__buyer_id=person.pk, item__course__in=courses, ends_access=True, failed_at=None
    ).values_list("item__course_id", "item_id", "refund__cause")
    ending = list(lines)
    return _Facts(
        watched=watched.of_courses(person, courses),
        completed=set(completed.values_list("course_id", flat=True)),
        taken_back=[(course, item) for course, item, cause in ending if cause == Refund.Cause.METER],
        ending={item for _course, item, _cause in ending},
        disputed=set(
            Dispute.objects.refusing_refunds()
            .filter(order__in={item.order_id for item in items})
            .values_list("order_id", flat=True)
        ),
        lengths=_lengths_at({(item.course_id, item.order.paid_at) for item in items if item.order.paid_at}),
        parts=parts,
    )


def _lengths_at(bought: Collection[tuple[int, datetime]]) -> dict[tuple[int, datetime], int]:
    """How long each course was when it was bought. Versions are published by the clock on the wall, and paid for by
    that of money.
    """
    wall = clock.on_the_wall(at for _course, at in bought)
    lengths = watched.lengths_at((course, wall[at]) for course, at in bought)
    return {(course, at): lengths[course, wall[at]] for course, at in bought}


def of(item: OrderItem, now: datetime | None = None) -> Meter:
    """Of one paid item; `now` by the clock of money."""
    return of_items([item], now)[0]


def of_items(items: Sequence[OrderItem], now: datetime | None = None) -> list[Meter]:
    """Of paid items of one buyer, in a constant number of queries if `order__refund_rule` and `course` are selected."""
    if not items:
        return []
    now = now or clock.now()
    facts = _facts(items[0].buyer, [item.course for item in items], items)
    return [_of(item, facts, now) for item in items]


def _of(item: OrderItem, facts: _Facts, now: datetime) -> Meter:
    """Of a price in parts, all that was paid of it: by the days since the first part, each part in its proportion."""
    if item.order.plan_id is None:
        return _of_one(item, facts, now, item)
    paid = facts.parts.get(item.order.plan_id) or [item]
    return in_parts.together(item, [_of_one(part, facts, now, paid[0]) for part in paid])


def _of_one(item: OrderItem, facts: _Facts, now: datetime, first: OrderItem) -> Meter:
    rule, bought_at, course = item.order.refund_rule, first.order.paid_at, item.course
    assert bought_at is not None  # paid
    assert course is not None  # a month of a membership has another meter
    seen = facts.watched[course.pk]
    # A course that was made shorter since would be seen to a greater part by nothing that she did.
    seen = Watched(seen.seconds, max(seen.length_s, facts.lengths[course.pk, bought_at]))
    barred = _barred(item, facts, facts.parts.get(item.order.plan_id or 0, ()))
    if barred:
        offer = refund_rule.nothing(item.order.currency, barred)
    else:
        offer = refund_rule.offer(
            rule, item.price, left=item.left, bought_at=bought_at, now=now, watched_s=seen.seconds,
            length_s=seen.length_s, has_certificate=item.course_id in facts.completed,
        )  # fmt: skip
    return Meter(course, item.price, rule, bought_at, now, seen, offer, item)


def _barred(item: OrderItem, facts: _Facts, parts: Sequence[OrderItem]) -> Reason | None:
    """What no day and no second can mend; `parts` are all that were paid of its price, where it is paid in parts."""
    if item.granted_at is None:
        return Reason.NOT_YOURS
    if item.refunded_at:
        return Reason.NOTHING_LEFT
    if item.pk in facts.ending:
        return Reason.UNDER_WAY
    if item.order_id in facts.disputed:
        return Reason.DISPUTED
    same = {item.pk, *(part.pk for part in parts)}
    if any(course == item.course_id and pk not in same for course, pk in facts.taken_back):
        return Reason.REFUNDED_BEFORE
    return None


def before(
    person: Any, courses: Sequence[Course], now: datetime | None = None, *, asked: Mapping[int, Money] | None = None
) -> list[Meter]:
    """What the meters would say if `person` bought `courses` now. `asked` is what she would pay for some of them, by
    their keys (what she named, a part of a bundle, less by a code): else their prices. A stranger costs the clock's
    query alone.
    """
    now = now or clock.now()
    if person.is_authenticated:
        rule, facts = RefundRule.objects.in_force(at=now), _facts(person, courses)
    else:  # the same for all strangers; the order itself asks for its rule when it is placed
        rule, facts = window.drawn("refund rule", lambda: _till_the_next(now)), None
    prices = {course.pk: course.price for course in courses if course.price} | dict(asked or {})
    return [_before(course, prices[course.pk], rule, facts, now) for course in courses if course.price]


def _till_the_next(now: datetime) -> RefundRule:
    """The rule in force. What is kept of it ends when the next one starts, and so do the pages that show it."""
    rule = RefundRule.objects.with_ends().in_force(at=now)
    if rule.ends_at:
        window.ends_by(time.time() + (rule.ends_at - now).total_seconds())
    return rule


def _before(course: Course, price: Money, rule: RefundRule, facts: _Facts | None, now: datetime) -> Meter:
    seen = facts.watched[course.pk] if facts else Watched(0, course.duration_s)
    if facts and any(pk == course.pk for pk, _item in facts.taken_back):
        offer = refund_rule.nothing(price.currency, Reason.REFUNDED_BEFORE)
    else:
        offer = refund_rule.offer(
            rule, price, bought_at=now, now=now, watched_s=seen.seconds, length_s=seen.length_s,
            has_certificate=facts is not None and course.pk in facts.completed,
        )  # fmt: skip
    return Meter(course, price, rule, now, now, seen, offer)


def of_learner(learner: Any) -> dict[int, Meter]:
    """By course: her purchases that still give the right to watch and whose time for refunds runs."""
    items = OrderItem.objects.of_buyer(learner).filter(granted_at__isnull=False, refunded_at=None, released_at=None)
    items = items.filter(order__part__lt=2)  # of a price in parts the first speaks for all of them
    meters = of_items(list(items))
    return {meter.course.pk: meter for meter in meters if not meter.is_over}


def of_plan(plan: InstalmentPlan) -> Meter | None:
    """Of all that was paid of a price in parts; None where the course went back, or the time for it is over."""
    paid = in_parts.paid_items([plan.pk]).get(plan.pk, [])
    shown = of(paid[0]) if paid and not any(item.refunded_at for item in paid) else None
    return shown if shown and not shown.is_over else None


def take_back(item: OrderItem, *, by: Any, expected: Money) -> Refund:
    """The buyer takes her money back by the rule, whole or in part, and her right to the course ends at once.

    `expected` is the amount that she saw. The money moves afterwards, by a worker: of a price in parts with a refund a
    part, of which the last is returned, and the open parts are canceled. Raises NotAllowed for anybody else,
    NothingOffered (facts: reason), MeterMoved (facts: amount).
    """
    if by.pk != item.buyer_id:
        raise NotAllowed
    with transaction.atomic():
        watched.hold(by)
        in_parts.hold_orders(item)
        held = OrderItem.objects.of_buyer(by).get(pk=item.pk)
        shown = of(held)
        if not shown.offer:
            raise NothingOffered(reason=shown.offer.reason)
        if shown.offer.amount != expected:
            raise MeterMoved(amount=shown.offer.amount.as_json())
        for part, amount in shown.parts or [(held, shown.offer.amount)]:
            asked = [(part, amount.minor)]
            refund = Refund.objects.ask(part.order, asked, by=by, reason=_why(shown), cause=Refund.Cause.METER)
            if amount:
                MeterReading.objects.note(refund, replace(shown, item=part, offer=replace(shown.offer, amount=amount)))
            refunds.end_rights(refund)
        return refund


def _why(shown: Meter) -> str:
    days = (shown.now - shown.bought_at).days
    return f"{shown.offer.kind}: {shown.watched.seconds} of {shown.watched.length_s} s watched, {days} days"
