"""Where a month lies in the ledger: between which entries, and between which lines, without reading any other month's.

Seals say it. What was booked before the month began has a number up to the last seal before it, or was written in its
last moment and stands a little behind (decision 21). A line is written in the statement of its entry, which takes no
day: so lines of two entries that were written a day apart have numbers in the entries' order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models import LedgerPosting, LedgerSeal

A_DAY, APART = timedelta(days=1), 3


@dataclass(frozen=True)
class Edges:
    """`sealed`: the last entry that is surely of the time before the month. All the month's lines, and all of before
    that stand behind `sealed`, have numbers above `first_line`; the month's also below `end_line` (None: no end).
    """

    sealed: int
    first_line: int
    end_line: int | None


def of(book: str, start: datetime, end: datetime) -> Edges:
    """Those of the month from `start` to `end`."""
    seals = LedgerSeal.objects.of(book)
    # A whole day stands between, also where the last of them was sealed before it was over.
    before = list(seals.filter(day__lt=start.date()).reverse().values_list("last_id", flat=True)[:APART])
    after = seals.filter(day=end.date() + A_DAY).values_list("last_id", flat=True).first()
    lines = LedgerPosting.objects.order_by("entry_id", "pk").values_list("pk", flat=True)
    return Edges(
        before[0] if before else 0,
        (lines.filter(entry_id__lte=before[-1]).last() or 0) if len(before) == APART else 0,
        lines.filter(entry_id__gt=after).first() if after is not None else None,
    )
