"""The tables of the double-entry ledger. PostgreSQL holds their truth; `payments.ledger` is the only writer.

What the database itself refuses (migration 0002): a change or deletion of an account, entry or posting; a posting that
joins an entry of an earlier transaction; an entry of fewer than two postings, or whose postings do not sum to zero per
currency; a posting in another currency or book than its account's; a payout hold below an account's floor.
Amounts are signed minor units: debit is positive, credit is negative. Source: the design's page on money, 3.2.
"""

import json
from dataclasses import dataclass
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Case, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from marketplace.lib import clock
from marketplace.lib.money import Money, known_currency_choices

from .ledger_kinds import CACHED_KINDS, OWNED_KINDS, AccountKind, Book, EntryKind, Side


@dataclass(frozen=True)
class AccountRef:
    """The name of an account, apart from book and currency: its kind, and the creator where the kind has one."""

    kind: AccountKind
    owner_id: int | None = None


class LedgerAccountQuerySet(models.QuerySet["LedgerAccount"]):
    def standing(self) -> Self:
        """Each with `amount_minor`, the signed sum of its postings: as kept, or a checkpoint and what came after it."""
        tail = LedgerPosting.objects.filter(
            account=OuterRef("pk"), id__gt=Coalesce(OuterRef("checkpoint__through_posting_id"), 0)
        ).order_by()
        summed = Subquery(
            tail.values("account").values(total=Sum("amount_minor")), output_field=models.BigIntegerField()
        )
        since = Coalesce("checkpoint__amount_minor", 0) + Coalesce(summed, 0)
        return self.annotate(
            amount_minor=Case(When(cached=True, then=Coalesce("balance__amount_minor", 0)), default=since)
        )


class LedgerAccount(models.Model):
    """One thing counted in one currency of one book: the platform's fees in USD, or what Ada has available in JPY."""

    book = models.CharField(max_length=8, choices=Book.choices)
    kind = models.CharField(max_length=24, choices=AccountKind.choices)
    owner_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, choices=known_currency_choices())
    normal_side = models.CharField(max_length=6, choices=Side.choices)
    cached = models.BooleanField()
    floor_minor = models.BigIntegerField(null=True)

    amount_minor: int  # of rows of `standing()`

    objects = LedgerAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "owner_id", "currency"], nulls_distinct=False, name="one_ledger_account"
            ),
            # What the postings' composite foreign key points at.
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_currency"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(OWNED_KINDS), owner_id__isnull=False)
                | (~Q(kind__in=sorted(OWNED_KINDS)) & Q(owner_id=None)),
                name="ledger_account_owner_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(CACHED_KINDS), cached=True)
                | (~Q(kind__in=sorted(CACHED_KINDS)) & Q(cached=False)),
                name="ledger_account_cached_by_kind",
            ),
            models.CheckConstraint(condition=Q(book__in=Book.values), name="ledger_account_book"),
        ]
        indexes = [models.Index(fields=["owner_id", "kind"], name="ledger_account_owner")]

    def __str__(self) -> str:
        return f"{self.book} {self.kind} {self.owner_id or ''} {self.currency}"

    def shown(self, amount_minor: int) -> Money:
        """A signed sum of postings as a balance in the account's normal direction."""
        return Money(amount_minor if self.normal_side == Side.DEBIT else -amount_minor, self.currency)


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def write(self, entries: list[dict[str, Any]]) -> "list[LedgerEntry | None]":
        """Write entries with their postings in one statement, by the database's function `ledger_post`.

        For each the entry of its key, the one that was there before if there was one; None when there is none and the
        entry that it reverses has its reversal already. A second writer of the same key waits here until the first
        one's transaction has ended.
        """
        with connection.cursor() as cursor:
            now = clock.expression().sql  # when an event does not say when it occurred, it is now
            cursor.execute(
                f"SELECT * FROM ledger_post(%s::jsonb, {now})",
                [json.dumps(entries, cls=DjangoJSONEncoder)],
            )
            rows = cursor.fetchall()
        written: list[LedgerEntry | None] = [None] * len(entries)
        for wanted, pk, created_at, payload_hash, occurred_at, first_meta in rows:
            values = {name: value for name, value in entries[wanted].items() if name != "lines"}
            values |= {"payload_hash": payload_hash, "occurred_at": occurred_at}
            if first_meta is not None:
                values["meta"] = json.loads(first_meta)
            written[wanted] = LedgerEntry(id=pk, created_at=created_at, **values)
        return written


class LedgerEntry(models.Model):
    """One event of money, written once. `idem_key` names the event: the same event is booked once, whatever repeats.

    The table has one more column, `tx`: the transaction that wrote the entry, the only one that may post to it.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    idem_key = models.CharField(max_length=200, unique=True)
    payload_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=24, choices=EntryKind.choices)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()
    meta = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["occurred_at"], name="ledger_entry_occurred")]

    def __str__(self) -> str:
        return self.idem_key


class LedgerPosting(models.Model):
    """One line of an entry: so much to one account. Debit is positive."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings", db_index=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_posting_not_zero")]
        indexes = [models.Index(fields=["account", "id"], name="ledger_posting_of_account")]

    def __str__(self) -> str:
        return f"{self.amount_minor:+d} {self.currency}"

    @property
    def amount(self) -> Money:
        """Debit positive."""
        return Money(self.amount_minor, self.currency)


class LedgerBalanceQuerySet(models.QuerySet["LedgerBalance"]):
    def hold_available(self, owners: set[int]) -> None:
        """Lock the available balances of these creators for the rest of the transaction.

        In the order of the accounts, as everybody who moves many at once does: none waits for another in a circle.
        """
        available = self.filter(account__kind=AccountKind.CREATOR_AVAILABLE, account__owner_id__in=owners)
        list(available.select_for_update(no_key=True, of=("self",)).order_by("account_id").values_list("pk"))


class LedgerBalance(models.Model):
    """The sum of a cached account's postings, kept by a trigger in the transaction of each posting."""

    account = models.OneToOneField(LedgerAccount, primary_key=True, on_delete=models.PROTECT, related_name="balance")
    amount_minor = models.BigIntegerField()
    last_posting_id = models.BigIntegerField()

    objects = LedgerBalanceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor:+d}"
