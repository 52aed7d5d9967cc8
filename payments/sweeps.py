"""Finds what a lost message left behind, by asking: events, open orders and disputes, pending refunds, fees.

A sweep only finds. Each thing found is a row that a worker asks about by itself (`Inquiry`), so one that fails is
recorded there, tried again, and stops none of the others.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError

from . import checkout, disputes, refunds, webhooks
from .gateway import gateway
from .models import Dispute, Inquiry, Order, ProviderCursor, ProviderEvent, ReconBreak, Refund
from .reconciliation import importing, running

log = logging.getLogger(__name__)

# The provider's lists are asked again for what they may have been slow to show.
OVERLAP = timedelta(hours=1)
EVENTS_AT_FIRST = timedelta(days=3)
DISPUTES_AT_FIRST = timedelta(days=90)


def look_again(inquiry: Inquiry) -> None:
    """The worker's part: one question about one thing. What is unknown rises and is asked later."""
    match inquiry.subject:
        case Inquiry.Subject.ORDER:
            checkout.look_again(Order.objects.get(pk=inquiry.key))
        case Inquiry.Subject.REFUND:
            refunds.look_again(Refund.objects.get(pk=inquiry.key))
        case Inquiry.Subject.CHARGE:
            checkout.take_charge(inquiry.key)
        case Inquiry.Subject.DISPUTE:
            disputes.take(inquiry.key)
        case Inquiry.Subject.BOOKS:
            running.run(beat=inquiry.heartbeat)


def open_orders(older_than: timedelta = timedelta(minutes=10)) -> int:
    """Orders that no event has closed yet. Returns how many are asked about."""
    late = Order.objects.open_longer_than(older_than).values_list("pk", flat=True)
    return Inquiry.objects.raise_for(Inquiry.Subject.ORDER, [str(pk) for pk in late])


def pending_refunds(older_than: timedelta = timedelta(minutes=10)) -> int:
    """Refunds that the provider has, and had not brought to an end when it last spoke of them."""
    left = Refund.objects.left_pending(older_than).values_list("pk", flat=True)
    return Inquiry.objects.raise_for(Inquiry.Subject.REFUND, [str(pk) for pk in left])


def open_disputes(older_than: timedelta = timedelta(minutes=10)) -> int:
    """Disputes that are not settled and of which nothing was heard for a while. Returns how many are asked about."""
    silent = Dispute.objects.filter(book=settings.PAYMENTS_BOOK).silent_since(clock.now() - older_than)
    return Inquiry.objects.raise_for(
        Inquiry.Subject.DISPUTE, list(silent.values_list("provider_dispute_id", flat=True))
    )


def unheard_disputes() -> int:
    """Disputes that the provider lists since the last sweep and that no event has brought. Returns how many.

    Raises GatewayUnknown, GatewayRefused; then the next sweep asks for the same again.
    """
    book = settings.PAYMENTS_BOOK
    since = ProviderCursor.objects.since("disputes", book, overlap=OVERLAP, first=DISPUTES_AT_FIRST)
    listed = gateway().list_disputes(created_since=since)
    keys = {said.id for said in listed}
    heard = set(Dispute.objects.filter(provider_dispute_id__in=keys).values_list("provider_dispute_id", flat=True))
    # What fits no order has its break: asked about again it would be told again.
    told = ReconBreak.objects.filter(kind=ReconBreak.Kind.EVENT, key__in=keys).values_list("key", flat=True)
    raised = Inquiry.objects.raise_for(Inquiry.Subject.DISPUTE, sorted(keys - heard - set(told)))
    if listed:
        ProviderCursor.objects.advance("disputes", book, max(said.opened_at for said in listed))
    return raised


def late_fees(older_than: timedelta = timedelta(minutes=30)) -> int:
    """Charges that the provider lists with a fee which no event has brought. Returns how many are asked about."""
    importing.take_in()
    return Inquiry.objects.raise_for(Inquiry.Subject.CHARGE, running.without_fee(older_than))


class ComparisonUnderWay(DomainError):
    code = "comparison_under_way"
    message = _("The books are being compared already. Nothing new was begun.")


@transaction.atomic
def compare_books(*, by: User | None = None) -> None:
    """Have our books compared with the provider's, by a worker, however the comparisons before ended.

    `by`: who asked for it; nobody, where the clock did. Raises ComparisonUnderWay, to a person.
    """
    is_begun = Inquiry.objects.raise_anew(Inquiry.Subject.BOOKS, settings.PAYMENTS_BOOK)
    if by is not None:
        if not is_begun:
            raise ComparisonUnderWay
        audit.record(by, "books.compare", "book", book=settings.PAYMENTS_BOOK)


def lost_events() -> int:
    """Every event that the provider lists since the last sweep and that never reached us. Returns how many."""
    book = settings.PAYMENTS_BOOK
    since = ProviderCursor.objects.since("events", book, overlap=OVERLAP, first=EVENTS_AT_FIRST)
    listed = gateway().list_events(created_since=since)
    known = set(ProviderEvent.objects.known(book, [body["id"] for body in listed]))
    lost = [body for body in listed if body["id"] not in known]
    for body in reversed(lost):
        webhooks.keep(body)
    if lost:
        log.warning("events_were_lost", extra={"count": len(lost), "first": lost[-1]["id"]})
    if listed:
        ProviderCursor.objects.advance("events", book, datetime.fromtimestamp(listed[0]["created"], UTC))
    return len(lost)
