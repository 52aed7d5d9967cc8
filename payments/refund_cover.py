"""What refunds on their way will take from creators' available balances, and who may ask for one at her own cost.

Nothing is booked before the provider has given the money back, so until then it is counted from the rows: whoever gives
goodwill has what is left after it, and a payout leaves it where it is.
"""

from collections.abc import Iterable

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from . import ledger
from .models import AccountKind, EscrowedShare, LedgerBalance, Refund, RefundShare
from .models.refund_line import RefundShareQuerySet

# (creator, currency): minor units
Parts = dict[tuple[int, str], int]


class CannotCover(DomainError):
    code = "cannot_cover"
    message = _("This sale was paid out to you, and your balance does not cover it now. Ask our finance team.")


def must_cover(refund: Refund) -> None:
    """A creator gives back what is still held for her, or what she has: not what the site would have to lend her.

    The caller has just asked for `refund` and holds its order and items; the balances come after these, as everywhere.
    From here on they are locked, so of two refunds at once the second one sees the first. Raises CannotCover.
    """
    book, owned = refund.order.book, RefundShare.objects.filter(line__refund=refund).owned()
    owners = set(owned.values_list("owner", flat=True))
    LedgerBalance.objects.hold_available(owners)
    # Of a part that waits apart several refunds can want the same: so what goes back is compared as a whole.
    others = _from_available(_under_way(owners, book).exclude(line__refund=refund))
    for (owner, currency), minor in going_back(owners, book).items():
        if minor <= others.get((owner, currency), 0):
            continue
        if ledger.balance(AccountKind.CREATOR_AVAILABLE, owner, currency, book).minor < minor:
            raise CannotCover


def going_back(owners: Iterable[int], book: str) -> Parts:
    """What refunds that are asked for and not done yet will take of what these creators have available."""
    return _from_available(_under_way(owners, book))


def _under_way(owners: Iterable[int], book: str) -> RefundShareQuerySet:
    return RefundShare.objects.under_way().of(owners, book)


def _from_available(asked: RefundShareQuerySet) -> Parts:
    """What of these parts stands on available balances: `bookings` takes them from there when they are done."""
    rows = asked.owned().values_list("share", "owner", "line__refund__order__currency", "line__item__released_at")
    summed = list(rows.annotate(total=Sum("amount_minor")).order_by("share"))
    escrowed = EscrowedShare.objects.of_shares(share for share, *_rest in summed)
    parts: Parts = {}
    for share, owner, currency, released_at, total in summed:
        claimed = escrowed.get(share)
        if claimed is not None and not claimed.end:
            total -= min(total, claimed.left.minor)
        if total and (released_at is not None or (claimed is not None and claimed.end)):
            parts[owner, currency] = parts.get((owner, currency), 0) + total
    return parts
