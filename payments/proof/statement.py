"""A creator's statement of one month that can be checked without us: every line of her accounts, with its proof.

A month holds what was booked in it (UTC), whenever it is said to have happened: so a past month never changes. What
stands of others in the same entries is there as salted hashes only. The last line of each sealed day says how many
lines her accounts had then, as it was sealed: so none can be left out. It costs what the month has, not what she ever
sold.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links
from marketplace.lib.errors import DomainError

from ..models import LedgerAccount, LedgerEntry, LedgerPosting, LedgerSeal
from . import canonical, edges, leaves, papers, stands
from .parts import Parts

STATEMENT = "kezhan-statement-2"
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
        self.edges = edges.of(self.book, start, end)
        self.accounts = list(
            LedgerAccount.objects.filter(book=self.book, owner_id=creator.pk).order_by("kind", "currency")
        )
        self.proofs = Proofs(self.book)
        self.sealed = stands.latest(self.book, self.edges.sealed, [account.pk for account in self.accounts])
        self.balances, self.counts = self._opening()
        self.closing: Facts = {}

    def lines(self) -> Iterator[bytes]:
        accounts = self._standing("opening")
        for told, account in zip(accounts, self.accounts, strict=True):
            told["sealed"] = self._sealed_before(account)
        head: Facts = {
            "format": STATEMENT, "book": self.book, "site": links.absolute("/"), "creator": self.creator.pk,
            "month": f"{self.start:%Y-%m}", "made_at": canonical.moment(datetime.now(UTC)), "accounts": accounts,
        }  # fmt: skip
        head["check"] = canonical.digest("check", [canonical.START, head])
        return papers.laid_out(head, "lines", self._rows(head["check"]), self.closing)

    def _opening(self) -> tuple[dict[int, int], dict[int, int]]:
        """Account id → the signed sum of everything booked before the month, and account id → of how many lines.

        From where the last seal says that the account stood, and the few lines of the month's edge; of an account that
        has not moved since seals say so, all its lines are read.
        """
        lines = LedgerPosting.objects.filter(entry__created_at__lt=self.start)
        at_edge = lines.filter(account__in=self.sealed, pk__gt=self.edges.first_line, entry__gt=self.edges.sealed)
        others = lines.filter(account__in=[account.pk for account in self.accounts if account.pk not in self.sealed])
        balances = {account.pk: 0 for account in self.accounts}
        counts = dict(balances)
        for pk, stood in self.sealed.items():
            balances[pk], counts[pk] = stood.amount_minor, stood.lines
        for some in (at_edge, others):
            rows = some.order_by().values_list("account_id").annotate(n=Count("pk"), total=Sum("amount_minor"))
            for pk, count, total in rows:
                balances[pk], counts[pk] = balances[pk] + int(total), counts[pk] + count
        return balances, counts

    def _standing(self, word: str) -> list[Facts]:
        return [
            {
                "account": account.kind, "currency": account.currency, word: str(-self.balances[account.pk]),
                "lines": self.counts[account.pk],
            }
            for account in self.accounts
        ]  # fmt: skip

    def _sealed_before(self, account: LedgerAccount) -> Facts | None:
        """How the account stood when it last moved on a day before the month, as that day was sealed."""
        row = self.sealed.get(account.pk)
        return self.proofs.stand(row.seal, account.pk) if row else None

    def _chunks(self) -> Iterator[list[LedgerEntry]]:
        """The month's entries in their order, some at a time. Which they are is asked once, however many they are."""
        hers = LedgerPosting.objects.filter(account__in=self.accounts, pk__gt=self.edges.first_line)
        if self.edges.end_line is not None:
            hers = hers.filter(pk__lt=self.edges.end_line)
        hers = hers.filter(entry__created_at__gte=self.start, entry__created_at__lt=self.end)
        ids = sorted(set(hers.order_by().values_list("entry_id", flat=True)))
        entries = LedgerEntry.objects.select_related("reverses").prefetch_related("postings__account").order_by("pk")
        for at in range(0, len(ids), CHUNK):
            yield list(entries.filter(pk__in=ids[at : at + CHUNK]))

    def _rows(self, check: str) -> Iterator[Facts]:
        count = 0
        for row in self._with_stands():
            count += 1
            row["n"] = count
            row["check"] = check = canonical.digest("check", [check, row])
            yield row
        self.closing.update(count=count, check=check, accounts=self._standing("closing"))

    def _with_stands(self) -> Iterator[Facts]:
        """Each line; the last one of a sealed day says where her accounts stood behind it."""
        waiting: Facts | None = None
        for row in self._lines():
            if waiting is not None:
                if _day(waiting) != _day(row):
                    self._close_day(waiting)
                yield waiting
            waiting = row
        if waiting is not None:
            self._close_day(waiting)
            yield waiting

    def _close_day(self, row: Facts) -> None:
        # A day of the next month may hold lines of this month's last moment; there it is told where accounts stood.
        day = _day(row)
        if day is not None and day[:7] == f"{self.start:%Y-%m}":
            row["stands"] = self.proofs.stands(day, [account.pk for account in self.accounts])

    def _lines(self) -> Iterator[Facts]:
        for chunk in self._chunks():
            parts = Parts(self.creator.pk, chunk)
            for entry in chunk:
                yield self._row(entry, parts.of(entry))

    def _row(self, entry: LedgerEntry, parts: list[Facts]) -> Facts:
        secret, proof = self.proofs.of(entry)
        return {
            "entry": leaves.head_of(entry, secret), "mine": self._mine(entry, secret), "parts": parts, "proof": proof,
            "stands": [],
        }  # fmt: skip

    def _mine(self, entry: LedgerEntry, secret: bytes) -> list[Facts]:
        mine = []
        for at, posting in enumerate(sorted(entry.postings.all(), key=lambda posting: posting.pk)):
            account = posting.account
            if account.owner_id != self.creator.pk:
                continue
            self.balances[account.pk] += posting.amount_minor
            self.counts[account.pk] += 1
            mine.append({
                "at": at, "account": account.kind, "currency": posting.currency, "amount": str(posting.amount_minor),
                "salt": canonical.salt(secret, "line", posting.pk), "balance": str(-self.balances[account.pk]),
            })  # fmt: skip
        return mine


def _day(row: Facts) -> str | None:
    """The sealed day of a line; None while it is not sealed."""
    return row["proof"]["day"] if row["proof"] else None


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

    def stands(self, day: str, accounts: list[int]) -> list[Facts]:
        """Where those of these accounts stood that moved on a sealed day; none where its seal says nothing of them."""
        seal = LedgerSeal.objects.of(self._book).get(day=day)
        return _stands(seal, accounts) if seal.accounts else []

    def stand(self, seal: LedgerSeal, account_id: int) -> Facts:
        """Where one account stood on the day of a seal in which it moved."""
        return {"day": seal.day.isoformat(), **_stands(seal, [account_id])[0]}


def _stands(seal: LedgerSeal, accounts: list[int]) -> list[Facts]:
    kept, secret = stands.kept(seal), bytes(seal.secret)
    tree = canonical.Tree([one.hash(secret) for one in kept]) if kept else None
    return [
        {
            "account": one.kind, "currency": one.currency, "lines": one.lines, "amount": str(one.amount_minor),
            "salt": one.salt(secret), "path": tree.path(at),
        }
        for at, one in enumerate(kept)
        if tree and one.account_id in accounts
    ]  # fmt: skip


def _unsealed_secret() -> bytes:
    """Salts lines whose day has no seal yet; they are salted anew when it has one."""
    return canonical.digest("unsealed", settings.SECRET_KEY).encode()
