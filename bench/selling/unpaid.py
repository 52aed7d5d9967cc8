"""Courses, and orders of them that wait for their payment to be taken, with what the provider says of it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Order = tuple[int, Any, Any]  # its key, and the session and the charge of its payment


def make_course(owner: Any, number: int) -> Any:
    from courses.models import Course

    course = Course.objects.start(creator=owner, title=f"Course {number}")
    Course.objects.filter(pk=course.pk).update(price_minor=2000, currency="USD")
    course.refresh_from_db()
    return course


def creators(count: int, first: int) -> Iterator[Any]:
    from accounts.models import User
    from creators.models import Creator

    users = User.objects.bulk_create(User(email=f"creator{first + n}@example.invalid") for n in range(count))
    for user in users:
        yield Creator.objects.create(user=user, name=user.email[:20], slug=f"creator-{user.pk}")


def orders(courses: list[Any], count: int) -> list[Order]:
    """Open orders of buyers who never bought before, each with what the provider says of its payment."""
    from accounts.models import User
    from marketplace.lib import clock
    from payments import pricing
    from payments.models import Order

    stem = f"{time.time_ns()}"
    buyers = User.objects.bulk_create(User(email=f"{stem}-{n}@example.invalid") for n in range(count))
    now = clock.now()
    quotes = {course.pk: pricing.price_up(None, [course], at=now) for course in courses}
    made = []
    for n, buyer in enumerate(buyers):
        quote = quotes[courses[n % len(courses)].pk]
        order = Order.objects.place(buyer=buyer, quote=quote, language="en")
        made.append((order.pk, *paid(order)))
    return made


def paid(order: Any) -> tuple[Any, Any]:
    """The session and the charge of an order as the gateway reads them."""
    from marketplace.lib.money import Money
    from payments.provider_shapes import BalanceTransaction, Charge, Session

    now, total, fee = datetime.now(UTC), order.total, Money(88, order.currency)
    moved = BalanceTransaction(
        f"txn_{order.pk}", "charge", f"ch_{order.pk}", total, fee, total - fee, created_at=now, available_on=now
    )
    charge = Charge(
        id=f"ch_{order.pk}", reference=order.reference, amount=total, amount_refunded=Money.zero(order.currency),
        is_paid=True, balance_transaction=moved,
    )  # fmt: skip
    session = Session(
        id=f"cs_{order.pk}", url="", status="complete", is_paid=True, has_failed=False, amount=total, subtotal=total,
        tax=None, reference=order.reference, expires_at=now, charge=charge,
    )  # fmt: skip
    return session, charge


def tell(work: list[Order]) -> None:
    """The events of these payments, as the webhook keeps them, and the orders' pages."""
    from payments.models import Order as Row
    from payments.models import ProviderEvent

    named = [Row(pk=order_pk, checkout_session_id=f"cs_{order_pk}") for order_pk, _session, _charge in work]
    Row.objects.bulk_update(named, ["checkout_session_id"])
    ProviderEvent.objects.bulk_create(
        ProviderEvent(
            book="sandbox", event_id=f"evt_{order_pk}", type="checkout.session.completed", object_id=f"cs_{order_pk}",
            body={"id": f"evt_{order_pk}"},
        )
        for order_pk, _session, _charge in work
    )  # fmt: skip
