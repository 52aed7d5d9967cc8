"""The end of the hold: what a creator has pending becomes available when the buyer can no longer ask for it back."""

from datetime import datetime

from django.db import transaction

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import ledger
from .models import AccountKind, AccountRef, EntryKind, OrderItem


def release_due(now: datetime | None = None) -> int:
    """Release every paid, unrefunded sale whose hold has passed at `now` (money clock). Returns how many.

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
    share = Money(item.creator_minor, item.order.currency)
    if share:
        lines = [
            (AccountRef(AccountKind.CREATOR_PENDING, item.creator_id), share),
            (AccountRef(AccountKind.CREATOR_AVAILABLE, item.creator_id), -share),
        ]
        meta = {"order": item.order.number, "item": item.pk}
        key = f"release:{item.pk}"
        ledger.post(key, EntryKind.RELEASE, lines, book=item.order.book, meta=meta, occurred_at=now)
    item.mark_released(now)
    failpoints.reach("release.before_commit")
    return True
