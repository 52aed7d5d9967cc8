"""The only code that speaks to Stripe. Live HTTP and the sandbox are two transports below the very same requests.

Every write carries a key of ours, which names the act (the library's own random key protects only its own retries).
An error says what is known: refused means that nothing happened; unknown means that it may have happened.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NoAnswer
from marketplace.lib.money import Money, provider_amount

from . import provider_shapes as shapes
from .kept_means import KeptMeans, keeping
from .provider_shapes import Balance, BalanceTransaction, Charge, ProviderDispute, ProviderRefund, Session, Transfer

LIVE_TIMEOUT_S = 20
_CHARGE = "balance_transaction"
_SESSION = "payment_intent.latest_charge.balance_transaction"
_TAXES = "total_details.breakdown"
Shape = TypeVar("Shape")


class GatewayError(DomainError):
    """The provider did not do what was asked. `provider_code` is its own word for why."""

    def __init__(self, message: Any = None, *, provider_code: str = "", **facts: Any) -> None:
        self.provider_code = provider_code
        super().__init__(message, provider_code=provider_code, **facts)

    @property
    def is_unknown_there(self) -> bool:
        """The provider has no such thing as was named."""
        return self.provider_code == "resource_missing"


class GatewayRefused(GatewayError):
    """A definitive no: nothing happened, and nothing will under this key."""

    code = "provider_refused"
    status = 502
    message = _("The payment provider refused this.")


class GatewayUnknown(GatewayError, NoAnswer):
    """No answer, or none that says what happened: it may have taken effect. Look it up before any new try."""

    code = "provider_unknown"
    status = 503
    message = _("The payment provider does not answer right now. Nothing is lost; try again in a minute.")
    # The provider keeps a 500 under its key and gives it again for a day: only another key can do better.
    is_kept_under_key = False


class CalledInsideTransaction(RuntimeError):
    """A foreign call inside a transaction of ours would hold locks for its length and could not be rolled back."""


class StripeGateway(KeptMeans):
    """Stripe, as far as the house needs it."""

    def __init__(self, http_client: stripe.HTTPClient, api_key: str, max_network_retries: int = 0) -> None:
        self._client = stripe.StripeClient(
            api_key, stripe_version=settings.STRIPE_VERSION, http_client=http_client,
            max_network_retries=max_network_retries,
        )  # fmt: skip

    # --- Buyers -----------------------------------------------------------------------------------------------------
    def create_checkout_session(
        self, *, lines: list[tuple[str, Money]], reference: str, email: str, language: str, success_url: str,
        cancel_url: str, expires_at: datetime, transfer_group: str, idempotency_key: str, tax_behavior: str = "",
        keeps: bool = False, customer: str = "",
    ) -> Session:  # fmt: skip
        """A hosted page that takes the sum of `lines`. The same key must come with the same arguments.

        With `tax_behavior` ("inclusive" or "exclusive") the page asks for the country and Stripe Tax reckons the tax.
        With `keeps` the means of payment is kept for `charge_kept`, with `customer` where there is one.
        """
        params: dict[str, Any] = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "line_items": [_line(name, amount, tax_behavior) for name, amount in lines],
            "client_reference_id": reference,
            "customer_email": email,
            "locale": "zh" if language.startswith("zh") else "en",
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "metadata": {"order": reference},
            "payment_intent_data": {"transfer_group": transfer_group, "metadata": {"order": reference}},
        }
        if tax_behavior:
            params |= {"automatic_tax": {"enabled": True}, "billing_address_collection": "required"}
        params = keeping(params, customer) if keeps else params
        sessions = self._client.v1.checkout.sessions
        return self._write(Session.read, sessions.create, idempotency_key, params=params)

    def retrieve_session(self, session_id: str) -> Session:
        """The session as it is now, with its charge and that charge's balance transaction where there are any."""
        return self._call(
            Session.read, self._client.v1.checkout.sessions.retrieve, session_id, params={"expand": [_SESSION, _TAXES]}
        )

    def expire_session(self, session_id: str) -> Session:
        """Close an unpaid page. Refused when it is complete or expired already.

        Closing twice closes once, so the key names the moment: a failure that is kept under it bars no later try.
        """
        key = f"expire:{session_id}:{datetime.now(UTC).timestamp()}"
        return self._write(Session.read, self._client.v1.checkout.sessions.expire, key, session_id)

    def retrieve_charge(self, charge_id: str) -> Charge:
        return self._call(Charge.read, self._client.v1.charges.retrieve, charge_id, params={"expand": [_CHARGE]})

    def create_refund(
        self, *, charge_id: str, amount: Money, idempotency_key: str, metadata: dict[str, str]
    ) -> ProviderRefund:
        """Give `amount` of a charge back to its buyer."""
        params = {
            "charge": charge_id, "amount": provider_amount(amount), "reason": "requested_by_customer",
            "metadata": metadata,
        }  # fmt: skip
        return self._write(ProviderRefund.read, self._client.v1.refunds.create, idempotency_key, params=params)

    def retrieve_refund(self, refund_id: str) -> ProviderRefund:
        return self._call(ProviderRefund.read, self._client.v1.refunds.retrieve, refund_id)

    def find_refunds(self, charge_id: str) -> list[ProviderRefund]:
        """Every refund of a charge, newest first."""
        return self._list(ProviderRefund.read, self._client.v1.refunds.list, {"charge": charge_id})

    # --- Disputes ---------------------------------------------------------------------------------------------------
    def retrieve_dispute(self, dispute_id: str) -> ProviderDispute:
        """The dispute as it is now, with every movement of money that it caused."""
        return self._call(ProviderDispute.read, self._client.v1.disputes.retrieve, dispute_id)

    def list_disputes(self, *, charge_id: str = "", created_since: datetime | None = None) -> list[ProviderDispute]:
        """Disputes of a charge, or all since a time, newest first."""
        params: dict[str, Any] = {"charge": charge_id} if charge_id else {}
        if created_since is not None:
            params["created"] = {"gte": int(created_since.timestamp())}
        return self._list(ProviderDispute.read, self._client.v1.disputes.list, params)

    def submit_evidence(
        self, dispute_id: str, fields: dict[str, str], *, idempotency_key: str, metadata: dict[str, str]
    ) -> ProviderDispute:
        """Send our side to the bank. It reads the first answer only."""
        params: dict[str, Any] = {"evidence": fields, "submit": True, "metadata": metadata}
        update = self._client.v1.disputes.update
        return self._write(ProviderDispute.read, update, idempotency_key, dispute_id, params=params)

    def accept_dispute(self, dispute_id: str, *, idempotency_key: str) -> ProviderDispute:
        """Let the buyer keep the money: the dispute is lost at once."""
        return self._write(ProviderDispute.read, self._client.v1.disputes.close, idempotency_key, dispute_id)

    # --- Creators ---------------------------------------------------------------------------------------------------
    def create_recipient(self, creator: Any) -> str:
        """A connected account that can be paid by transfer. `creator`: name, country, user. Returns its id."""
        params: dict[str, Any] = {
            "contact_email": creator.user.email,
            "display_name": creator.name,
            "dashboard": "express",
            "identity": {"country": (getattr(creator, "country", "") or "us").lower()},
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "metadata": {"creator": str(creator.pk)},
        }
        # The address is a part of what is asked: asked anew with another one, it is another request.
        address = hashlib.sha256(creator.user.email.encode()).hexdigest()[:16]
        key = f"recipient:{creator.pk}:{address}"
        return self._write(lambda raw: str(raw["id"]), self._client.v2.core.accounts.create, key, params=params)

    def recipient_status(self, account_id: str) -> str:
        """Whether transfers may be sent there: "active", "pending" or "restricted"."""
        params = {"include": ["configuration.recipient"]}
        return self._call(shapes.recipient_status, self._client.v2.core.accounts.retrieve, account_id, params=params)

    def onboarding_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """A single-use page of the provider where the creator proves who she is."""
        flow = {"configurations": ["recipient"], "return_url": return_url, "refresh_url": refresh_url}
        params = {"account": account_id, "use_case": {"type": "account_onboarding", "account_onboarding": flow}}
        # A link is meant to be new at every visit, so the key names the moment and not the act.
        key = f"onboarding:{account_id}:{datetime.now(UTC).timestamp()}"
        return self._write(lambda raw: str(raw["url"]), self._client.v2.core.account_links.create, key, params=params)

    def dashboard_link(self, account_id: str) -> str:
        """A single-use way into the provider's own page of an account that is ready."""
        key = f"dashboard:{account_id}:{datetime.now(UTC).timestamp()}"
        links = self._client.v1.accounts.login_links
        return self._write(lambda raw: str(raw["url"]), links.create, key, account_id)

    def create_transfer(
        self, amount: Money, destination: str, transfer_group: str, idempotency_key: str, metadata: dict[str, str]
    ) -> Transfer:
        params = {
            "amount": provider_amount(amount), "currency": amount.currency.lower(), "destination": destination,
            "transfer_group": transfer_group, "metadata": metadata,
        }  # fmt: skip
        return self._write(Transfer.read, self._client.v1.transfers.create, idempotency_key, params=params)

    def retrieve_transfer(self, transfer_id: str) -> Transfer:
        return self._call(Transfer.read, self._client.v1.transfers.retrieve, transfer_id)

    def find_transfers(self, transfer_group: str) -> list[Transfer]:
        """Every transfer of a group, newest first: how an unknown outcome is looked up."""
        return self._list(Transfer.read, self._client.v1.transfers.list, {"transfer_group": transfer_group})

    # --- The books --------------------------------------------------------------------------------------------------
    def balance(self) -> Balance:
        return self._call(Balance.read, self._client.v1.balance.retrieve)

    def list_balance_transactions(self, *, created_since: datetime) -> list[BalanceTransaction]:
        params = {"created": {"gte": int(created_since.timestamp())}}
        return self._list(BalanceTransaction.read, self._client.v1.balance_transactions.list, params)

    def retrieve_balance_transaction(self, transaction_id: str) -> BalanceTransaction:
        return self._call(BalanceTransaction.read, self._client.v1.balance_transactions.retrieve, transaction_id)

    def list_events(self, *, undelivered: bool = False, created_since: datetime | None = None) -> list[dict[str, Any]]:
        """Events as the provider keeps them (30 days), newest first."""
        params: dict[str, Any] = {"delivery_success": False} if undelivered else {}
        if created_since is not None:
            params["created"] = {"gte": int(created_since.timestamp())}
        return self._list(lambda raw: raw, self._client.v1.events.list, params)

    # --- How a call is made -----------------------------------------------------------------------------------------
    def _write(
        self, read: Callable[[Any], Shape], call: Callable[..., Any], key: str, *ids: str, **named: Any
    ) -> Shape:
        return self._call(read, call, *ids, options={"idempotency_key": key}, **named)

    def _list(self, read: Callable[[Any], Shape], call: Callable[..., Any], params: dict[str, Any]) -> list[Shape]:
        def whole_list() -> list[Any]:
            return [item.to_dict() for item in call(params={**params, "limit": 100}).auto_paging_iter()]

        return [read(raw) for raw in _guarded(whole_list)]

    def _call(self, read: Callable[[Any], Shape], call: Callable[..., Any], *ids: str, **named: Any) -> Shape:
        return read(_guarded(lambda: call(*ids, **named).to_dict()))


