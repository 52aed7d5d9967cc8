"""A decision that refunded everybody was overturned: buyers keep their money, and whoever sold gets hers from us.

The order for it is a row of the transaction that overturns; a sweep carries it out, since some of the refunds may
still be under way. Each share is made good once: a key of its own, a key of the ledger, and the order's lock say so.

Whoever makes good locks in this order: the order, its sales in order of their keys, the balances of their sellers.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from accounts import notices
from creators.models import Creator
from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import ledger
from .mail_buttons import to_earnings
from .models import (
    AccountKind,
    AccountRef,
    EntryKind,
    LedgerBalance,
    MadeGood,
    MakingGood,
    OrderItem,
    RefundShare,
)
from .models.made_good import taken_by

BATCH = 200
EXPENSE = AccountRef(AccountKind.REFUND_EXPENSE)
# A worker that was giving money back when the decision was overturned ends its batch, and providers answer late.
LOOKED_AFTER = timedelta(days=7)


def order(origin: str, *, by: Any) -> MakingGood:
    """Make good what the refunds of `origin` took from sellers. Said again, nothing more happens."""
    return MakingGood.objects.order(origin, by=by)


def would_be(origin: str) -> list[Money]:
    """What that would cost the platform by now, a currency each."""
    sums = taken_by(origin).values_list("line__refund__order__currency").annotate(total=Sum("amount_minor"))
    return [Money(int(total), currency) for currency, total in sums.order_by("line__refund__order__currency") if total]


def follow() -> int:
    """What beat rings every minute. How many shares were made good."""
    return sum(carry_out(row) for row in MakingGood.objects.open())


def carry_out(row: MakingGood) -> int:
    """All that is due of one order, by batches; what a crash leaves is due again."""
    made = 0
    while some := list(row.due().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        done = _make_good(row, some)
        made += done
        if not done:
            break  # another sweep was quicker
    _close_old(row)
    return made


@transaction.atomic
def _make_good(row: MakingGood, pks: list[int]) -> int:
    held, now = row.hold(), clock.now()
    items = RefundShare.objects.filter(pk__in=pks).values_list("line__item_id", flat=True)
    OrderItem.objects.hold(pk__in=sorted(set(items)))
    # Asked behind the locks: what another sweep made good meanwhile, or a claim has just been laid on, is left out.
    shares = list(held.due().filter(pk__in=pks).select_related("line__item__order", "line__refund").order_by("pk"))
    LedgerBalance.objects.hold_available({share.owner_id for share in shares})
    ledger.post_all([_entry(share, held) for share in shares])
    made = MadeGood.objects.record(held, shares, now)
    _tell(made)
    failpoints.reach("making_good.before_commit")
    return len(made)


def _entry(share: RefundShare, row: MakingGood) -> ledger.Post:
    order = share.line.item.order
    amount = Money(share.amount_minor, order.currency)
    lines = [(EXPENSE, amount), (AccountRef(AccountKind.CREATOR_AVAILABLE, share.owner_id), -amount)]
    # Not `refund`: what reads that of an entry means the refund itself.
    meta = {"order": order.number, "item": share.line.item_id, "made_good": share.pk, "by": row.origin}
    return ledger.Post(f"made_good:{share.pk}", EntryKind.MADE_GOOD, lines, order.book, meta, occurred_at=clock.now())


def _tell(made: list[MadeGood]) -> None:
    """To each seller, once a batch: what came back in it."""
    for owner in Creator.objects.filter(pk__in={each.owner_id for each in made}).select_related("user"):
        hers = [each for each in made if each.owner_id == owner.pk]
        currencies = sorted({each.currency for each in hers})
        amounts = [Money.total((one.amount for one in hers if one.currency == code), code) for code in currencies]
        context = {"amounts": amounts, "sales": len(hers), **to_earnings()}
        notices.tell(f"made-good:{hers[-1].share_id}:{owner.pk}", owner.user, "payments/made_good", context)


@transaction.atomic
def _close_old(row: MakingGood) -> None:
    held = row.hold()
    now = clock.now()
    if now - held.ordered_at > LOOKED_AFTER and held.closed_at is None and not held.is_waiting:
        held.close(now)
