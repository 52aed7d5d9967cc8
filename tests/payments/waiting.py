"""Payments that wait for a worker: the buyers have paid, the provider has told it, and nobody has been rung yet."""

from django.test import Client

from courses.models import Course
from payments import tasks
from payments.gateway import gateway
from payments.models import Order, ProviderEvent
from payments.sandbox import delivery
from payments.sandbox.models import SandboxEvent
from payments.taking import Payment
from tests import cast
from tests.payments import shop

PAID = "checkout.session.completed"


def buyers_pay(count: int, courses: list[Course]) -> list[Order]:
    """An order of these courses for each of so many buyers, paid at the provider and not yet with us."""
    orders = [shop.start(cast.person(f"Buyer{n}"), courses) for n in range(count)]
    for order in orders:
        shop.pay(order)
    return orders


def payments_of(orders: list[Order]) -> list[Payment]:
    """What the provider says of each order."""
    told = [gateway().retrieve_session(order.checkout_session_id or "") for order in orders]
    return [
        Payment(order.pk, session, session.charge)
        for order, session in zip(orders, told, strict=True)
        if session.charge is not None
    ]


def keep_events(type_: str = PAID) -> list[ProviderEvent]:
    """What the provider has told of this type, taken in by the webhook, in the order of its coming."""
    for event in SandboxEvent.objects.filter(type=type_).order_by("created", "pk"):
        assert shop.post_event(Client(), *delivery.signed(event)) == 200
    return list(ProviderEvent.objects.filter(type=type_).order_by("pk"))


def ring_once() -> list[ProviderEvent]:
    """One bell, for the event that waits longest; the events as they are then."""
    first = ProviderEvent.due_work().order_by("due_at").values_list("pk", flat=True)[0]
    tasks.take_provider_event(str(first))
    return list(ProviderEvent.objects.order_by("pk"))


def states(orders: list[Order]) -> list[str]:
    """Where each one stands now."""
    now = {order.pk: order.standing for order in Order.objects.filter(pk__in=[order.pk for order in orders])}
    return [now[order.pk] for order in orders]
