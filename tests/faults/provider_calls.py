"""Every call that the gateway offers, ready to be made: what it is called at the provider, and what it leaves there.

`Scene` holds one of everything that the calls are about; `CALLS` makes each of them on it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.gateway import StripeGateway, gateway
from payments.models import Order
from payments.sandbox import desk
from payments.sandbox.models import (
    SandboxAccount,
    SandboxCustomer,
    SandboxDispute,
    SandboxPayment,
    SandboxRefund,
    SandboxSession,
    SandboxTransaction,
    SandboxTransfer,
)
from tests import cast
from tests.payments import in_parts, shop
from tests.payments.sales import creator_named, ready_account, sell

# What it inherits is among them: each part of the gateway that stands in a module of its own.
METHODS = {name for name in dir(StripeGateway) if not name.startswith("_") and callable(getattr(StripeGateway, name))}
FIVE = Money(500, "USD")


class Scene:
    """Orders that wait to be paid, are paid, are disputed; a refund, a transfer, a creator with an account; a customer
    whose card is kept.
    """

    def __init__(self) -> None:
        courses = shop.two_courses()
        self.ada = creator_named("Ada")
        self.account = ready_account(self.ada).provider_account_id
        self.bea: Creator = creator_named("Bea")
        self.paid: Order = shop.buy(cast.cole(), courses)
        self.sold: Order = sell(creator_named("Funder"))
        self.dispute = desk.on_charge(self.sold.charge_id or "", "dispute").pk  # type: ignore[union-attr]
        clock.advance(timedelta(days=3))  # what was paid can be sent now
        self.open: Order = shop.start(cast.lin(), courses)
        self.plan = in_parts.begin(cast.person("Dan"), in_parts.course_in_parts(2, title="Kilns"))
        self.refund = self.give_back("refund:scene").id
        self.transfer = self.send("payout_0", "payout:0:1").id
        self.since = clock.now() - timedelta(days=30)

    def give_back(self, key: str) -> Any:
        return gateway().create_refund(
            charge_id=self.paid.charge_id or "", amount=FIVE, idempotency_key=key, metadata={"refund": key}
        )

    def send(self, group: str, key: str) -> Any:
        return gateway().create_transfer(FIVE, self.account, group, key, {"payout": key})

    def ask_for_a_page(self, key: str) -> Any:
        return gateway().create_checkout_session(
            lines=[("Pottery", FIVE)], reference=key.replace(":", "-"), email="lin@example.com", language="en",
            success_url="https://kezhan.example/return/", cancel_url="https://kezhan.example/cart/",
            expires_at=self.open.expires_at, transfer_group="order_1", idempotency_key=key,
        )  # fmt: skip

    def charge_kept(self, key: str) -> Any:
        return gateway().charge_kept(
            FIVE, customer=self.plan.customer_id, method=self.plan.method_id, reference=key.replace(":", "-"),
            transfer_group="order_2", idempotency_key=key,
        )  # fmt: skip

    def answer(self, key: str) -> Any:
        fields = {"uncategorized_text": "She watched it all."}
        return gateway().submit_evidence(self.dispute, fields, idempotency_key=key, metadata={"evidence": key})


def at_the_provider() -> dict[str, Any]:
    """All that a call can leave behind."""
    return {
        "sessions": sorted(SandboxSession.objects.values_list("pk", "status")),
        "refunds": SandboxRefund.objects.count(),
        "payments": SandboxPayment.objects.count(),
        "customers": SandboxCustomer.objects.count(),
        "accounts": SandboxAccount.objects.count(),
        "transfers": SandboxTransfer.objects.count(),
        "disputes": sorted(SandboxDispute.objects.values_list("pk", "status", "submissions")),
        "money": SandboxTransaction.objects.aggregate(net=Sum("net"))["net"],
    }


@dataclass(frozen=True)
class Call:
    """`operation`: its name at the provider. `make(scene, key)` calls. `leaves`: something is there afterwards.

    `own_key`: the gateway names the key, so a later try cannot choose another.
    """

    operation: str
    make: Callable[[Scene, str], Any]
    leaves: bool = False
    own_key: bool = False


def _links(scene: Scene, _key: str) -> str:
    return gateway().onboarding_link(
        scene.account, return_url="https://k.example/", refresh_url="https://k.example/"
    )  # fmt: skip


CALLS: dict[str, Call] = {
    "create_checkout_session": Call(
        "checkout.sessions.create", lambda scene, key: scene.ask_for_a_page(key), leaves=True
    ),
    "retrieve_session": Call(
        "checkout.sessions.retrieve", lambda scene, _key: gateway().retrieve_session(scene.open.checkout_session_id)
    ),
    "expire_session": Call(
        "checkout.sessions.expire",
        lambda scene, _key: gateway().expire_session(scene.open.checkout_session_id),
        leaves=True,
        own_key=True,
    ),
    "retrieve_charge": Call("charges.retrieve", lambda scene, _key: gateway().retrieve_charge(scene.paid.charge_id)),
    "create_refund": Call("refunds.create", lambda scene, key: scene.give_back(key), leaves=True),
    "retrieve_refund": Call("refunds.retrieve", lambda scene, _key: gateway().retrieve_refund(scene.refund)),
    "find_refunds": Call("refunds.list", lambda scene, _key: gateway().find_refunds(scene.paid.charge_id)),
    "retrieve_dispute": Call("disputes.retrieve", lambda scene, _key: gateway().retrieve_dispute(scene.dispute)),
    "list_disputes": Call("disputes.list", lambda scene, _key: gateway().list_disputes(created_since=scene.since)),
    "submit_evidence": Call("disputes.update", lambda scene, key: scene.answer(key), leaves=True),
    "accept_dispute": Call(
        "disputes.close",
        lambda scene, key: gateway().accept_dispute(scene.dispute, idempotency_key=key),
        leaves=True,
    ),
    "create_recipient": Call(
        "accounts.create", lambda scene, _key: gateway().create_recipient(scene.bea), leaves=True, own_key=True
    ),
    "recipient_status": Call("accounts.retrieve", lambda scene, _key: gateway().recipient_status(scene.account)),
    "onboarding_link": Call("account_links.create", _links),
    "dashboard_link": Call("login_links.create", lambda scene, _key: gateway().dashboard_link(scene.account)),
    "create_transfer": Call("transfers.create", lambda scene, key: scene.send("payout_1", key), leaves=True),
    "retrieve_transfer": Call("transfers.retrieve", lambda scene, _key: gateway().retrieve_transfer(scene.transfer)),
    "find_transfers": Call("transfers.list", lambda scene, _key: gateway().find_transfers("payout_0")),
    "balance": Call("balance.retrieve", lambda _scene, _key: gateway().balance()),
    "list_balance_transactions": Call(
        "balance_transactions.list",
        lambda scene, _key: gateway().list_balance_transactions(created_since=scene.since),
    ),
    "retrieve_balance_transaction": Call(
        "balance_transactions.retrieve",
        lambda _scene, _key: gateway().retrieve_balance_transaction(SandboxTransaction.objects.latest("pk").pk),
    ),
    "charge_kept": Call("payment_intents.create", lambda scene, key: scene.charge_kept(key), leaves=True),
    "find_intents": Call("payment_intents.list", lambda scene, _key: gateway().find_intents(scene.plan.customer_id)),
    "forget_customer": Call(
        "customers.delete",
        lambda scene, _key: gateway().forget_customer(scene.plan.customer_id),
        leaves=True,
        own_key=True,
    ),
    "list_events": Call("events.list", lambda scene, _key: gateway().list_events(created_since=scene.since)),
}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block has not happened; the provider may be called within."""
    block: Any = transaction.atomic()
    block._from_testcase = True  # as pytest's own
    with block:
        yield
        transaction.set_rollback(True)
