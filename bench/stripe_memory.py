"""Stripe in this process's memory: every page that is asked about is paid, at once. For benchmarks of what follows."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import stripe


class StripeInMemory(stripe.HTTPClient):
    """Knows pages named `cs_<order's key>`, of 20.00 USD each with a fee of 0.88."""

    name = "kezhan-bench"

    def request(self, _method: str, url: str, _headers: Any = None, _post: Any = None, **_usage: Any) -> Any:
        key, now = urlsplit(url).path.rsplit("_", 1)[-1], int(time.time())
        moved = {
            "id": f"txn_{key}", "object": "balance_transaction", "type": "charge", "source": f"ch_{key}",
            "amount": 2000, "fee": 88, "net": 1912, "currency": "usd", "created": now, "available_on": now,
        }  # fmt: skip
        charge = {
            "id": f"ch_{key}", "object": "charge", "amount": 2000, "amount_refunded": 0, "currency": "usd",
            "paid": True, "balance_transaction": moved, "metadata": {},
        }  # fmt: skip
        page = {
            "id": f"cs_{key}", "object": "checkout.session", "status": "complete", "payment_status": "paid",
            "amount_total": 2000, "amount_subtotal": 2000, "currency": "usd", "expires_at": now + 3600, "url": None,
            "payment_intent": {"id": f"pi_{key}", "object": "payment_intent", "status": "succeeded",
                               "latest_charge": charge},
        }  # fmt: skip
        return json.dumps(page), 200, {"Request-Id": "req_1", "Content-Type": "application/json"}

    def close(self) -> None:
        """Nothing is open."""
