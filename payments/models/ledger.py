"""The tables of the double-entry ledger. PostgreSQL holds their truth; `payments.ledger` is the only writer.

What the database itself refuses (migration 0002): a change or deletion of an account, entry or posting; a posting that
joins an entry of an earlier transaction; an entry of fewer than two postings, or whose postings do not sum to zero per
currency; a posting in another currency or book than its account's; a payout hold below an account's floor.
Amounts are signed minor units: debit is positive, credit is negative. Source: the design's page on money, 3.2.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.money import Money, currency_choices


class Book(models.TextChoices):
    LIVE = "live", pgettext_lazy("book", "Live")
    SANDBOX = "sandbox", _("Sandbox")


class Side(models.TextChoices):
    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class AccountKind(models.TextChoices):
    """What an account counts. The owner, where a kind has one, is a Creator's primary key."""

    STRIPE_CLEARING = "stripe_clearing", _("Money at the payment provider")
    STRIPE_FEES = "stripe_fees", _("Fees of the payment provider")
    PLATFORM_REVENUE = "platform_revenue", _("Platform fees")
    TAX_PAYABLE = "tax_payable", _("Tax to be paid")
    CREATOR_PENDING = "creator_pending", _("Creators: pending")
    CREATOR_AVAILABLE = "creator_available", _("Creators: available")
    CREATOR_RESERVE = "creator_reserve", _("Creators: reserve")
    AFFILIATE_PENDING = "affiliate_pending", _("Affiliates: pending")
    AFFILIATE_AVAILABLE = "affiliate_available", _("Affiliates: available")
    PAYOUT_IN_TRANSIT = "payout_in_transit", _("Creators: in transit")
    DISPUTE_HOLD = "dispute_hold", _("Held in disputes")
    REFUND_EXPENSE = "refund_expense", _("Refunds borne by the platform")
    BAD_DEBT = "bad_debt", _("Bad debt")
    FX_GAIN_LOSS = "fx_gain_loss", _("Exchange gains and losses")
    ROUNDING = "rounding", _("Rounding")

    @property
    def side(self) -> Side:
        """The side on which the account normally stands; its balance is shown in that direction."""
        return Side.DEBIT if self in _DEBIT_KINDS else Side.CREDIT

    @property
    def is_owned(self) -> bool:
        """Whether each creator has her own. Only these are cached: the platform's would be one hot row for all."""
        return self in _OWNED_KINDS

    @property
    def floor_minor(self) -> int | None:
        """The least that a payout hold may leave; refunds and disputes may go below."""
        return 0 if self in (AccountKind.CREATOR_AVAILABLE, AccountKind.AFFILIATE_AVAILABLE) else None


_DEBIT_KINDS = {
    AccountKind.STRIPE_CLEARING,
    AccountKind.STRIPE_FEES,
    AccountKind.DISPUTE_HOLD,
    AccountKind.REFUND_EXPENSE,
    AccountKind.BAD_DEBT,
}
_OWNED_KINDS = {
    AccountKind.CREATOR_PENDING,
    AccountKind.CREATOR_AVAILABLE,
    AccountKind.CREATOR_RESERVE,
    AccountKind.AFFILIATE_PENDING,
    AccountKind.AFFILIATE_AVAILABLE,
    AccountKind.PAYOUT_IN_TRANSIT,
}


class EntryKind(models.TextChoices):
    SALE = "sale", _("Sale")
    FEE = "fee", _("Provider's fee")
    RELEASE = "release", _("Release")
    REFUND = "refund", _("Refund")
    PAYOUT_HOLD = "payout_hold", _("Payout begun")
    PAYOUT_SENT = "payout_sent", _("Payout sent")
    PAYOUT_VOID = "payout_void", _("Payout withdrawn")
    REVERSAL = "reversal", _("Reversal")


@dataclass(frozen=True)
class AccountRef:
    """The name of an account, apart from book and currency: its kind, and the creator where the kind has one."""

    kind: AccountKind
    owner_id: int | None = None


