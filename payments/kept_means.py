"""The gateway's part about means of payment that a buyer agreed to keep: charged without her, and forgotten."""

from datetime import UTC, datetime
from typing import Any

import stripe

from marketplace.lib.money import Money, provider_amount

from .provider_shapes import Intent


def keeping(params: dict[str, Any], customer: str) -> dict[str, Any]:
    """A checkout page that also keeps the means: for this customer of the provider, or for one that it makes.

    Of a card alone, wallets that hold one too: its answer is known at once, and nothing is given for money that comes
    in days or not at all.
    """
    params = params | {"payment_method_types": ["card"]}
    data = params["payment_intent_data"] | {"setup_future_usage": "off_session"}
    if not customer:
        return params | {"payment_intent_data": data, "customer_creation": "always"}
    # The provider takes a customer or an address, not both.
    plain = {name: value for name, value in params.items() if name != "customer_email"}
    return plain | {"payment_intent_data": data, "customer": customer}


def is_of_the_means(refused: Any) -> bool:
    """Whether the bank, or the lack of what was kept, is why the provider refused; else it is we who asked wrongly, and
    no buyer's lessons are closed for that.
    """
    return isinstance(refused.__cause__, stripe.CardError) or refused.is_unknown_there


class KeptMeans:
    _client: stripe.StripeClient
    _write: Any
    _list: Any

    def charge_kept(
        self, amount: Money, *, customer: str, method: str, reference: str, transfer_group: str, idempotency_key: str,
    ) -> Intent:  # fmt: skip
        """Take `amount` with the means that the buyer agreed to keep; she is not there. What her bank declines, or
        wants her to confirm, is refused.
        """
        params: dict[str, Any] = {
            "amount": provider_amount(amount), "currency": amount.currency.lower(), "customer": customer,
            "payment_method": method, "off_session": True, "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "transfer_group": transfer_group, "metadata": {"order": reference},
        }  # fmt: skip
        made: Intent = self._write(Intent.read, self._client.v1.payment_intents.create, idempotency_key, params=params)
        return made

    def find_intents(self, customer: str) -> list[Intent]:
        """Every payment of a customer, newest first: how an unknown outcome is looked up."""
        found: list[Intent] = self._list(Intent.read, self._client.v1.payment_intents.list, {"customer": customer})
        return found

    def forget_customer(self, customer: str) -> bool:
        """The means of payment that were kept for it are gone, too.

        Forgetting twice forgets once, so the key names the moment: a failure that is kept under it bars no later try.
        """
        key = f"forget:{customer}:{datetime.now(UTC).timestamp()}"
        gone: bool = self._write(lambda raw: bool(raw["deleted"]), self._client.v1.customers.delete, key, customer)
        return gone
