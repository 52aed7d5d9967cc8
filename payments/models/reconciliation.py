"""The provider's own list of movements beside our entries, and what does not fit. Source: the money page, 3.6."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money, Unread, known_currency_choices

from ..provider_shapes import BalanceTransaction
from .ledger import Book, LedgerEntry

# From this age on a break is an alert, and a clearing line must have been seen at the provider twice as long after.
TOO_OLD = timedelta(hours=24)


class NoteMissing(DomainError):
    code = "note_missing"
    message = _("Say how this break was settled.")


class ProviderTransactionQuerySet(models.QuerySet["ProviderTransaction"]):
    def take_in(self, moved: list[BalanceTransaction], book: str) -> int:
        """Keep what is new of the provider's list. Returns how many were new."""
        known = set(self.filter(pk__in=[one.id for one in moved]).values_list("pk", flat=True))
        fresh = [_row(one, book) for one in moved if one.id not in known]
        ProviderTransaction.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
        return len(fresh)

    def unmatched(self, book: str) -> "ProviderTransactionQuerySet":
        """Movements whose entries are not all found yet."""
        return self.filter(book=book, matched__isnull=True).order_by("created", "pk")


class ProviderTransaction(models.Model):
    """One movement on the platform's balance as the provider lists it. `amount` less `fee` is `net`; money in is +.

    In the currency of the balance that it moved: when that is not the charge's, `exchange_rate` says how it came about.
    """

    id = models.CharField(primary_key=True, max_length=80)
    book = models.CharField(max_length=8, choices=Book.choices)
    type = models.CharField(max_length=60)
    source = models.CharField(max_length=80, blank=True)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=known_currency_choices())
    # The provider's decimal in its own digits; for people to read, never to calculate with.
    exchange_rate = models.CharField(max_length=32, blank=True)
    created = models.DateTimeField()
    available_on = models.DateTimeField()
    taken_in_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderTransactionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["book", "created"], name="provider_txn_created"),
            models.Index(fields=["source"], name="provider_txn_source"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    def differs(self, said: BalanceTransaction) -> bool:
        """Whether the provider now lists this movement with other amounts than when it was taken in."""
        return (said.type, said.source, said.amount, said.fee, said.net) != (
            self.type, self.source, self.amount, self.fee, self.net,
        )  # fmt: skip


def _row(said: BalanceTransaction, book: str) -> ProviderTransaction:
    return ProviderTransaction(
        id=said.id, book=book, type=said.type, source=said.source, amount_minor=said.amount.minor,
        fee_minor=said.fee.minor, net_minor=said.net.minor, currency=said.net.currency,
        exchange_rate=said.exchange_rate, created=said.created_at, available_on=said.available_on,
    )  # fmt: skip


class ProviderMatchQuerySet(models.QuerySet["ProviderMatch"]):
    def note(self, pairs: "Iterable[tuple[LedgerEntry, ProviderTransaction]]") -> None:
        """Each entry books that movement; noted before, it stays as it is."""
        rows = (ProviderMatch(entry=entry, transaction=moved) for entry, moved in pairs)
        ProviderMatch.objects.bulk_create(rows, ignore_conflicts=True)


class ProviderMatch(models.Model):
    """An entry of ours and the movement at the provider that it books. An entry books one movement at most."""

    entry = models.OneToOneField(LedgerEntry, primary_key=True, on_delete=models.PROTECT, related_name="provider_match")
    transaction = models.ForeignKey(ProviderTransaction, on_delete=models.PROTECT, related_name="matched")
    matched_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderMatchQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.entry_id} = {self.transaction_id}"


