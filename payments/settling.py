"""Payments that wait are settled together: a worker that is rung for one takes others that wait along.

Each is believed only from the provider, who is asked before the transaction begins. What goes the plain way, a page
that is paid and an order that knows it, is brought in by one `taking.take_all`; all else goes one by one, as it would
without company, and so do all once something unexpected rises. An event that was tried before goes alone.
"""

from collections.abc import Mapping

from django.conf import settings

from marketplace.lib import failpoints, work

from . import lookups, provider_events, taking
from .gateway import GatewayUnknown, gateway
from .lookups import Answer
from .models import Order, ProviderEvent
from .taking import Payment

TOGETHER = 32
PAYMENTS = [
    form + name
    for form in ("", "v1.")  # a thin event says "v1." before its type
    for name in ("checkout.session.completed", "checkout.session.async_payment_succeeded")
]


def take_event(pk: str) -> None:
    """The worker's part when it is rung for an event. Harmless for one that is long done or in another's hands."""
    event = ProviderEvent.claim(pk)
    if event is None:
        return
    company = []
    if event.type in PAYMENTS and event.attempts == 1:
        company = ProviderEvent.claim_untried(TOGETHER - 1, type__in=PAYMENTS)
    work.carry_out_together([event, *company], settle_all, provider_events.take)


def settle_all(events: list[ProviderEvent]) -> list[ProviderEvent]:
    """Bring in what can be brought in together. Returns the events that must be taken one by one."""
    failpoints.reach("settling.claimed")
    told = lookups.sessions(
        gateway().retrieve_session,
        sorted({event.object_id for event in events}),
        side_by_side=settings.PAYMENTS_TRANSPORT == "live",
    )
    payments = _plain(told)
    taken = dict(zip(payments, taking.take_all(list(payments.values())), strict=True))
    failpoints.reach("settling.before_noted")
    ProviderEvent.objects.note_all(
        [(event, taken[event.object_id].standing) for event in events if event.object_id in taken]
    )
    return [event for event in events if event.object_id not in taken and not _asked_later(event, told)]


def _plain(told: Mapping[str, Answer]) -> dict[str, Payment]:
    """Of these pages those that are paid, and whose order knows them."""
    orders = Order.objects.of_sessions(told)
    return {
        session_id: Payment(orders[session_id], session, session.charge)
        for session_id, session in told.items()
        if not isinstance(session, GatewayUnknown)
        and session.is_paid
        and session.charge is not None
        and session_id in orders
    }


def _asked_later(event: ProviderEvent, told: Mapping[str, Answer]) -> bool:
    """Give an event back of whose page the provider did not answer."""
    silence = told.get(event.object_id)
    if not isinstance(silence, GatewayUnknown):
        return False
    event.retry_later(silence)
    return True
