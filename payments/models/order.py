"""What somebody buys in one payment, with every amount frozen at the moment she asked to pay.

An order goes forward only: pending → paid → refunded, or pending → expired or failed. Money that arrives late still
makes it paid. The database holds: one open order a buyer and basket; one item a buyer and course that gives the right
to watch; an order is paid with a charge and an invoice number or not at all; the shares of an item sum to its price.
"""

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from marketplace.lib import clock, links
from marketplace.lib.money import CURRENCIES, Money, currency_choices

from .invoice import InvoiceSeries
from .ledger import Book
from .order_item import OrderItem
from .revenue_rule import RevenueRule

OPEN_FOR = timedelta(hours=2)  # the provider allows 30 minutes to 24 hours
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is read for another


def new_number() -> str:
    return "K" + "".join(secrets.choice(_LETTERS) for _letter in range(9))


class OrderQuerySet(models.QuerySet["Order"]):
    def place(self, *, buyer: Any, courses: list[Course], language: str) -> "Order":
        """The buyer's open order of exactly these courses at these prices; made if there is none.

        All courses are in one currency and none is free. However many ask at once, the database lets one be made.
        """
        basket = _fingerprint(courses)
        standing = self.filter(buyer=buyer, basket=basket, state=Order.State.PENDING)
        found = standing.first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return self._make(buyer, courses, basket, language)
        except IntegrityError:
            found = standing.first()
            if found is None:
                raise
            return found

    def _make(self, buyer: Any, courses: list[Course], basket: str, language: str) -> "Order":
        now = clock.now()
        order = self.create(
            number=new_number(), buyer=buyer, book=settings.PAYMENTS_BOOK, currency=courses[0].currency, basket=basket,
            total_minor=sum(course.price.minor for course in courses), language=language[:12],
            placed_at=now, expires_at=now + OPEN_FOR,
        )  # fmt: skip
        rule = RevenueRule.objects.in_force(at=now)
        OrderItem.objects.line_up(order, courses, rule)
        return order

    def of(self, buyer: Any) -> "OrderQuerySet":
        """What the buyer may see: her own."""
        return self.filter(buyer=buyer)

    def matching(self, words: str) -> "OrderQuerySet":
        """By number, invoice number, charge or the buyer's address; everything when nothing is asked."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(number__iexact=words)
            | Q(invoice_number__iexact=words)
            | Q(charge_id=words)
            | Q(buyer__email__iexact=words)
        )

    def visible_to(self, person: Any) -> "OrderQuerySet":
        """Her own; people of finance see everybody's."""
        return self.all() if person.has_role("finance") else self.of(person)

    def shown(self) -> "OrderQuerySet":
        """With what a list or a receipt shows."""
        return self.prefetch_related("items__course__creator", "items__creator", "refunds__lines").order_by("-id")

    def settled_or_open(self) -> "OrderQuerySet":
        return self.exclude(state=Order.State.EXPIRED)

    def open_longer_than(self, age: timedelta) -> "OrderQuerySet":
        """Pending orders that no event has closed yet."""
        return self.filter(state=Order.State.PENDING, placed_at__lt=clock.now() - age)

    def named_by(self, session_id: str, reference: str) -> "Order | None":
        """The order of a provider's session: by its id, or by our own reference when the id never reached us."""
        found = self.filter(checkout_session_id=session_id).first()
        if found is None and re.fullmatch(r"[0-9a-f]{32}", reference):
            found = self.filter(token=reference).first()
        return found

    def open_with(self, buyer: Any, courses: list[Course]) -> "OrderQuerySet":
        """The buyer's open orders that contain any of these courses."""
        return self.filter(buyer=buyer, state=Order.State.PENDING, items__course__in=courses).distinct()

    def hold(self, **which: Any) -> "Order | None":
        """Lock one order for the rest of the transaction."""
        return self.filter(**which).select_for_update(no_key=True).first()


class Order(models.Model):
    """One payment by one buyer for courses in one currency. Only paid orders have an invoice number."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        FAILED = "failed", _("Payment failed")
        REFUNDED = "refunded", _("Refunded")

    number = models.CharField(max_length=12, unique=True)
    # Names the order towards the provider: keys made of it stay ours even when a database begins anew.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    total_minor = models.PositiveBigIntegerField()
    basket = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    checkout_session_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001
    checkout_url = models.CharField(max_length=2000, blank=True)
    charge_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001
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

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "basket"], condition=Q(state="pending"), name="one_open_order_a_basket"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "refunded"], charge_id__isnull=False, paid_at__isnull=False,
                            invoice_number__isnull=False)
                | Q(state__in=["pending", "expired", "failed"], paid_at=None, invoice_number=None),
                name="order_paid_with_charge_and_invoice",
            ),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="order_total_positive"),
            models.CheckConstraint(condition=Q(currency__in=list(CURRENCIES)), name="order_currency_is_known"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["placed_at"], condition=Q(state="pending"), name="order_open")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("payments:order", args=[self.number])

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def pay_address(self) -> str:
        """Where the buyer's browser goes to pay; the sandbox's page is on the host that she is on."""
        return links.here(self.checkout_url)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def is_late(self) -> bool:
        """Its page at the provider is closed, or so nearly that nobody can still pay; without a page, sooner."""
        left = self.expires_at - clock.now()
        return left < (timedelta(minutes=1) if self.checkout_session_id else OPEN_FOR // 2)

    @property
    def is_paid(self) -> bool:
        """Money was taken for it, whether or not it was given back since."""
        return self.state in (self.State.PAID, self.State.REFUNDED)

    @property
    def refunded(self) -> Money:
        """What was given back, or is on its way."""
        given = (line for refund in self.refunds.all() if refund.state != "failed" for line in refund.lines.all())
        return Money(sum(line.amount_minor for line in given), self.currency)

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
        self.refresh_from_db(fields=["checkout_session_id", "checkout_url"])

    def start_waiting(self) -> None:
        if self.payment_started_at is None and self.is_open:
            self.payment_started_at = clock.now()
            self.save(update_fields=["payment_started_at"])

    def accept(self, charge_id: str) -> None:
        """The money is in, from this moment on; `mark_paid` writes it. The caller holds the order."""
        self.charge_id, self.paid_at = charge_id, clock.now()

    def mark_paid(self, charge_id: str) -> None:
        """Write what `accept` said: holds begin and the invoice gets its number.

        The last step of its transaction, because sales wait for each other at the series of numbers.
        """
        if self.charge_id != charge_id:
            self.accept(charge_id)
        assert self.paid_at is not None  # written with charge_id
        self.items.update(hold_until=self.paid_at + timedelta(days=settings.KEZHAN_HOLD_DAYS))
        self.state, self.closed_at = self.State.PAID, None
        self.invoice_number = InvoiceSeries.objects.next_number(self.book, self.paid_at)
        self.save(update_fields=["state", "charge_id", "paid_at", "closed_at", "invoice_number"])

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

    def _close(self, state: str) -> bool:
        closed = Order.objects.filter(pk=self.pk, state=self.State.PENDING).update(state=state, closed_at=clock.now())
        self.refresh_from_db(fields=["state", "closed_at"])
        return bool(closed)


def _fingerprint(courses: Iterable[Course]) -> str:
    """The same for the same courses at the same prices."""
    text = ",".join(sorted(f"{course.pk}:{course.price_minor}{course.currency}" for course in courses))
    return hashlib.sha256(text.encode()).hexdigest()
