"""What the gateway hands to the rest of the house: small frozen records, never the provider's own objects.

They are read whatever currency the provider tells of: an amount in one that is not known here is an `Unread`, which
fits nothing that was asked for and which the ledger does not take.
"""

import calendar
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from marketplace.lib.money import Money, Unread, as_told

Raw = dict[str, Any]


@dataclass(frozen=True)
class BalanceTransaction:
    """A movement on the platform's balance. `amount`, `fee` and `net` are in the settlement currency.

    `exchange_rate` is the provider's own decimal where it converted, for people to read; empty where it did not.
    """

    id: str
    type: str
    source: str
    amount: Money
    fee: Money
    net: Money
    created_at: datetime
    available_on: datetime
    exchange_rate: str = ""

    @classmethod
    def read(cls, raw: Raw) -> "BalanceTransaction":
        return cls(
            raw["id"], raw["type"], raw.get("source") or "",
            amount=_money(raw, "amount"), fee=_money(raw, "fee"), net=_money(raw, "net"),
            created_at=_time(raw["created"]), available_on=_time(raw["available_on"]),
            exchange_rate="" if raw.get("exchange_rate") is None else str(raw["exchange_rate"])[:32],
        )  # fmt: skip

    @property
    def is_unread(self) -> bool:
        """In a currency that is not known here."""
        return isinstance(self.net, Unread)


@dataclass(frozen=True)
class Charge:
    """Money taken from a buyer. `balance_transaction` may come later than the success itself, and is left to the
    provider's list where it is in a currency that is not known here: the sale need not wait for it.

    `method` is by what it was paid: "card visa 4242" (kind, brand, last four digits), "alipay"; "" where unknown.
    """

    id: str
    reference: str
    amount: Money
    amount_refunded: Money
    is_paid: bool
    balance_transaction: BalanceTransaction | None
    method: str = ""
    # Where the means of payment was kept: whose, and which.
    customer_id: str = ""
    method_id: str = ""
    # Of a card: the last day on which it is good.
    card_until: date | None = None

    @classmethod
    def read(cls, raw: Raw) -> "Charge":
        told = raw.get("balance_transaction")
        moved = BalanceTransaction.read(told) if isinstance(told, dict) else None
        return cls(
            raw["id"], (raw.get("metadata") or {}).get("order", ""), _money(raw, "amount"),
            _money(raw, "amount_refunded"), bool(raw["paid"]),
            None if moved is None or moved.is_unread else moved, _method(raw),
            customer_id=raw.get("customer") or "", method_id=raw.get("payment_method") or "",
            card_until=_card_until(raw),
        )  # fmt: skip


def _card_until(raw: Raw) -> date | None:
    card = (raw.get("payment_method_details") or {}).get("card") or {}
    year, month = card.get("exp_year"), card.get("exp_month")
    if not (isinstance(year, int) and isinstance(month, int) and 1 <= month <= 12 and 2000 <= year <= 9000):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def _method(raw: Raw) -> str:
    """Of a charge. What a card is called goes into a column of ours, so nothing but plain signs comes through."""
    told = raw.get("payment_method_details") or {}
    kind = str(told.get("type") or "")
    card = told.get(kind) or {}
    parts = [kind, card.get("brand"), card.get("last4")] if kind == "card" else [kind]
    return " ".join(re.sub(r"[^a-z0-9_-]", "", str(part or "").lower()) for part in parts).strip()[:40]


