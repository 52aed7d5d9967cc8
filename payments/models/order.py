"""What somebody buys in one payment, with every amount frozen at the moment she asked to pay.

An order goes forward only: pending → paid → refunded, or pending → expired or failed. Money that arrives late still
makes it paid; one that costs nothing is paid without a charge. The database holds: one open order a buyer and basket;
one item a buyer and course that gives the right to watch; an order is paid with a charge or not at all; the shares of
an item sum to its net price and the platform's promotion, and stand as they are once the order is paid.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from creators import countries
from marketplace.lib import clock, links
from marketplace.lib.money import CURRENCIES, Money, currency_choices

from .. import paid_with
from ..discounts import spread_in_steps
from .by_hand import ByHand
from .coupon_use import CouponUse
from .ledger_kinds import Book
from .order_amounts import OrderAmounts
from .order_queries import OrderQuerySet

if TYPE_CHECKING:
    from .billing import Billing
    from .invoice import CreditNote


class Sold(NamedTuple):
    """One item of an order that is being paid; `shares` are (kind, owner's id, minor units). Neither a tip nor a month
    of a membership names a course; a month of the whole site has no seller.
    """

    item_id: int
    course_id: int | None
    seller_id: int | None
    promotion_minor: int
    shares: list[tuple[str, int | None, int]]


class Order(OrderAmounts, ByHand):
    """One payment by one buyer for courses in one currency. Only paid orders have an invoice number."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        FAILED = "failed", _("Payment failed")
        REFUNDED = "refunded", _("Refunded")

    class TaxSource(models.TextChoices):
        NONE = "none", _("No tax")
        TABLE = "table", _("Our own rates")
        STRIPE = "stripe", _("The payment provider's")

    number = models.CharField(max_length=12, unique=True)
    # Names the order towards the provider: keys made of it stay ours even when a database begins anew.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    # The list prices' sum, what was taken off, the tax in or on top of it, and what the buyer pays.
    subtotal_minor = models.PositiveBigIntegerField(default=0)
    discount_minor = models.PositiveBigIntegerField(default=0)
    tax_minor = models.PositiveBigIntegerField(default=0)
    total_minor = models.PositiveBigIntegerField()
    is_tax_inclusive = models.BooleanField(default=True)
    tax_source = models.CharField(max_length=8, choices=TaxSource.choices, default=TaxSource.NONE)
    tax_name = models.CharField(max_length=40, blank=True)
    tax_country = models.CharField(max_length=2, blank=True)
    # By which the buyer may take her money back herself.
    refund_rule = models.ForeignKey("payments.RefundRule", on_delete=models.PROTECT, related_name="+")
    basket = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    checkout_session_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001
    checkout_url = models.CharField(max_length=2000, blank=True)
    charge_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001
    # By what it was paid, as `payments.paid_with` reads it; empty where the provider did not say.
    paid_with = models.CharField(max_length=40, blank=True, default="", db_default="")
    invoice_number = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The buyer is done at the provider, whose answer on the money comes later.
    payment_started_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # What the provider says does not fit the order: nothing is granted until a person has looked.
    flagged_at = models.DateTimeField(null=True)
    flag_reason = models.CharField(max_length=300, blank=True)

    held_at: datetime  # of a held order
    sold_rows: str | list[Any]  # of one held for payment
    refund_days: int  # of one held for payment: how long its rule lets the buyer take her money back

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "basket"], condition=Q(state="pending"), name="one_open_order_a_basket"
            ),
            models.CheckConstraint(
                condition=Q(Q(charge_id__isnull=False) | Q(total_minor=0), state__in=["paid", "refunded"],
                            paid_at__isnull=False)
                | Q(state__in=["pending", "expired", "failed"], paid_at=None, invoice_number=None),
                name="order_paid_with_a_charge",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("subtotal_minor") - F("discount_minor"), is_tax_inclusive=True)
                | Q(total_minor=F("subtotal_minor") - F("discount_minor") + F("tax_minor"), is_tax_inclusive=False),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(condition=Q(currency__in=list(CURRENCIES)), name="order_currency_is_known"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="pending"), name="one_open_order_a_plan"),
            models.CheckConstraint(
                condition=Q(plan=None, part=0, part_to=0) | Q(plan__isnull=False, part__gte=1, part_to__gte=F("part")),
                name="order_of_a_plan_names_its_part",
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(state="pending"), name="one_open_order_a_membership"
            ),
            models.CheckConstraint(
                condition=Q(membership=None, month=0) | Q(membership__isnull=False, month__gte=1, plan=None),
                name="order_of_a_membership_names_its_month",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["placed_at"], condition=Q(state="pending"), name="order_open"),
            models.Index(fields=["id"], condition=Q(flagged_at__isnull=False), name="order_flagged"),
            models.Index(fields=["plan", "part"], condition=Q(plan__isnull=False), name="order_of_plan"),
            models.Index(fields=["membership"], condition=Q(membership__isnull=False), name="order_of_membership"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("payments:order", args=[self.number])

    @property
    def tax_place(self) -> str:
        """The name of the country by which it was taxed, in the reader's language; "" before that is known."""
        return countries.name_of(self.tax_country)

    @property
    def tax_behavior(self) -> str:
        """What the provider is to do with tax: "inclusive", "exclusive", or "" where it is none of its business."""
        if self.tax_source != self.TaxSource.STRIPE:
            return ""
        return "inclusive" if self.is_tax_inclusive else "exclusive"

    @property
    def pay_address(self) -> str:
        """Where the buyer's browser goes to pay; the sandbox's page is on the host that she is on."""
        return links.here(self.checkout_url)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def standing(self) -> str:
        """In one word: where it is, or that somebody must look."""
        return "flagged" if self.flagged_at else self.state

    @property
    def is_late(self) -> bool:
        """Its page at the provider is closed, or so nearly that nobody can still pay; without a page, sooner."""
        left = self.expires_at - clock.now()
        return left < (timedelta(minutes=1) if self.checkout_session_id else self.least_left)

    @property
    def is_paid(self) -> bool:
        """Money was taken for it, whether or not it was given back since."""
        return self.state in (self.State.PAID, self.State.REFUNDED)

    @property
    def paid_words(self) -> str:
        """By what it was paid, in the reader's language; "" where that is not known."""
        return paid_with.words(self.paid_with)

    @property
    def refunded(self) -> Money:
        """What was given back, or is on its way."""
        return Money(sum(item.refund_asked_minor for item in self.items.all()), self.currency)

    @property
    def open_dispute(self) -> Any:
        """The newest Dispute that is not settled yet, or None. No query where `disputes` were prefetched."""
        standing = [dispute for dispute in self.disputes.all() if dispute.is_open]
        return max(standing, key=lambda dispute: dispute.pk, default=None)

    @property
    def billed_to(self) -> "Billing | None":
        """Whom the buyer named at checkout; None when nobody."""
        details = getattr(self, "billing", None)
        return details.billing if details else None

    @property
    def credit_notes(self) -> list["CreditNote"]:
        """Of its refunds, in their order. No query for orders of `shown()`."""
        notes = [getattr(refund, "credit_note", None) for refund in self.refunds.all()]
        return sorted((note for note in notes if note is not None), key=lambda note: note.pk)

    @property
    def reference(self) -> str:
        """What the order is called at the provider."""
        return self.token.hex

    @property
    def transfer_group(self) -> str:
        return f"order_{self.token.hex}"

    def attach_session(self, session_id: str, url: str) -> None:
        """Remember the provider's page; the first one stays."""
        free = Q(checkout_session_id=None) | Q(checkout_session_id=session_id)
        Order.objects.filter(free, pk=self.pk).update(checkout_session_id=session_id, checkout_url=url)
        self.refresh_from_db(fields=["checkout_session_id", "checkout_url", "state"])

    def start_waiting(self) -> None:
        if self.payment_started_at is None and self.is_open:
            self.payment_started_at = clock.now()
            self.save(update_fields=["payment_started_at"])

    def take_tax(self, tax: Money, *, country: str, name: str, bps: int | None) -> None:
        """The provider reckoned the tax at the payment's end: prices, nets and shares are quoted anew, once.

        `bps` is its rate where there is one for all. The caller holds the order, which is not paid yet.
        """
        items = list(self.items.select_related("order", "rule").prefetch_related("shares"))
        shown = [item.list_minor - item.discount_minor for item in items]
        for item, part in zip(items, spread_in_steps(tax, shown), strict=True):
            item.take_tax(part, bps)
        on_top = 0 if self.is_tax_inclusive else tax.minor
        self.tax_minor, self.total_minor = tax.minor, sum(shown) + on_top
        self.tax_country, self.tax_name = country, name
        self.save(update_fields=["tax_minor", "total_minor", "tax_country", "tax_name"])

    @property
    def sold(self) -> list[Sold]:
        """What the order sells, of an order that `hold_for_payment` gave."""
        rows = self.sold_rows if isinstance(self.sold_rows, list) else json.loads(self.sold_rows)
        return [Sold(*row) for row in rows]

    def accept(self, charge_id: str | None, at: datetime | None = None, *, paid_with: str = "") -> None:
        """The money is in, from this moment on; `Order.objects.mark_paid` writes it. The caller holds the order."""
        self.paid_with = paid_with
        self.charge_id, self.paid_at = charge_id, at or getattr(self, "held_at", None) or clock.now()

    def mark_paid(self, charge_id: str | None, granted: list[int] | None = None) -> None:
        """`Order.objects.mark_paid` of this one alone; accepted now, unless it was before."""
        if self.paid_at is None or self.charge_id != charge_id:
            self.accept(charge_id)
        Order.objects.mark_paid([self], granted or [])

    def name_invoice(self, number: str) -> None:
        """Remember the number of its invoice, by which people look for it."""
        self.invoice_number = number
        self.save(update_fields=["invoice_number"])

    def expire(self) -> bool:
        return self._close(self.State.EXPIRED)

    def fail(self) -> bool:
        return self._close(self.State.FAILED)

    def mark_refunded(self) -> None:
        """Called when an item was given back: the order is refunded once every item is."""
        if not self.items.filter(refunded_at=None).exists():
            self.state, self.closed_at = self.State.REFUNDED, clock.now()
            self.save(update_fields=["state", "closed_at"])

    def flag(self, reason: str) -> None:
        """Somebody must look. Said again in the same words, it stays as it is."""
        if self.flag_reason == reason[:300]:
            return
        self.flagged_at, self.flag_reason = clock.now(), reason[:300]
        self.save(update_fields=["flagged_at", "flag_reason"])

    def unflag(self) -> None:
        """Somebody has looked. The words stay, so that the same ones are no news. The caller holds the order."""
        self.flagged_at = None
        self.save(update_fields=["flagged_at"])

    @transaction.atomic
    def _close(self, state: str) -> bool:
        closed = Order.objects.filter(pk=self.pk, state=self.State.PENDING).update(state=state, closed_at=clock.now())
        self.refresh_from_db(fields=["state", "closed_at"])
        if closed and self.discount_minor:
            CouponUse.objects.release(self)
        return bool(closed)
