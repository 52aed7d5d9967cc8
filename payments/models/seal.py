"""The chain of days: what seals a day's entries, so that a later change shows. Written by `payments.proof.seals`."""

import secrets
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from .ledger import LedgerAccount
from .ledger_kinds import Book


def new_secret() -> bytes:
    return secrets.token_bytes(32)


class LedgerSealQuerySet(models.QuerySet["LedgerSeal"]):
    def of(self, book: str) -> "LedgerSealQuerySet":
        """One book's chain, in its order."""
        return self.filter(book=book).order_by("day")

    def newest(self, book: str) -> "LedgerSeal | None":
        return self.of(book).last()

    @transaction.atomic
    def add(self, *, leaves: bytes, stands: "list[SealedAccount]", **facts: Any) -> "LedgerSeal":
        """The next seal of a chain, with its entries' hashes, and where the accounts stood that moved."""
        seal = self.create(**facts)
        LedgerSealLeaves.objects.create(seal=seal, rows=leaves)
        for stand in stands:
            stand.seal = seal
        SealedAccount.objects.bulk_create(stands, batch_size=2000)
        return seal

    def covering(self, book: str, entry_id: int) -> "LedgerSeal":
        """The seal that holds this entry, with its leaves."""
        held = self.of(book).filter(first_id__lte=entry_id, last_id__gte=entry_id)
        return held.select_related("leaves").get()


class LedgerSeal(models.Model):
    """One book's entries of one day, sealed: how many, from which id to which, their Merkle root, and the chain's hash.

    A seal holds the entries whose id follows the last seal's and that were written before the day's end. A day without
    entries has a seal as well. `secret` salts the hashes of single lines, so that nobody can guess another's amounts
    from a proof; it is not published.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    day = models.DateField()
    entries = models.PositiveBigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    root = models.CharField(max_length=64)
    # The Merkle root of where the creators' accounts stood that moved; empty in seals of the time before that.
    accounts = models.CharField(max_length=64, blank=True, default="", db_default="")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    secret = models.BinaryField(max_length=32, default=new_secret)
    sealed_at = models.DateTimeField(auto_now_add=True)

    objects = LedgerSealQuerySet.as_manager()

    class Meta:
        ordering = ["book", "day"]
        constraints = [
            models.UniqueConstraint(fields=["book", "day"], name="one_seal_a_day"),
            # Two writers of the chain cannot both follow the same seal.
            models.UniqueConstraint(fields=["book", "previous"], name="one_seal_follows_another"),
            models.CheckConstraint(condition=Q(entries=0) | Q(last_id__gte=models.F("first_id")), name="seal_range"),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.day} {self.hash[:12]}"


class SealedAccount(models.Model):
    """Where a creator's account stood behind the last entry of a seal, in which it moved.

    How many lines it had since it began, and what they sum to (debit positive). Sealed with the day: whoever leaves a
    line out of a statement is found by the count.
    """

    seal = models.ForeignKey(LedgerSeal, on_delete=models.PROTECT, related_name="stands")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="stands", db_index=False)
    lines = models.PositiveBigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "seal"], name="an_account_once_a_seal")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.lines} lines, {self.amount_minor:+d}"


class LedgerSealLeaves(models.Model):
    """The hash of every entry of a seal, 40 bytes each: the entry's id and its hash. They name what was changed."""

    seal = models.OneToOneField(LedgerSeal, primary_key=True, on_delete=models.PROTECT, related_name="leaves")
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"leaves of {self.seal_id}"

    @property
    def hashes(self) -> dict[int, bytes]:
        """Entry id → hash, in the seal's order."""
        raw = bytes(self.rows)
        steps = range(0, len(raw), 40)
        return {int.from_bytes(raw[at : at + 8], "big"): raw[at + 8 : at + 40] for at in steps}

    @staticmethod
    def packed(hashes: dict[int, bytes]) -> bytes:
        return b"".join(pk.to_bytes(8, "big") + hash_ for pk, hash_ in hashes.items())
