"""Transfers: money that leaves the platform's balance for a recipient."""

from typing import Any

from django.db import connection, models

from marketplace.lib.money import Money, as_told

from ..errors import Refusal
from .account import SandboxAccount
from .event import SandboxEvent
from .thing import Thing, epoch, id_field
from .transaction import SandboxTransaction


class TransferQuerySet(models.QuerySet["SandboxTransfer"]):
    def send(
        self, *, amount: int, currency: str, to: SandboxAccount, group: str, metadata: dict[str, str]
    ) -> "SandboxTransfer":
        if to.transfers != SandboxAccount.Transfers.ACTIVE:
            raise Refusal(
                "Your destination account needs to have at least the transfers capability enabled.",
                code="insufficient_capabilities_for_transfer",
            )
        with connection.cursor() as cursor:  # two transfers at once must not both see the same money
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kezhan sandbox balance'))")
        if SandboxTransaction.objects.balances(available=True).get(currency, 0) < amount:
            raise Refusal("You have insufficient available funds in your account.", code="balance_insufficient")
        transfer = self.create(amount=amount, currency=currency, destination=to, group=group, metadata=metadata)
        SandboxTransaction.objects.move("transfer", -amount, currency, transfer.pk)
        SandboxEvent.objects.emit("transfer.created", transfer.as_stripe())
        return transfer


class SandboxTransfer(Thing):
    """Money sent to one recipient."""

    id = id_field("tr")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    destination = models.ForeignKey(SandboxAccount, on_delete=models.PROTECT)
    group = models.CharField(max_length=200, blank=True, db_index=True)

    objects = TransferQuerySet.as_manager()

    @property
    def amount_reversed(self) -> int:
        return sum(reversal.amount for reversal in self.reversals.all())

    @property
    def total(self) -> Money:
        return as_told(self.amount, self.currency)

    @property
    def is_reversed(self) -> bool:
        return self.amount_reversed == self.amount

    def take_back(self, amount: int | None, metadata: dict[str, str]) -> "SandboxReversal":
        left = self.amount - self.amount_reversed
        amount = left if amount is None else amount
        if not 0 < amount <= left:
            raise Refusal(f"Only {left} of this transfer can be reversed.", code="transfer_reversal_too_large")
        reversal = self.reversals.create(amount=amount, currency=self.currency, metadata=metadata)
        SandboxTransaction.objects.move("transfer_refund", amount, self.currency, reversal.pk)
        SandboxEvent.objects.emit("transfer.reversed", SandboxTransfer.objects.get(pk=self.pk).as_stripe())
        return reversal

    def as_stripe(self) -> dict[str, Any]:
        moved = SandboxTransaction.objects.filter(source=self.pk).values_list("pk", flat=True).first()
        reversals = [reversal.as_stripe() for reversal in self.reversals.all()]
        return {
            "id": self.pk,
            "object": "transfer",
            "amount": self.amount,
            "amount_reversed": self.amount_reversed,
            "balance_transaction": moved,
            "created": epoch(self.created),
            "currency": self.currency,
            "description": None,
            "destination": self.destination_id,
            "livemode": False,
            "metadata": self.metadata,
            "reversals": {
                "object": "list",
                "data": reversals,
                "has_more": False,
                "url": f"/v1/transfers/{self.pk}/reversals",
            },
            "reversed": self.amount_reversed == self.amount,
            "source_transaction": None,
            "source_type": "card",
            "transfer_group": self.group or None,
        }


class SandboxReversal(Thing):
    """Money of a transfer that came back."""

    id = id_field("trr")
    transfer = models.ForeignKey(SandboxTransfer, on_delete=models.PROTECT, related_name="reversals")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    def as_stripe(self) -> dict[str, Any]:
        return {
            "id": self.pk,
            "object": "transfer_reversal",
            "amount": self.amount,
            "balance_transaction": None,
            "created": epoch(self.created),
            "currency": self.currency,
            "destination_payment_refund": None,
            "metadata": self.metadata,
            "source_refund": None,
            "transfer": self.transfer_id,
        }