@dataclass(frozen=True)
class SessionTax:
    """What Stripe Tax reckoned: the sum, and its name and basis points where it is one rate ("" and None otherwise)."""

    amount: Money
    country: str
    name: str
    bps: int | None

    @classmethod
    def read(cls, raw: Raw) -> "SessionTax | None":
        """None where the session has no automatic tax."""
        if not (raw.get("automatic_tax") or {}).get("enabled"):
            return None
        details = raw.get("total_details") or {}
        address = (raw.get("customer_details") or {}).get("address") or {}
        told = (details.get("breakdown") or {}).get("taxes") or []
        rates = [tax["rate"] for tax in told if tax["amount"]]
        one = rates[0] if len({rate["percentage"] for rate in rates}) == 1 else {}
        return cls(
            as_told(details.get("amount_tax") or 0, raw["currency"]), address.get("country") or "",
            one.get("display_name", "")[:40], _basis_points(one["percentage"]) if one else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Session:
    """A hosted checkout page: `status` open, complete or expired; `charge` once there is one.

    Complete and not paid: the money comes later, or has failed to come. `amount` is `subtotal` and the tax on top of
    it; `tax` is None where the provider reckons none.
    """

    id: str
    url: str
    status: str
    is_paid: bool
    has_failed: bool
    amount: Money
    reference: str
    expires_at: datetime
    charge: Charge | None
    subtotal: Money
    tax: SessionTax | None

    @classmethod
    def read(cls, raw: Raw) -> "Session":
        intent = raw.get("payment_intent")
        intent = intent if isinstance(intent, dict) else {}
        charge = intent.get("latest_charge")
        # A late payment that did not come leaves the session complete and its intent without a method.
        has_failed = raw["status"] == "complete" and intent.get("status") in ("requires_payment_method", "canceled")
        return cls(
            raw["id"], raw.get("url") or "", raw["status"], raw["payment_status"] == "paid", has_failed,
            as_told(raw["amount_total"], raw["currency"]), raw.get("client_reference_id") or "",
            _time(raw["expires_at"]), Charge.read(charge) if isinstance(charge, dict) else None,
            as_told(raw["amount_subtotal"], raw["currency"]), SessionTax.read(raw),
        )  # fmt: skip

    @classmethod
    def unseen(cls, charge: Charge) -> "Session":
        """Of money that was taken without a page: the charge says all that one would."""
        return cls(
            "", "", "complete", charge.is_paid, False, charge.amount, charge.reference, datetime.fromtimestamp(0, UTC),
            charge, charge.amount, None,
        )  # fmt: skip


@dataclass(frozen=True)
class Intent:
    """A payment that was asked for without its buyer. `error`: the bank's or the provider's word for why it failed."""

    id: str
    status: str
    reference: str
    amount: Money
    charge_id: str
    error: str

    @classmethod
    def read(cls, raw: Raw) -> "Intent":
        return cls(
            raw["id"], raw["status"], (raw.get("metadata") or {}).get("order", ""), _money(raw, "amount"),
            str(raw.get("latest_charge") or ""), str((raw.get("last_payment_error") or {}).get("code") or ""),
        )  # fmt: skip


@dataclass(frozen=True)
class ProviderRefund:
    """Money given back. `status`: pending, requires_action, succeeded, failed or canceled."""

    id: str
    charge_id: str
    amount: Money
    status: str
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Raw) -> "ProviderRefund":
        return cls(raw["id"], raw.get("charge") or "", _money(raw, "amount"), raw["status"], raw.get("metadata") or {})


@dataclass(frozen=True)
class ProviderDispute:
    """A buyer's bank asks for money of a charge back. `status` is the provider's word, `moves` what it caused."""

    id: str
    charge_id: str
    amount: Money
    reason: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    submissions: int
    moves: tuple[BalanceTransaction, ...]
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Raw) -> "ProviderDispute":
        details = raw.get("evidence_details") or {}
        due, charge = details.get("due_by"), raw["charge"]
        return cls(
            raw["id"], charge["id"] if isinstance(charge, dict) else charge, _money(raw, "amount"), raw["reason"],
            raw["status"], opened_at=_time(raw["created"]), due_at=_time(due) if due else None,
            submissions=details.get("submission_count") or 0,
            moves=tuple(BalanceTransaction.read(move) for move in raw["balance_transactions"]),
            metadata=raw.get("metadata") or {},
        )  # fmt: skip


@dataclass(frozen=True)
class Transfer:
    """Money sent to a recipient."""

    id: str
    amount: Money
    amount_reversed: Money
    destination: str
    transfer_group: str
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Raw) -> "Transfer":
        return cls(
            raw["id"], _money(raw, "amount"), _money(raw, "amount_reversed"), raw.get("destination") or "",
            raw.get("transfer_group") or "", raw.get("metadata") or {},
        )  # fmt: skip


@dataclass(frozen=True)
class Balance:
    """What the platform holds at the provider, by currency."""

    available: dict[str, Money]
    pending: dict[str, Money]

    @classmethod
    def read(cls, raw: Raw) -> "Balance":
        def by_currency(part: str) -> dict[str, Money]:
            held = (_money(entry, "amount") for entry in raw[part])
            return {amount.currency: amount for amount in held}

        return cls(by_currency("available"), by_currency("pending"))

    @property
    def whole(self) -> dict[str, Money]:
        """Both together."""
        both = dict(self.pending)
        for currency, amount in self.available.items():
            both[currency] = amount + both[currency] if currency in both else amount
        return both


def _money(raw: Raw, name: str) -> Money:
    return as_told(raw[name], raw["currency"])


def _basis_points(percentage: Any) -> int:
    """ "8.875" percent, however the library hands it over, is 888 basis points."""
    return int((Decimal(str(percentage)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _time(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def recipient_status(raw: Raw) -> str:
    """Whether transfers may be sent to a connected account: active, pending or restricted."""
    recipient = (raw.get("configuration") or {}).get("recipient") or {}
    transfers = ((recipient.get("capabilities") or {}).get("stripe_balance") or {}).get("stripe_transfers") or {}
    status = transfers.get("status", "restricted")
    return status if status in ("active", "pending") else "restricted"