class LedgerAccountQuerySet(models.QuerySet["LedgerAccount"]):
    def named(self, book: str, names: set[tuple[AccountRef, str]]) -> dict[tuple[AccountRef, str], "LedgerAccount"]:
        """The accounts of these (ref, currency), opened where they are not there yet."""
        found = self._standing(book, names)
        if missing := names - found.keys():
            # In one order for everybody: two sales that open the same accounts must not wait for each other.
            ordered = sorted(missing, key=lambda name: (name[0].kind, name[0].owner_id or 0, name[1]))
            self.bulk_create([_account(book, ref, currency) for ref, currency in ordered], ignore_conflicts=True)
            found = self._standing(book, names)
        return found

    def _standing(self, book: str, names: set[tuple[AccountRef, str]]) -> dict:
        owners = {ref.owner_id for ref, _currency in names if ref.owner_id is not None}
        rows = self.filter(
            Q(owner_id=None) | Q(owner_id__in=owners),
            book=book,
            kind__in={ref.kind for ref, _currency in names},
            currency__in={currency for _ref, currency in names},
        )
        by_name = {(AccountRef(AccountKind(row.kind), row.owner_id), row.currency): row for row in rows}
        return {name: row for name, row in by_name.items() if name in names}


def _account(book: str, ref: AccountRef, currency: str) -> "LedgerAccount":
    return LedgerAccount(
        book=book,
        kind=ref.kind,
        owner_id=ref.owner_id,
        currency=currency,
        normal_side=ref.kind.side,
        cached=ref.kind.is_owned,
        floor_minor=ref.kind.floor_minor,
    )


class LedgerAccount(models.Model):
    """One thing counted in one currency of one book: the platform's fees in USD, or what Ada has available in JPY."""

    book = models.CharField(max_length=8, choices=Book.choices)
    kind = models.CharField(max_length=24, choices=AccountKind.choices)
    owner_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, choices=currency_choices())
    normal_side = models.CharField(max_length=6, choices=Side.choices)
    cached = models.BooleanField()
    floor_minor = models.BigIntegerField(null=True)

    objects = LedgerAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "owner_id", "currency"], nulls_distinct=False, name="one_ledger_account"
            ),
            # What the postings' composite foreign key points at.
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_currency"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(_OWNED_KINDS), owner_id__isnull=False, cached=True)
                | (~Q(kind__in=sorted(_OWNED_KINDS)) & Q(owner_id=None, cached=False)),
                name="ledger_account_owner_by_kind",
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
    def write_once(self, **values: Any) -> "LedgerEntry | None":
        """Insert the entry, or None when its key is there already.

        A second writer of the same key waits here until the first one's transaction has ended.
        """
        values["meta"] = json.dumps(values["meta"], cls=DjangoJSONEncoder)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO payments_ledgerentry"
                " (book, idem_key, payload_hash, kind, reverses_id, occurred_at, created_at, meta)"
                " VALUES (%(book)s, %(idem_key)s, %(payload_hash)s, %(kind)s, %(reverses_id)s, %(occurred_at)s,"
                " statement_timestamp(), %(meta)s) ON CONFLICT DO NOTHING RETURNING id, created_at",
                values,
            )
            row: tuple[int, datetime] | None = cursor.fetchone()
        if row is None:
            return None
        return LedgerEntry(id=row[0], created_at=row[1], **{**values, "meta": json.loads(values["meta"])})

    def line_up(self, entry: "LedgerEntry", lines: Iterable[tuple["LedgerAccount", int]]) -> None:
        """The entry's postings, in account order: everybody locks cached balances in the same order."""
        ordered = sorted(lines, key=lambda line: line[0].pk)
        LedgerPosting.objects.bulk_create(
            [LedgerPosting(entry=entry, account=a, currency=a.currency, amount_minor=minor) for a, minor in ordered]
        )


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


class LedgerBalance(models.Model):
    """The sum of a creator's account's postings, kept by a trigger in the transaction of each posting."""

    account = models.OneToOneField(LedgerAccount, primary_key=True, on_delete=models.PROTECT, related_name="balance")
    amount_minor = models.BigIntegerField()
    last_posting_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor:+d}"
