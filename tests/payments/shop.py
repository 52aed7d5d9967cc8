"""Buying in tests: the buyer's and the provider's parts, and the workers' as they are when they are rung."""

import random
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib import work
from marketplace.lib.money import Money
from payments import after_sale, checkout, invoices, refunds, settling, sweeps
from payments.models import Inquiry, Order, ProviderEvent, Refund
from payments.sandbox import cashier, delivery
from payments.sandbox.models import SandboxEvent
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator


def two_courses() -> list[Course]:
    """One of Ada's, 19.99 USD, and one of Bea's, 30.00 USD."""
    bea = make_creator(cast.person("Bea"))
    return [
        make_course(title="Pottery from the first bowl", lessons=1),
        make_course(bea, title="Glazes", price=Money(3000, "USD"), lessons=1),
    ]


def start(buyer: User, courses: list[Course]) -> Order:
    return checkout.start(buyer=buyer, courses=courses)


def pay(order: Order, method: str = "card") -> None:
    """The buyer presses Pay on the provider's page."""
    cashier.act(order.checkout_session_id, "pay", method)


def post_event(client: Client, body: bytes, headers: dict[str, str]) -> int:
    """POST to the webhook as the provider does; the answer's status."""
    signature = headers.get("Stripe-Signature", "")
    answer = client.post(
        reverse("payments:stripe_webhook"), body, content_type="application/json", HTTP_STRIPE_SIGNATURE=signature
    )
    return answer.status_code


def deliver_all(client: Client | None = None, *, times: int = 1, seed: int | None = None) -> None:
    """Every event, `times` over and shuffled with `seed`, through the webhook's door and the worker."""
    events = list(SandboxEvent.objects.order_by("created", "pk")) * times
    if seed is not None:
        random.Random(seed).shuffle(events)
    _deliver(events, client)


def deliver_new() -> None:
    """Every event that we do not know yet, likewise."""
    known = ProviderEvent.objects.values("event_id")
    _deliver(list(SandboxEvent.objects.exclude(pk__in=known).order_by("created", "pk")))


def _deliver(events: list[SandboxEvent], client: Client | None = None) -> None:
    for event in events:
        assert post_event(client or Client(), *delivery.signed(event)) == 200
        work_off_events()


def work_off_events() -> None:
    for pk in ProviderEvent.open_work().values_list("pk", flat=True):
        settling.take_event(pk)
    after_sale.catch_up()


def send_refunds() -> None:
    for pk in Refund.open_work().values_list("pk", flat=True):
        work.run(Refund, pk, refunds.send)
    invoices.catch_up()


def sweep() -> None:
    """What beat rings every ten minutes, and what the workers do of it."""
    sweeps.lost_events()
    work_off_events()
    sweep_orders()
    sweeps.pending_refunds()
    work_off_inquiries()


def sweep_orders() -> None:
    sweeps.open_orders()
    work_off_inquiries()


def work_off_inquiries() -> None:
    for inquiry in Inquiry.open_work():
        look_again(inquiry)


def look_again(inquiry: Inquiry) -> None:
    work.run(Inquiry, inquiry.pk, sweeps.look_again)


def buy(buyer: User, courses: list[Course]) -> Order:
    """From the wish to the paid order, by the events alone."""
    order = start(buyer, courses)
    pay(order)
    deliver_new()
    order.refresh_from_db()
    return order


def state_of_everything() -> dict[str, Any]:
    """What must be the same however the events came: orders, rights, refunds, mails, and every balance."""
    from learners.models import Enrollment
    from marketplace.lib.emails import Mail
    from payments import ledger
    from payments.sandbox import oracle

    rows = ledger.trial_balance()
    return {
        "orders": sorted(Order.objects.values_list("number", "state", "charge_id", "invoice_number")),
        "rights": sorted(Enrollment.objects.active().values_list("learner__email", "course__slug")),
        "refunds": sorted(Refund.objects.values_list("order__number", "state", "amount_minor")),
        "mails": sorted(Mail.objects.exclude(key__startswith="course").values_list("key", flat=True)),
        "book": [(t.currency, row.kind, row.debit.minor, row.credit.minor) for t in rows for row in t.rows],
        "truth": (oracle.charges(), oracle.refunds(), oracle.balance()),
    }
