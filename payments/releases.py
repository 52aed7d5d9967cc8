"""The end of the hold: what is pending becomes available when the buyer can no longer ask for it back."""

from datetime import datetime

from django.db import transaction

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import ledger
from .models import AccountKind, AccountRef, EntryKind, ItemShare, OrderItem, ShareKind


def release_due(now: datetime | None = None) -> int:
    """Release what is left of every paid sale whose hold has passed at `now` (money clock). Returns how many.

    One transaction a sale: what a crash leaves is due again. Two at once release each sale once.
    """
    now = now or clock.now()
    due = OrderItem.objects.due_for_release(now).order_by("pk").values_list("pk", flat=True)
    return sum(_release(pk, now) for pk in due.iterator())


@transaction.atomic
def _release(pk: int, now: datetime) -> bool:
    # The lock keeps a refund of the same sale waiting, so that it takes the share from where it stands.
    item = OrderItem.objects.due_for_release(now).select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if item is None:
        return False
    lines = [line for share in item.shares.owned().with_left() for line in _freed(share, item.order.currency)]
    if any(amount for _ref, amount in lines):
        meta = {"order": item.order.number, "item": item.pk}
        key = f"release:{item.pk}"
        ledger.post(key, EntryKind.RELEASE, lines, book=item.order.book, meta=meta, occurred_at=now)
    item.mark_released(now)
    failpoints.reach("release.before_commit")
    return True


def _freed(share: ItemShare, currency: str) -> list[ledger.Line]:
    """What is left of it becomes available. A promoter's joins what she has as a creator: one balance to pay out."""
    promoted = share.kind == ShareKind.AFFILIATE
    pending = AccountKind.AFFILIATE_PENDING if promoted else AccountKind.CREATOR_PENDING
    left = Money(share.left_minor, currency)
    return [
        (AccountRef(pending, share.owner_id), left),
        (AccountRef(AccountKind.CREATOR_AVAILABLE, share.owner_id), -left),
    ]
