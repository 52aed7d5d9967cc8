"""What sales, provider's fees and refunds are in the ledger. Source: the design's page on money, 3.3.

Each is called inside the transaction of the act that it books, and booked again it changes nothing.
"""

from collections.abc import Sequence

from marketplace.lib.money import Money

from . import ledger
from .models import (
    AccountKind,
    AccountRef,
    EntryKind,
    EscrowedShare,
    LedgerEntry,
    Order,
    OrderItem,
    Refund,
    RefundShare,
)
from .models.order import Sold
from .provider_shapes import Charge
from .reconciliation import exchange

CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)
FEES = AccountRef(AccountKind.STRIPE_FEES)
REVENUE = AccountRef(AccountKind.PLATFORM_REVENUE)
TAX = AccountRef(AccountKind.TAX_PAYABLE)
BANK = AccountRef(AccountKind.BANK)
PROMOTIONS = AccountRef(AccountKind.PROMOTIONS)


Paid = tuple[Order, Charge | None]


def book_payments(sold: Sequence[Paid], known: Sequence[Paid] = ()) -> None:
    """Sales, each with its fee when the provider names it already; of sales that are `known` the fee alone.

    One statement. The orders are held for payment. Raises KeyReused.
    """
    posts = [post for order, charge in known for post in _settled(order, charge)]
    for order, charge in sold:
        posts += [_sale(order, order.sold), *_settled(order, charge)]
    wanted = [post for post in posts if post is not None]
    if wanted:
        ledger.post_all(wanted)


def book_sale(order: Order, charge_id: str | None) -> LedgerEntry | None:
    """The sale alone, whatever is paid of it so far: `charge_id` names it. Raises KeyReused."""
    post = _sale(order, Order.objects.hold_for_payment(order.pk).sold, charge_id)
    return ledger.post_all([post])[0] if post else None


def book_fee_of(order: Order, charge: Charge) -> None:
    """The fee may be known only after the success itself; `charge.updated` then brings it."""
    book_payments([], known=[(order, charge)])


def book_fee(order: Order, balance_transaction_id: str, fee: Money) -> LedgerEntry | None:
    """The provider kept `fee` of the charge; the platform bears it. None when there was no fee."""
    post = _kept(order, balance_transaction_id, fee)
    return ledger.post_all([post])[0] if post else None


def _sale(order: Order, items: list[Sold], charge_id: str | None = None) -> ledger.Post | None:
    """The whole charge came in, at the provider or at our bank; the platform's part is earned, everybody else's is
    pending, the tax is owed.

    Without a charge (the order costs nothing) what the platform bears of the discount is shared all the same; None when
    there is nothing to share.
    """
    currency, charge_id = order.currency, charge_id or order.charge_id
    lines = [(BANK if order.is_paid_by_hand else CLEARING, order.total), (TAX, -order.tax)]
    for item in items:
        lines.append((PROMOTIONS, Money(item.promotion_minor, currency)))
        lines += [(_pending(kind, owner), Money(-minor, currency)) for kind, owner, minor in item.shares]
    if not any(amount for _ref, amount in lines):
        return None
    return ledger.Post(
        f"sale:{charge_id}" if charge_id else f"sale:order:{order.reference}",
        EntryKind.SALE,
        lines,
        book=order.book,
        meta={"order": order.number, "charge": charge_id or ""},
        occurred_at=order.paid_at,
    )


def _settled(order: Order, charge: Charge | None) -> list[ledger.Post | None]:
    """What the provider made of a charge: its fee, and the exchange where it settled in another currency."""
    moved = charge.balance_transaction if charge else None
    if charge is None or moved is None:
        return []
    exchanged = exchange.posts(
        moved.id, charge.amount, moved.amount, book=order.book, rate=moved.exchange_rate, occurred_at=order.paid_at
    )
    return [*exchanged, _kept(order, moved.id, moved.fee)]


def _kept(order: Order, balance_transaction_id: str, fee: Money) -> ledger.Post | None:
    if not fee:
        return None
    return ledger.Post(
        f"fee:{balance_transaction_id}",
        EntryKind.FEE,
        [(FEES, fee), (CLEARING, -fee)],
        book=order.book,
        meta={"order": order.number, "balance_transaction": balance_transaction_id},
        occurred_at=order.paid_at,
    )


def book_refund(refund: Refund) -> LedgerEntry | None:
    """The provider gave the refund's amount back. Its own fee does not come back; the platform bears it."""
    return book_give_back(refund, key=refund.ledger_key)


def book_give_back(
    refund: Refund, *, key: str, against: AccountRef = CLEARING, kind: EntryKind = EntryKind.REFUND
) -> LedgerEntry | None:
    """Every party returns its part of the refund, as was laid down when it was asked for; `against` loses the amount.

    A creator's or promoter's part comes from where it stands, and what is available may go below zero: later sales fill
    it up again. None when nobody gives anything (a purchase that was free for everybody). Raises KeyReused.
    """
    currency = refund.order.currency
    given = RefundShare.objects.filter(line__refund=refund).select_related("line").order_by("pk")
    # Locked and read anew: a release of the same sale either is seen here or comes too late for itself.
    items = {item.pk: item for item in OrderItem.objects.hold(refund_lines__refund=refund)}
    # A share that somebody claims is given from where it waits; asked again, the first entry stands.
    claimed = EscrowedShare.objects.of_shares(part.share_id for part in given)
    if claimed and (booked := LedgerEntry.objects.filter(idem_key=key).first()):
        return booked
    lines = [(against, -refund.amount)]
    for part in given:
        lines += _returned(part, items[part.line.item_id], currency, claimed.get(part.share_id))
    if not any(amount for _ref, amount in lines):
        return None
    return ledger.post(
        key,
        kind,
        lines,
        book=refund.order.book,
        meta={"order": refund.order.number, "refund": refund.pk, "items": sorted(items)},
        occurred_at=refund.settled_at,
    )


def _returned(
    part: RefundShare, item: OrderItem, currency: str, claimed: EscrowedShare | None = None
) -> list[ledger.Line]:
    amount = Money(part.amount_minor, currency)
    if part.kind == RefundShare.Kind.PROMOTION:
        return [(PROMOTIONS, -amount)]
    if part.kind == RefundShare.Kind.TAX:
        return [(TAX, amount)]
    escrow: list[ledger.Line] = []
    if claimed is not None and not claimed.end:
        from_escrow = claimed.give(amount)
        escrow, amount = [(AccountRef(AccountKind.RIGHTS_ESCROW, part.owner_id), from_escrow)], amount - from_escrow
    # What a claimant was given is the creator's debt: she sold what was not hers.
    if part.owner_id is not None and (item.released_at is not None or (claimed is not None and claimed.end)):
        return [*escrow, (AccountRef(AccountKind.CREATOR_AVAILABLE, part.owner_id), amount)]
    return [*escrow, (_pending(part.kind, part.owner_id), amount)]


def _pending(kind: str, owner_id: int | None) -> AccountRef:
    """Where a share stands until its hold has passed; the platform's is earned at once, the pool is divided."""
    return {
        "platform": REVENUE,
        "affiliate": AccountRef(AccountKind.AFFILIATE_PENDING, owner_id),
        "creator": AccountRef(AccountKind.CREATOR_PENDING, owner_id),
        "pool": AccountRef(AccountKind.POOL),
    }[kind]
