"""Finding, for each movement at the provider, the entries of ours that book it, and whether they do so exactly.

A movement is whole when its entries' lines on clearing sum, in its own currency, to what the provider lists as net, and
to nothing in every other currency. Fees and exchanges are covered by that: they are entries of the same movement.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Sum

from marketplace.lib.money import Money

from ..models import AccountKind, EntryKind, LedgerEntry, LedgerPosting, Payout, ProviderTransaction
from . import kinds


@dataclass
class Booked:
    """What our books say of one movement."""

    moved: ProviderTransaction
    main: list[LedgerEntry] = field(default_factory=list)
    beside: list[LedgerEntry] = field(default_factory=list)
    clearing: dict[str, int] = field(default_factory=dict)
    """Currency → sum of the lines on clearing of all these entries."""
    of_main: dict[str, int] = field(default_factory=dict)
    """The same of the main entries alone."""

    @property
    def entries(self) -> list[LedgerEntry]:
        return self.main + self.beside

    @property
    def off(self) -> Money:
        """What the provider lists less what is booked, in the movement's currency."""
        booked = self.clearing.get(self.moved.currency, 0)
        return Money(self.moved.net_minor - booked, self.moved.currency)

    @property
    def is_whole(self) -> bool:
        elsewhere = (minor for currency, minor in self.clearing.items() if currency != self.moved.currency)
        return bool(self.entries) and not self.off and not any(elsewhere)

    @property
    def charged(self) -> Money | None:
        """What the main entries booked in a currency that is not the movement's own; None when there is none."""
        foreign = {c: minor for c, minor in self.of_main.items() if c != self.moved.currency and minor}
        return Money(next(iter(foreign.values())), next(iter(foreign))) if len(foreign) == 1 else None

    def has(self, kind: EntryKind) -> bool:
        return any(entry.kind == kind for entry in self.beside)


def booked(moves: list[ProviderTransaction], book: str) -> list[Booked]:
    """The books' word on each of these movements; a fixed number of queries."""
    transfers = [moved.source for moved in moves if moved.type in kinds.TRANSFERS]
    payout_keys = {
        str(payout.transfer_id): payout.ledger_key("sent")
        for payout in Payout.objects.filter(transfer_id__in=transfers)
    }
    main = {moved.pk: kinds.main_keys(moved, payout_keys) for moved in moves}
    beside = {moved.pk: kinds.side_keys(moved) for moved in moves}
    asked = {key for keys in (*main.values(), *beside.values()) for key in keys}
    entries = {entry.idem_key: entry for entry in LedgerEntry.objects.filter(book=book, idem_key__in=asked)}
    for moved, entry in _returned([moved for moved in moves if moved.type in kinds.RETURNS], book):
        entries[entry.idem_key] = entry
        main[moved.pk].append(entry.idem_key)
    lines = _on_clearing([entry.pk for entry in entries.values()])
    return [_booked(moved, main[moved.pk], beside[moved.pk], entries, lines) for moved in moves]


def _returned(moves: list[ProviderTransaction], book: str) -> list[tuple[ProviderTransaction, LedgerEntry]]:
    """Each payout that came back with an entry of its amount that nothing else is matched with."""
    if not moves:
        return []
    waiting = LedgerEntry.objects.filter(book=book, kind=EntryKind.PAYOUT_RETURNED, provider_match=None).order_by("pk")
    free = list(waiting)
    lines = _on_clearing([entry.pk for entry in free])
    pairs = []
    for moved in moves:
        fits = (entry for entry in free if lines[entry.pk].get(moved.currency) == moved.net_minor)
        entry = next(fits, None)
        if entry is not None:
            free.remove(entry)
            pairs.append((moved, entry))
    return pairs


def _booked(
    moved: ProviderTransaction,
    main: list[str],
    beside: list[str],
    entries: dict[str, LedgerEntry],
    lines: dict[int, dict[str, int]],
) -> Booked:
    found = Booked(moved, [entries[k] for k in main if k in entries], [entries[k] for k in beside if k in entries])
    found.of_main = _summed(found.main, lines)
    found.clearing = _summed(found.entries, lines)
    return found


def _summed(entries: list[LedgerEntry], lines: dict[int, dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for entry in entries:
        for currency, minor in lines.get(entry.pk, {}).items():
            total[currency] += minor
    return dict(total)


def _on_clearing(entry_ids: list[int]) -> dict[int, dict[str, int]]:
    """Entry → currency → its sum on clearing."""
    sums = LedgerPosting.objects.filter(entry_id__in=entry_ids, account__kind=AccountKind.STRIPE_CLEARING)
    lines: dict[int, dict[str, int]] = defaultdict(dict)
    for row in sums.values("entry_id", "currency").annotate(total=Sum("amount_minor")).order_by("entry_id"):
        lines[row["entry_id"]][row["currency"]] = int(row["total"])
    return lines
