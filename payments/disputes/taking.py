"""What a dispute's event leads to: the provider is asked how the dispute stands, and our books follow.

Events come in any order, again, or not at all, before or after those of refunds. So nothing is believed but the latest
answer; money is booked by the movements that the provider lists; and a loss waits for refunds that are under way, so
that no share is given up twice.

A dispute whose money does not fit the order is a case all the same: there is a deadline to be met, and nothing of the
order is released. Its money is a break; when finance has settled that, and the bank has decided, it is over.
"""

import logging

from django.db import transaction

from learners.models import Enrollment

from .. import checkout, refunds
from ..gateway import gateway
from ..give_back import spread
from ..models import Dispute, Order, OrderItem, ReconBreak, Refund
from ..models.reconciliation import ReconBreakQuerySet
from ..provider_shapes import BalanceTransaction, ProviderDispute
from ..reconciliation import alerts
from . import bookings, mails

log = logging.getLogger(__name__)


def take(dispute_id: str) -> Dispute | None:
    """Bring our books to where the provider says that this dispute is. Raises UnknownOrder, GatewayUnknown."""
    return follow(gateway().retrieve_dispute(dispute_id))


def follow(said: ProviderDispute) -> Dispute | None:
    """The same, of what was just read. Said again, nothing happens. None: it is in no state that we know, and finance
    was told.
    """
    order = _order_of(said.charge_id)
    if said.status not in Dispute.State.values:
        _flag(order, said, f"has a state that nobody knows: {said.status}")
        return None
    if said.status == Dispute.State.LOST and order.refunds.under_way().exists():
        refunds.take_charge_refunds(said.charge_id)  # perhaps the provider has done them
    with transaction.atomic():
        held = Order.objects.hold_with_parts(order.pk)
        assert held is not None
        why = _misfit(said, held)
        dispute, is_news = Dispute.objects.note(held, said, () if why else said.moves)
        if why:
            _wait_for_finance(dispute, said, why, is_news=is_news)
        else:
            bookings.book_moves(dispute, said.moves)
            _settle(dispute, said)
        if is_news:
            mails.tell(dispute)
    return dispute


def _order_of(charge_id: str) -> Order:
    found = Order.objects.filter(charge_id=charge_id).first()
    # The dispute may come before the payment's own event has been worked on.
    return found or checkout.take_charge(charge_id)


def _misfit(said: ProviderDispute, order: Order) -> str:
    """Why its money cannot be booked, in words; empty when it fits. An amount above the order's total fits: a bank may
    take more than it was paid, and what is above what the order has left is the platform's loss.
    """
    if said.amount.currency != order.currency:
        return f"asks for {said.amount}, the order was {order.total}"
    unread = next((move.net for move in said.moves if move.is_unread), None)
    if unread is not None:
        return f"was moved in a currency that is not known here: {unread}"
    if len({move.amount.currency for move in said.moves}) > 1:
        return f"was moved in several currencies: {', '.join(str(move.amount) for move in said.moves)}"
    standing = order.disputes.filter(provider_dispute_id=said.id).first()
    kept = -sum(move.amount.minor for move in said.moves)
    # At another rate more may come back than went; nothing may, of what was given up.
    is_exchanged = any(move.amount.currency != said.amount.currency for move in said.moves)
    if standing is not None and kept < standing.lost_minor and (standing.lost_minor or not is_exchanged):
        return "gives money back that was given up as lost"
    return ""


def _flag(order: Order, said: ProviderDispute, why: str) -> None:
    with transaction.atomic():
        held = Order.objects.hold_with_parts(order.pk)
        assert held is not None
        alerts.does_not_fit(held, said.id, f"dispute {said.id} {why}", said.amount)


def _wait_for_finance(dispute: Dispute, said: ProviderDispute, why: str, *, is_news: bool) -> None:
    """Finance is told with each new state, and books by hand; a closed one is over when its last break is settled."""
    told = _told(dispute)
    if is_news or not told.exists():
        _flag(dispute.order, said, why)
    elif not told.open().exists():
        dispute.settle()


def misfit(dispute: Dispute) -> ReconBreak | None:
    """What does not fit of its money, while finance has not settled it."""
    return _told(dispute).open().first()


def _told(dispute: Dispute) -> ReconBreakQuerySet:
    return ReconBreak.objects.filter(book=dispute.book, kind=ReconBreak.Kind.EVENT, key=dispute.provider_dispute_id)


def _settle(dispute: Dispute, said: ProviderDispute) -> None:
    """The last word of the books, once the bank's is there. The caller holds the order."""
    if dispute.outcome == Dispute.Outcome.LOST and dispute.held:
        if dispute.order.refunds.under_way().exists():
            return  # asked about again by the sweeper, until the refund has happened or failed
        _lose(dispute, said)
    elif dispute.is_exchanged and dispute.outcome and dispute.returned_minor and dispute.held:
        bookings.book_exchange(dispute, dispute.take_rate(), _newest(said))
    dispute.settle()


def _newest(said: ProviderDispute) -> BalanceTransaction:
    return max(said.moves, key=lambda move: (move.created_at, move.id))


def _lose(dispute: Dispute, said: ProviderDispute) -> None:
    """What the bank keeps is taken from every share, as far as there is anything left; the rest the platform bears."""
    rest, ended = dispute.kept, False
    for nth, (parts, ends_access) in enumerate(_parts(dispute, rest.minor)):
        reason = f"Dispute {dispute.provider_dispute_id} was lost"
        refund = Refund.objects.lose(dispute.order, parts, reason=reason, ends_access=ends_access)
        if ends_access:
            refunds.end_rights(refund, Enrollment.EndReason.DISPUTED)
            ended = True
        if refund.amount:
            bookings.book_loss(dispute, refund, nth)
        rest -= refund.amount
    if rest:
        log.error("dispute_took_more_than_is_left", extra={"order": dispute.order.number, "amount": str(rest)})
    # What an exchanged one took beyond the order stands between the currencies: nobody says how much it was in the
    # order's, which the provider may have counted to what it took or not.
    if dispute.is_exchanged:
        bookings.book_exchange(dispute, dispute.held, _newest(said))
    elif rest:
        bookings.book_excess(dispute, rest)
    dispute.give_up(dispute.held)
    if ended:
        mails.access_ended(dispute)


def _parts(dispute: Dispute, amount: int) -> list[tuple[list[tuple[OrderItem, int]], bool]]:
    """How much of which items is lost, and whether their right goes too.

    The bank names an amount and no course. All that is left, or just what is left of one item, is those items; any
    other amount is spread over all, and then the buyer keeps her rights.
    """
    items = dispute.order.items.hold()
    left = sum(item.left.minor for item in items)
    whole = items if amount >= left else [item for item in items if item.left.minor == amount][:1]
    if whole:
        stands = [item for item in items if item in whole and item.refunded_at is None]
        gone = [item for item in whole if item.refunded_at is not None and item.left]
        groups = [([(item, item.left.minor) for item in group], group is stands) for group in (stands, gone) if group]
        return groups
    shares = spread(amount, [item.left.minor for item in items])
    return [([(item, minor) for item, minor in zip(items, shares, strict=True) if minor], False)]
