"""What payments tell of a buyer and forget: her orders and papers stay, her name, address and e-mail do not."""

from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy import parts

from .models import (
    Arrival,
    BillingDetails,
    CardTrace,
    CartItem,
    CreditNote,
    Dispute,
    HandPayment,
    HandRefund,
    InstalmentPlan,
    Invoice,
    Membership,
    MembershipMonth,
    MeterReading,
    Order,
    OrderItem,
    PoolView,
    Refund,
    TaxIdentity,
    Tip,
)
from .models.forgetting import forget_buyer


def tell(person: User) -> parts.Told:
    order, orders = {"order_number": F("order__number")}, Order.objects.filter(buyer=person)
    papers = ("number", "issued_at", "snapshot")
    return parts.Told({
        "orders": list(orders.values(
            "number", "state", "currency", "subtotal_minor", "discount_minor", "tax_minor", "total_minor",
            "invoice_number", "placed_at", "paid_at", "paid_with", "closed_at", "language")),
        "items": list(OrderItem.objects.filter(order__in=orders).values(
            "is_tip", "bundle_title", "list_minor", "discount_minor", "price_minor", "tax_minor", "refunded_minor",
            "granted_at", "refunded_at", "referral_code", title=F("course_title"), course_slug=F("course__slug"),
            **order)),
        "tips": list(Tip.objects.filter(order__in=orders).values("shows_name", "noted_at", **order)),
        "billing": list(BillingDetails.objects.filter(order__in=orders).values(
            "name", "company", "tax_id", "address", "country", **order)),
        "invoices": list(Invoice.objects.filter(order__in=orders).values(*papers)),
        "credit_notes": list(CreditNote.objects.filter(invoice__order__in=orders).values(*papers)),
        "refunds": list(Refund.objects.filter(order__in=orders).values(
            "amount_minor", "reason", "cause", "state", "requested_at", "settled_at", **order)),
        "refund_meters": list(MeterReading.objects.filter(refund__order__in=orders).values(
            "kind", "watched_s", "length_s", order_number=F("refund__order__number"))),
        "paid_by_hand": list(HandPayment.objects.filter(order__in=orders).values(
            "reference", "chosen_at", "sent_at", way_code=F("way__code"), **order)),
        "arrivals": list(Arrival.objects.of_all(orders).values(
            "received_on", "amount_minor", "currency", "bank_reference", "payer__name", "payer__text")),
        "refunds_by_hand": list(HandRefund.objects.filter(refund__order__in=orders).values(
            "bank_reference", "sent_on", order_number=F("refund__order__number"))),
        "disputes": list(Dispute.objects.filter(order__in=orders).values(
            "reason", "state", "amount_minor", "currency", "opened_at", "settled_at", **order)),
        "card_tries": list(CardTrace.objects.of(person).values("is_declined", "tried_at", "card", **order)),
        "tax_identities": [_told(row) for row in TaxIdentity.objects.filter(creator__user=person).order_by("pk")],
        "instalment_plans": list(InstalmentPlan.objects.of(person).values(
            "state", "currency", "total_minor", "amounts_minor", "due_on", "agreed_at", "started_at", "paid_parts",
            "next_at", "ended_at", "end_reason", course_slug=F("course__slug"), first_order=F("reference"))),
        "memberships": list(Membership.objects.of(person).values(
            "state", "currency", "total_minor", "first_on", "agreed_at", "started_at", "last_month", "paid_until",
            "next_at", "canceled_at", "ended_at", "end_reason", name=F("offer__name"),
            creator_slug=F("creator__slug"))),
        "watched_by_the_pass": list(PoolView.objects.filter(pool_month__month__membership__member=person).values(
            "seconds", "amount_minor", course_slug=F("course__slug"), month=F("pool_month__month__number"))),
        "paid_months": list(MembershipMonth.objects.filter(membership__member=person).values(
            "number", "starts_at", "ends_at", "paid_at", **order)),
        "cart": list(CartItem.objects.filter(owner=person).values(
            "put_in_at", "named_minor", "named_currency", course_slug=F("course__slug"))),
    })  # fmt: skip


def _told(row: TaxIdentity) -> dict[str, Any]:
    """What she told tax offices through us, opened; without words where it was forgotten."""
    return {"given_at": row.given_at, **(vars(row.details) if row.details else {})}


def holds(person: User) -> list[str | Promise]:
    """Money that is on its way has to arrive first."""
    found: list[str | Promise] = []
    orders = Order.objects.filter(buyer=person)
    if orders.filter(state=Order.State.PENDING).exists():
        found.append(_("An order of yours is not paid yet. Pay it, or let it expire; one by transfer you can cancel."))
    if Arrival.objects.await_somebody().filter(step_order_id__in=orders.values("pk")).exists():
        found.append(_("Money of yours has come in and has to be booked or sent back first. You get a mail."))
    if Refund.objects.filter(order__in=orders, state=Refund.State.REQUESTED).exists():
        found.append(_("Money is on its way back to you. Wait until it has arrived."))
    if Dispute.objects.open().filter(order__in=orders).exists():
        found.append(_("Your bank has not decided on a payment that you disputed."))
    return found


parts.register(parts.Part("payments", tell, forget_buyer, holds))
