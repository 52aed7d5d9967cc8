"""What sales, provider's fees and refunds are in the ledger. Source: the design's page on money, 3.3.

Each is called inside the transaction of the act that it books, and booked again it changes nothing.
"""

from marketplace.lib.money import Money

from . import ledger
from .models import AccountKind, AccountRef, EntryKind, LedgerEntry, Order, OrderItem, Refund

CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)
FEES = AccountRef(AccountKind.STRIPE_FEES)
REVENUE = AccountRef(AccountKind.PLATFORM_REVENUE)


def book_sale(order: Order, charge_id: str) -> LedgerEntry:
    """The whole charge came in; each creator's share is pending, the platform's is earned. Raises KeyReused."""
    items = list(order.items.all())
    gross = Money(order.total_minor, order.currency)
    lines = [(CLEARING, gross), (REVENUE, -_platform_part(items, order.currency))]
    lines += [(_pending(item), -_share(item, order.currency)) for item in items]
    return ledger.post(
        f"sale:{charge_id}",
        EntryKind.SALE,
        lines,
        book=order.book,
        meta={"order": order.number, "charge": charge_id},
        occurred_at=order.paid_at,
    )


def book_fee(order: Order, balance_transaction_id: str, fee: Money) -> LedgerEntry | None:
    """The provider kept `fee` of the charge; the platform bears it. None when there was no fee."""
    if not fee:
        return None
    return ledger.post(
        f"fee:{balance_transaction_id}",
        EntryKind.FEE,
        [(FEES, fee), (CLEARING, -fee)],
        book=order.book,
        meta={"order": order.number, "balance_transaction": balance_transaction_id},
        occurred_at=order.paid_at,
    )


def book_refund(refund: Refund) -> LedgerEntry:
    """The provider gave the items' whole price back: every party returns its share of each.

    The creator's comes from where it stands, and what is available may go below zero: later sales fill it up again.
    The provider's own fee does not come back; the platform bears it. Raises KeyReused.
    """
    order = refund.order
    # Locked and read anew: a release of the same sale either is seen here or comes too late for itself. Not locked
    # as for deletion (no_key): a payout that names the sale checks at its commit that the sale exists, and it holds the
    # balance that this refund wants next. Each would wait for the other.
    asked = OrderItem.objects.filter(pk__in=[item.pk for item in refund.items])
    items = list(asked.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    lines = [(CLEARING, -refund.amount), (REVENUE, _platform_part(items, order.currency))]
    lines += [(_where_it_stands(item), _share(item, order.currency)) for item in items]
    return ledger.post(
        f"refund:{refund.provider_refund_id}",
        EntryKind.REFUND,
        lines,
        book=order.book,
        meta={"order": order.number, "refund": refund.pk, "items": [item.pk for item in items]},
        occurred_at=refund.settled_at,
    )


def _where_it_stands(item: OrderItem) -> AccountRef:
    kind = AccountKind.CREATOR_PENDING if item.released_at is None else AccountKind.CREATOR_AVAILABLE
    return AccountRef(kind, item.creator_id)


def _pending(item: OrderItem) -> AccountRef:
    return AccountRef(AccountKind.CREATOR_PENDING, item.creator_id)


def _share(item: OrderItem, currency: str) -> Money:
    return Money(item.creator_minor, currency)


def _platform_part(items: list[OrderItem], currency: str) -> Money:
    return Money(sum(item.platform_minor for item in items), currency)
