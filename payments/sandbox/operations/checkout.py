"""What a buyer's money goes through: checkout sessions, payment intents, charges, refunds."""

from datetime import UTC, datetime
from typing import Any

from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES

from ..encoding import whole
from ..errors import missing, wrong
from ..models import SandboxCustomer, SandboxPayment, SandboxRefund, SandboxSession
from ..models.session import LEAST_LIFE, LONGEST_LIFE
from .registry import Answer, Params, currency_of, operation, page


def _lines(params: Params) -> tuple[list[dict[str, Any]], str]:
    lines, currencies = [], set()
    for at, item in enumerate(params.get("line_items", [])):
        price = item.get("price_data", {})
        currencies.add(currency_of(price))
        amount = whole(price.get("unit_amount"), f"line_items[{at}][price_data][unit_amount]")
        if amount < 0:
            raise wrong(f"line_items[{at}][price_data][unit_amount]", "This value must be at least 0.")
        name = price.get("product_data", {}).get("name", "")
        lines.append({
            "name": name, "unit_amount": amount, "quantity": whole(item.get("quantity", 1), "quantity"),
            "tax_behavior": price.get("tax_behavior", "unspecified"),
        })  # fmt: skip
    if not lines or len(currencies) != 1:
        raise wrong("line_items", "Send at least one line item, all in one currency.")
    return lines, currencies.pop()


def _expiry(params: Params) -> datetime:
    now = clock.now()
    if "expires_at" not in params:
        return now + LONGEST_LIFE
    expires_at = datetime.fromtimestamp(whole(params["expires_at"], "expires_at"), UTC)
    if not LEAST_LIFE <= expires_at - now <= LONGEST_LIFE:
        raise wrong("expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.")
    return expires_at


@operation("checkout.sessions.create", "post", "/v1/checkout/sessions")
def create_session(params: Params) -> Answer:
    if params.get("mode") != "payment" or not params.get("success_url"):
        raise wrong("mode", "The sandbox takes hosted sessions with mode `payment` and a success_url.")
    lines, currency = _lines(params)
    amount = sum(line["unit_amount"] * line["quantity"] for line in lines)
    automatic_tax = str((params.get("automatic_tax") or {}).get("enabled", "")).lower() == "true"
    if automatic_tax and any(line["tax_behavior"] == "unspecified" for line in lines):
        raise wrong("line_items", "With automatic tax every price needs a `tax_behavior`.")
    if amount < CURRENCIES[currency.upper()].min_charge:
        raise wrong("line_items", "The Checkout Session's total amount is too small to charge.", "amount_too_small")
    if params.get("customer") and params.get("customer_email"):
        raise wrong("customer", "You may only specify one of these parameters: customer, customer_email.")
    payment_data = params.get("payment_intent_data", {})
    email = params.get("customer_email", "")
    if customer := params.get("customer"):
        payment_data, email = {**payment_data, "customer": customer}, _customer(customer).email
    session = SandboxSession.objects.create(
        amount=amount, currency=currency, lines=lines, reference=params.get("client_reference_id", ""),
        email=email, locale=params.get("locale", "auto"),
        success_url=params["success_url"], cancel_url=params.get("cancel_url", ""), expires_at=_expiry(params),
        metadata=params.get("metadata", {}), payment_data=payment_data,
        automatic_tax=automatic_tax,
    )  # fmt: skip
    return session.as_stripe()


def _customer(id_: str) -> SandboxCustomer:
    customer = SandboxCustomer.objects.filter(pk=id_).select_for_update().first()
    if customer is None:
        raise missing("customer", id_)
    return customer


def _session(id_: str) -> SandboxSession:
    session = SandboxSession.objects.locked(id_)
    if session is None:
        raise missing("checkout.session", id_)
    return session


@operation("checkout.sessions.retrieve", "get", "/v1/checkout/sessions/{id}")
def retrieve_session(params: Params, id: str) -> Answer:
    return _session(id).as_stripe()


@operation("checkout.sessions.expire", "post", "/v1/checkout/sessions/{id}/expire")
def expire_session(params: Params, id: str) -> Answer:
    session = _session(id)
    session.expire()
    return session.as_stripe()


@operation("payment_intents.retrieve", "get", "/v1/payment_intents/{id}")
def retrieve_payment_intent(params: Params, id: str) -> Answer:
    payment = SandboxPayment.objects.filter(pk=id).first()
    if payment is None:
        raise missing("payment_intent", id)
    return payment.as_stripe()


@operation("payment_intents.create", "post", "/v1/payment_intents")
def create_payment_intent(params: Params) -> Answer:
    customer, currency = _customer(str(params.get("customer", ""))), currency_of(params)
    flags = [str(params.get(name, "")).lower() for name in ("confirm", "off_session")]
    if flags != ["true", "true"]:
        raise wrong("off_session", "The sandbox takes payments by itself off session and confirmed.")
    if params.get("payment_method") != customer.method_id:
        raise missing("PaymentMethod", str(params.get("payment_method")))
    payment = SandboxPayment.objects.create(
        amount=whole(params.get("amount"), "amount"), currency=currency, email=customer.email, customer=customer,
        group=params.get("transfer_group", ""), metadata=params.get("metadata", {}),
    )  # fmt: skip
    if not customer.answer:
        payment.succeed()
        payment.announce_fee()
        return payment.as_stripe()
    payment.decline(customer.answer)
    told = payment.as_stripe()
    return {"error": {**told["last_payment_error"], "payment_intent": told}}


@operation("payment_intents.list", "get", "/v1/payment_intents")
def list_payment_intents(params: Params) -> Answer:
    rows = SandboxPayment.objects.filter(customer_id=params.get("customer", ""))
    return page(rows, params, "/v1/payment_intents")


@operation("customers.delete", "delete", "/v1/customers/{id}")
def delete_customer(params: Params, id: str) -> Answer:
    customer = _customer(id)
    answer = customer.as_stripe()
    customer.delete()
    return answer


@operation("charges.retrieve", "get", "/v1/charges/{id}")
def retrieve_charge(params: Params, id: str) -> Answer:
    payment = SandboxPayment.objects.filter(charge_id=id).first()
    if payment is None:
        raise missing("charge", id)
    return payment.charge_as_stripe()


@operation("refunds.create", "post", "/v1/refunds")
def create_refund(params: Params) -> Answer:
    payment = SandboxPayment.objects.filter(charge_id=params.get("charge", "")).select_for_update().first()
    if payment is None:
        raise missing("charge", str(params.get("charge")))
    amount = whole(params["amount"], "amount") if "amount" in params else None
    return SandboxRefund.objects.give(
        payment, amount=amount, reason=params.get("reason", ""), metadata=params.get("metadata", {})
    ).as_stripe()


@operation("refunds.retrieve", "get", "/v1/refunds/{id}")
def retrieve_refund(params: Params, id: str) -> Answer:
    refund = SandboxRefund.objects.select_related("payment").filter(pk=id).first()
    if refund is None:
        raise missing("refund", id)
    return refund.as_stripe()


@operation("refunds.list", "get", "/v1/refunds")
def list_refunds(params: Params) -> Answer:
    rows = SandboxRefund.objects.select_related("payment")
    if "charge" in params:
        rows = rows.filter(payment__charge_id=params["charge"])
    return page(rows, params, "/v1/refunds")