def refuse_inside_transaction() -> None:
    """Raises CalledInsideTransaction. Asked in the thread that would call, or that waits for those who do."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise CalledInsideTransaction


def _guarded(call: Callable[[], Shape]) -> Shape:
    """Make a call and say honestly what its failure means. Source: the provider's pages on errors and idempotency."""
    refuse_inside_transaction()
    try:
        return call()
    except stripe.StripeError as error:
        status, code = error.http_status or 0, error.code or (error.error and error.error.code) or ""
        # An idempotency error says that the key was used for something else, which may well have happened.
        known = 400 <= status < 500 and status not in (409, 429) and not isinstance(error, stripe.IdempotencyError)
        kind = GatewayRefused if known else GatewayUnknown
        unlike = kind(provider_code=str(code), said=str(error.user_message or "")[:300])
        if isinstance(unlike, GatewayUnknown):
            unlike.is_kept_under_key = status >= 500
        raise unlike from error


def _line(name: str, amount: Money, tax_behavior: str = "") -> dict[str, Any]:
    price: dict[str, Any] = {
        "currency": amount.currency.lower(), "unit_amount": provider_amount(amount),
        "product_data": {"name": name[:250]},
    }  # fmt: skip
    if tax_behavior:
        price["tax_behavior"] = tax_behavior
        if settings.KEZHAN_STRIPE_TAX_CODE:
            price["product_data"]["tax_code"] = settings.KEZHAN_STRIPE_TAX_CODE
    return {"price_data": price, "quantity": 1}


def gateway() -> StripeGateway:
    """The gateway over the transport that the settings choose."""
    return _built(settings.PAYMENTS_HTTP_CLIENT, settings.STRIPE_SECRET_KEY)


@lru_cache(maxsize=4)
def _built(http_client: str, api_key: str) -> StripeGateway:
    stripe.enable_telemetry = False
    logging.getLogger("stripe").setLevel(logging.WARNING)  # it would note every request
    if settings.PAYMENTS_TRANSPORT == "live":
        return StripeGateway(import_string(http_client)(timeout=LIVE_TIMEOUT_S), api_key, max_network_retries=2)
    return StripeGateway(import_string(http_client)(), "sk_test_sandbox")
