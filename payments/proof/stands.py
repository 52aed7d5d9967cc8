"""Where each creator's account stands when a day is sealed: its lines since it began, counted, and their sum.

Sealed with the day, so that a line which is left out of a statement is missed: the next day in which the account moved
says how many there are. The platform's own accounts are in the closed months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from ..models import LedgerAccount, LedgerPosting, LedgerSeal, SealedAccount
from . import canonical

Moved = dict[int, tuple[int, int]]  # account id → lines, their sum


@dataclass(frozen=True)
class Stand:
    """One account as it is sealed."""

    account_id: int
    kind: str
    owner_id: int
    currency: str
    lines: int
    amount_minor: int

    def hash(self, secret: bytes) -> str:
        salt = self.salt(secret)
        return canonical.account_hash(self.kind, self.owner_id, self.currency, self.lines, self.amount_minor, salt)

    def salt(self, secret: bytes) -> str:
        return canonical.salt(secret, "account", self.account_id)


def reckoned(book: str, after: int, last_id: int) -> list[Stand]:
    """The accounts with lines in the entries behind `after` up to `last_id`, as they stand at their end.

    From where an earlier seal says that they stood, and the lines since; without one from all their lines.
    """
    now = _moved(entry__book=book, entry__pk__gt=after, entry__pk__lte=last_id, account__owner_id__isnull=False)
    before = _sealed(book, after, now)
    rest = [pk for pk in now if pk not in before]
    before |= _moved(account__in=rest, entry__pk__lte=after) if rest else {}
    stands = []
    for account in LedgerAccount.objects.filter(pk__in=now).order_by("pk"):
        (lines, total), (lines_before, before_minor) = now[account.pk], before.get(account.pk, (0, 0))
        stands.append(_stand(account, lines + lines_before, total + before_minor))
    return stands


def kept(seal: LedgerSeal) -> list[Stand]:
    """What was sealed, in its order."""
    sealed = seal.stands.select_related("account").order_by("account_id")
    return [_stand(row.account, row.lines, row.amount_minor) for row in sealed]


def _stand(account: LedgerAccount, lines: int, amount_minor: int) -> Stand:
    assert account.owner_id is not None  # only creators' accounts are sealed
    return Stand(account.pk, account.kind, account.owner_id, account.currency, lines, amount_minor)


def rows(stands: Iterable[Stand]) -> list[SealedAccount]:
    return [SealedAccount(account_id=one.account_id, lines=one.lines, amount_minor=one.amount_minor) for one in stands]


def root(stands: Iterable[Stand], secret: bytes) -> str:
    return canonical.root([one.hash(secret) for one in stands])


def latest(book: str, through: int, accounts: Iterable[int]) -> dict[int, SealedAccount]:
    """Account → the last row of it in a seal that ends with the entry `through` or before it.

    One of before a seal that says nothing of accounts is none: lines may have come since without a row.
    """
    seals = LedgerSeal.objects.of(book).filter(last_id__lte=through)
    silent = seals.filter(accounts="").order_by("-pk").values_list("pk", flat=True).first() or 0
    found = SealedAccount.objects.filter(account__in=list(accounts), seal__in=seals.filter(pk__gt=silent))
    newest = found.select_related("seal").order_by("account_id", "-seal_id").distinct("account_id")
    return {row.account_id: row for row in newest}


def _sealed(book: str, through: int, accounts: Iterable[int]) -> Moved:
    return {pk: (row.lines, row.amount_minor) for pk, row in latest(book, through, accounts).items()}


def _moved(**which: Any) -> Moved:
    found = LedgerPosting.objects.filter(**which).order_by().values_list("account_id")
    return {pk: (lines, int(total)) for pk, lines, total in found.annotate(n=Count("pk"), total=Sum("amount_minor"))}
