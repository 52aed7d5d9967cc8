"""The sandbox's record of money moved: one row a movement on the platform's balance. This is the oracle's source."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Sum

from marketplace.lib import clock

from .. import settlement
from .thing import Thing, epoch, id_field

# What a card payment costs, by currency: basis points, and a fixed part in the provider's units.
FEE_BPS = 290
FIXED_FEE = {"usd": 30, "eur": 25, "gbp": 20, "cny": 200, "hkd": 235, "sgd": 50, "twd": 1000}
SETTLES_AFTER = timedelta(days=2)


def fee_for(amount: int, currency: str) -> int:
    return min(amount, (amount * FEE_BPS + 5_000) // 10_000 + FIXED_FEE.get(currency, 0))


class TransactionQuerySet(models.QuerySet["SandboxTransaction"]):
    def move(
        self, type_: str, amount: int, currency: str, source: str, fee: int = 0, settles: bool = False
    ) -> "SandboxTransaction":
        """Note that `amount` (signed: money in is positive) less `fee` moved on the platform's balance.

        Where the sandbox settles this currency in another, both are exchanged on their way.
        """
        exchange = settlement.of(currency)
        if exchange is not None:
            amount, fee, currency = exchange.convert(amount), exchange.convert(fee), exchange.into
        now = clock.now()
        available_on = now + SETTLES_AFTER if settles else now
        return self.create(
            type=type_, amount=amount, fee=fee, net=amount - fee, currency=currency, source=source,
            created=now, available_on=available_on, exchange_rate=exchange.rate_text if exchange else "",
        )  # fmt: skip

    def balances(self, *, available: bool) -> dict[str, int]:
        """What the platform holds by currency: settled money, or money that is still on its way."""
        now = clock.now()
        rows = self.filter(available_on__lte=now) if available else self.filter(available_on__gt=now)
        return dict(rows.values_list("currency").annotate(total=Sum("net")).order_by("currency"))


class SandboxTransaction(Thing):
    """Money that moved on the platform's balance. Append-only."""

    id = id_field("txn")
    type = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    net = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=80, db_index=True)
    available_on = models.DateTimeField()
    exchange_rate = models.CharField(max_length=20, blank=True)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(net=models.F("amount") - models.F("fee")), name="sandbox_net")
        ]

    @property
    def category(self) -> str:
        """The provider's accounting word: the only adjustments here are those of disputes."""
        if self.type != "adjustment":
            return self.type
        return "dispute" if self.amount < 0 else "dispute_reversal"

    def as_stripe(self) -> dict[str, Any]:
        fee = {"amount": self.fee, "application": None, "currency": self.currency, "type": "stripe_fee"}
        return {
            "id": self.pk,
            "object": "balance_transaction",
            "amount": self.amount,
            "available_on": epoch(self.available_on),
            "balance_type": "payments",
            "created": epoch(self.created),
            "currency": self.currency,
            "description": None,
            "exchange_rate": settlement.as_number(self.exchange_rate),
            "fee": self.fee,
            "fee_details": [{**fee, "description": "Sandbox processing fee"}] if self.fee else [],
            "net": self.net,
            "reporting_category": self.category,
            "source": self.source,
            "status": "available" if self.available_on <= clock.now() else "pending",
            "type": self.type,
        }
