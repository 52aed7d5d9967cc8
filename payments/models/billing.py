"""Whom an order is billed to, as the buyer wrote it at checkout; her invoice copies it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models, transaction

from .order import Order


@dataclass(frozen=True)
class Billing:
    """What the buyer says of herself. All may be empty; `country` is ISO 3166, upper case; address lines by newline."""

    name: str = ""
    company: str = ""
    tax_id: str = ""
    address: str = ""
    country: str = ""


class BillingDetailsQuerySet(models.QuerySet["BillingDetails"]):
    @transaction.atomic
    def note(self, order: Order, billing: Billing) -> None:
        """What the buyer said last, while the order is open; what was paid keeps its own."""
        told = asdict(billing)
        if any(told.values()) or self.filter(order=order).exists():
            held = Order.objects.hold(pk=order.pk)
            if held is not None and held.is_open:
                self.update_or_create(order=held, defaults=told)

    def last_of(self, buyer: Any) -> Billing:
        """What the buyer said at her latest order, for her next one; empty before the first."""
        last = self.filter(order__buyer=buyer).order_by("-order_id").first()
        return last.billing if last else Billing()


class BillingDetails(models.Model):
    """To whom an order's invoice is made out, beyond the buyer's account. Orders without one name the account."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="billing")
    name = models.CharField(max_length=120, blank=True)
    company = models.CharField(max_length=160, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, blank=True)

    objects = BillingDetailsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.order_id}: {self.company or self.name}"

    @property
    def billing(self) -> Billing:
        return Billing(self.name, self.company, self.tax_id, self.address, self.country)
