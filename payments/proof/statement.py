"""A creator's statement of one month that can be checked without us: every line of her accounts, with its proof.

A month holds what was booked in it (UTC), whenever it is said to have happened: so a past month never changes. What
stands of others in the same entries is there as salted hashes only.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links
from marketplace.lib.errors import DomainError

from ..models import LedgerAccount, LedgerEntry, LedgerPosting, LedgerSeal
from . import canonical, leaves, papers
from .parts import Parts

STATEMENT = "kezhan-statement-1"
CHUNK = 500
Facts = dict[str, Any]


class NoSuchMonth(DomainError):
    code = "no_such_month"
    status = 404
    message = _("There is no such month.")


def months(count: int = 3) -> list[date]:
    """The present month (UTC) and those before it, by their first day."""
    days = [datetime.now(UTC).date().replace(day=1)]
    while len(days) < count:
        days.append((days[-1] - timedelta(days=1)).replace(day=1))
    return days


def month(creator: Any, year: int, number: int) -> Iterator[bytes]:
    """The statement of the month `number` of `year`, as bytes of its file; a month without lines has none.

    Raises NoSuchMonth.
    """
    if not (2000 <= year < 3000 and 1 <= number <= 12):
        raise NoSuchMonth
    start = datetime(year, number, 1, tzinfo=UTC)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return _Statement(creator, start, end).lines()


class _Statement:
    def __init__(self, creator: Any, start: datetime, end: datetime) -> None:
        self.creator, self.start, self.end = creator, start, end
        self.book = settings.PAYMENTS_BOOK
        self.accounts = list(
            LedgerAccount.objects.filter(book=self.book, owner_id=creator.pk).order_by("kind", "currency")
        )
        self.balances = self._opening()
        self.closing: Facts = {}
        self.proofs = Proofs(self.book)

    def lines(self) -> Iterator[bytes]:
        head: Facts = {
            "format": STATEMENT, "book": self.book, "site": links.absolute("/"), "creator": self.creator.pk,
            "month": f"{self.start:%Y-%m}", "made_at": canonical.moment(datetime.now(UTC)),
            "accounts": self._standing("opening"),
        }  # fmt: skip
        head["check"] = canonical.digest("check", [canonical.START, head])
        return papers.laid_out(head, "lines", self._rows(head["check"]), self.closing)

    def _opening(self) -> dict[int, int]:
        """Account id → the signed sum of everything booked before the month."""
        before = LedgerPosting.objects.filter(account__in=self.accounts, entry__created_at__lt=self.start)
        sums = dict(before.values_list("account_id").annotate(total=Sum("amount_minor")).order_by())
        return {account.pk: int(sums.get(account.pk, 0)) for account in self.accounts}

    def _standing(self, word: str) -> list[Facts]:
        return [
            {"account": account.kind, "currency": account.currency, word: str(-self.balances[account.pk])}
            for account in self.accounts
        ]

    def _chunks(self) -> Iterator[list[LedgerEntry]]:
        """The month's entries in their order, some at a time. Which they are is asked once, however many they are."""
        hers = LedgerPosting.objects.filter(account__in=self.accounts, entry__created_at__gte=self.start)
        ids = sorted(set(hers.filter(entry__created_at__lt=self.end).order_by().values_list("entry_id", flat=True)))
        entries = LedgerEntry.objects.select_related("reverses").prefetch_related("postings__account").order_by("pk")
        for at in range(0, len(ids), CHUNK):
            yield list(entries.filter(pk__in=ids[at : at + CHUNK]))

    def _rows(self, check: str) -> Iterator[Facts]:
        count = 0
        for chunk in self._chunks():
            parts = Parts(self.creator.pk, chunk)
            for entry in chunk:
                count += 1
                row = self._row(count, entry, parts.of(entry))
                row["check"] = check = canonical.digest("check", [check, row])
                yield row
        self.closing.update(count=count, check=check, accounts=self._standing("closing"))

    def _row(self, number: int, entry: LedgerEntry, parts: list[Facts]) -> Facts:
        secret, proof = self.proofs.of(entry)
        return {
            "n": number, "entry": leaves.head_of(entry, secret), "mine": self._mine(entry, secret), "parts": parts,
            "proof": proof,
        }  # fmt: skip

    def _mine(self, entry: LedgerEntry, secret: bytes) -> list[Facts]:
        mine = []
        for at, posting in enumerate(sorted(entry.postings.all(), key=lambda posting: posting.pk)):
            account = posting.account
            if account.owner_id != self.creator.pk:
                continue
            self.balances[account.pk] += posting.amount_minor
            mine.append({
                "at": at, "account": account.kind, "currency": posting.currency, "amount": str(posting.amount_minor),
                "salt": canonical.salt(secret, "line", posting.pk), "balance": str(-self.balances[account.pk]),
            })  # fmt: skip
        return mine


class Proofs:
    """The seals that cover a run of entries, one day's tree at a time."""

    def __init__(self, book: str) -> None:
        self._book = book
        self._seal: LedgerSeal | None = None
        self._newest = LedgerSeal.objects.newest(book)

    def of(self, entry: LedgerEntry) -> tuple[bytes, Facts | None]:
        """The secret that salts the entry's hashes, and its way to its day's root; none while the day is not sealed."""
        if self._newest is None or entry.pk > self._newest.last_id:
            return _unsealed_secret(), None
        if self._seal is None or not self._seal.first_id <= entry.pk <= self._seal.last_id:
            self._open(entry.pk)
        assert self._seal is not None  # the seals follow each other without a gap
        return bytes(self._seal.secret), {
            "day": self._seal.day.isoformat(),
            "path": self._tree.path(self._at[entry.pk]),
        }

    def _open(self, entry_id: int) -> None:
        self._seal = LedgerSeal.objects.covering(self._book, entry_id)
        kept = self._seal.leaves.hashes
        self._at = {pk: at for at, pk in enumerate(kept)}
        self._tree = canonical.Tree([hash_.hex() for hash_ in kept.values()])


def _unsealed_secret() -> bytes:
    """Salts lines whose day has no seal yet; they are salted anew when it has one."""
    return canonical.digest("unsealed", settings.SECRET_KEY).encode()
