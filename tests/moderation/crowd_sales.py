"""Many sales at once, with what became of them: rows written past the triggers, as the shop would have left them."""

import itertools
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment, LessonProgress
from payments.models import Dispute, Order, OrderItem, Refund, RefundLine, RefundRule, RevenueRule

_numbers = itertools.count(1)


@contextmanager
def past_the_triggers() -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def people(count: int, prefix: str = "buyer") -> list[User]:
    first = next(_numbers)
    rows = [User(email=f"{prefix}{first}-{n}@example.com", name=f"{prefix} {n}", password="!") for n in range(count)]
    return list(User.objects.bulk_create(rows))


def sell(
    course: Course, buyers: Iterable[User], at: datetime, *, price: int = 2000, refunded: int = 0, disputed: int = 0,
    cause: str = "meter", reason: str = "product_not_received", state: str = "lost",
) -> list[Order]:  # fmt: skip
    """One paid order a buyer; of the first ones `refunded` were given back, of the last ones `disputed`."""
    with past_the_triggers():
        orders = Order.objects.bulk_create(order_of(buyer, at, price) for buyer in buyers)
        items = OrderItem.objects.bulk_create(item_of(order, course, at) for order in orders)
        given = [_refund(item.order, at, cause) for item in items[:refunded]]
        Refund.objects.bulk_create(given)
        RefundLine.objects.bulk_create(
            RefundLine(refund=refund, item=item, amount_minor=item.price_minor)
            for refund, item in zip(given, items, strict=False)
        )
        contested = orders[len(orders) - disputed :] if disputed else []
        Dispute.objects.bulk_create(_dispute(order, at, reason, state) for order in contested)
    return orders


def learn(course: Course, learners: Iterable[User], at: datetime, *, left: int = 0) -> None:
    """They began; `left` of them at once, the others finished the first lesson."""
    lesson = course.live_lessons().first()
    rows = list(learners)
    with past_the_triggers():
        Enrollment.objects.bulk_create(
            Enrollment(learner=person, course=course, source="purchase", granted_at=at) for person in rows
        )
        LessonProgress.objects.bulk_create(
            LessonProgress(
                learner=person, course=course, lesson_key=lesson.key, covered_s=2 if n < left else 28,
                done_at=None if n < left else at,
            )
            for n, person in enumerate(rows)
        )  # fmt: skip


def order_of(buyer: User, at: datetime, price: int) -> Order:
    number = next(_numbers)
    return Order(
        number=f"T{number:09}", buyer=buyer, book=settings.PAYMENTS_BOOK, currency="USD", subtotal_minor=price,
        total_minor=price, refund_rule=RefundRule.objects.order_by("pk")[0], basket=f"t{number}", language="en",
        state="paid", charge_id=f"ch_t{number}" if price else None, placed_at=at, expires_at=at + timedelta(hours=1),
        paid_at=at,
    )  # fmt: skip


def item_of(order: Order, course: Course, at: datetime) -> OrderItem:
    price = order.total_minor
    return OrderItem(
        order=order, buyer=order.buyer, course=course, creator=course.creator, course_title=course.title,
        list_minor=price, net_minor=price, price_minor=price, platform_minor=0, creator_minor=price, granted_at=at,
        rule=RevenueRule.objects.order_by("pk")[0],
    )  # fmt: skip


def _refund(order: Order, at: datetime, cause: str) -> Refund:
    return Refund(
        order=order, amount_minor=order.total_minor, requested_at=at, reason="Not for me", cause=cause, state="done",
        settled_at=at, finished_at=at,
    )  # fmt: skip


def _dispute(order: Order, at: datetime, reason: str, state: str) -> Dispute:
    outcome = state if state in ("won", "lost") else ""
    return Dispute(
        order=order, book=order.book, provider_dispute_id=f"dp_{order.number}", charge_id=order.charge_id,
        currency="USD", amount_minor=order.total_minor, reason=reason, state=state, opened_at=at,
        closed_at=at if outcome else None, outcome=outcome,
    )  # fmt: skip