class ReconBreakQuerySet(models.QuerySet["ReconBreak"]):
    def open(self) -> "ReconBreakQuerySet":
        return self.filter(resolved_at=None)

    def settled(self) -> "ReconBreakQuerySet":
        """Newest first."""
        return self.exclude(resolved_at=None).order_by("-resolved_at")

    def old(self, now: datetime | None = None) -> "ReconBreakQuerySet":
        """Open for longer than a day."""
        return self.open().filter(found_at__lt=(now or timezone.now()) - TOO_OLD)

    def note(self, kind: str, key: str, *, book: str, amount: Money | None, note: str) -> "ReconBreak":
        """Something does not fit. Found again while it is open, it is the same break, with its first age.

        An amount in a currency that is not known here stands in the note alone.
        """
        amount = None if isinstance(amount, Unread) else amount
        standing = self.filter(book=book, kind=kind, key=key[:200], resolved_at=None)
        facts = {
            "amount_minor": None if amount is None else amount.minor,
            "currency": "" if amount is None else amount.currency,
            "note": note[:500],
        }
        if not standing.update(**facts):
            row = ReconBreak(book=book, kind=kind, key=key[:200], **facts)
            ReconBreak.objects.bulk_create([row], ignore_conflicts=True)
        return standing.get()

    def asked_least(self, kind: str, *, book: str, most: int) -> "ReconBreakQuerySet":
        """Of the open ones of this kind those that nobody asked the provider about, then those asked longest ago."""
        return self.open().filter(kind=kind, book=book).order_by(F("asked_at").asc(nulls_first=True), "pk")[:most]

    def note_asked(self, rows: "Iterable[ReconBreak]") -> None:
        """The provider is asked about these now."""
        self.filter(pk__in=[row.pk for row in rows]).update(asked_at=timezone.now())

    def judged(self, kind: str, *, book: str) -> set[str]:
        """The keys of which a person has said how they were settled."""
        return set(self.filter(kind=kind, book=book, resolved_by__isnull=False).values_list("key", flat=True))

    def settle(self, kind: str, *, book: str, but: "set[str]") -> int:
        """A run found whole what it had found broken of this kind, all `but` these keys."""
        gone = self.open().filter(kind=kind, book=book).exclude(key__in=but)
        return gone.update(resolved_at=timezone.now(), resolution="Found whole by a later run")


class ReconBreak(models.Model):
    """Our books and the provider disagree on one thing since `found_at`.

    It ends when a later run finds it whole, or when a person says how it was settled.
    """

    class Kind(models.TextChoices):
        UNBOOKED = "unbooked", _("The provider moved money that no entry books")
        UNSEEN = "unseen", _("An entry says that money moved, and the provider lists nothing of it")
        AMOUNT = "amount", _("Booked with another amount than the provider lists")
        UNKNOWN_TYPE = "unknown_type", _("A movement of a kind that the books do not know")
        UNKNOWN_CURRENCY = "unknown_currency", _("A movement in a currency that is not known here")
        CHANGED = "changed", _("The provider lists a movement otherwise than before")
        BALANCE = "balance", _("Our clearing and the provider's balance differ")
        EVENT = "event", _("A payment's amount or currency is not what was asked for")

    book = models.CharField(max_length=8, choices=Book.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    # When the provider was asked about it alone, where a run does so.
    asked_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=300, blank=True)

    objects = ReconBreakQuerySet.as_manager()

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "key"], condition=Q(resolved_at=None), name="one_open_break_a_thing"
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False), name="break_resolved_by_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def age(self) -> timedelta:
        return (self.resolved_at or timezone.now()) - self.found_at

    @property
    def is_old(self) -> bool:
        return self.resolved_at is None and self.age > TOO_OLD

    @transaction.atomic
    def resolve(self, *, by: Any, note: str) -> None:
        """A person of finance says how it was settled. A break that stands is found again by the next run, but for a
        movement that the books cannot take: of that her word is the last.
        """
        if not by.has_role("finance"):
            raise NotAllowed
        if not note.strip():
            raise NoteMissing
        ended = ReconBreak.objects.open().filter(pk=self.pk)
        if ended.update(resolved_at=timezone.now(), resolved_by=by, resolution=note.strip()[:300]):
            audit.record(by, "books.resolve_break", self, reason=note.strip()[:300])
            self.refresh_from_db()


class ProviderCursorQuerySet(models.QuerySet["ProviderCursor"]):
    def since(self, name: str, book: str, *, overlap: timedelta, first: timedelta) -> datetime:
        """From when to ask the provider: a little before the last good answer; at first, `first` ago."""
        kept = self.filter(name=name, book=book).values_list("through", flat=True).first()
        return (kept - overlap) if kept else clock.now() - first

    def advance(self, name: str, book: str, through: datetime) -> None:
        """Everything until `through` was taken in. It never goes back."""
        row = ProviderCursor(name=name, book=book, through=through)
        ProviderCursor.objects.bulk_create([row], ignore_conflicts=True)
        self.filter(name=name, book=book, through__lt=through).update(through=through)


class ProviderCursor(models.Model):
    """Until when one of the provider's lists was taken in, by the provider's clock; and, by the real one, when our
    books were last compared with it as a whole.
    """

    COMPARED = "compared"

    name = models.CharField(max_length=24)
    book = models.CharField(max_length=8, choices=Book.choices)
    through = models.DateTimeField()

    objects = ProviderCursorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "book"], name="one_provider_cursor")]

    def __str__(self) -> str:
        return f"{self.name} {self.book} {self.through:%Y-%m-%d %H:%M}"
