"""Seats of coupons: reserved when a buyer goes to pay, used when she has paid, released when her order closes unpaid.

The seat is taken under the coupon's lock, and the database refuses more seats than there are. Everybody locks the
order first and then the coupon.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock

from .coupon import Coupon, CouponRefused

if TYPE_CHECKING:
    from .order import Order


class CouponNotValid(CouponRefused):
    """One answer for a code that nobody made, that is over, and that has no seats: who guesses learns nothing."""

    code = "coupon_not_valid"
    message = _("This code is not valid, or it is no longer.")


class CouponUsedBefore(CouponRefused):
    code = "coupon_used_before"
    message = _("You have used this code as often as one person may.")


class CouponUseQuerySet(models.QuerySet["CouponUse"]):
    def standing(self) -> "CouponUseQuerySet":
        return self.exclude(state=CouponUse.State.RELEASED)

    def by(self, buyer: Any) -> "CouponUseQuerySet":
        return self.filter(buyer_id=buyer.pk) if buyer.pk else self.none()

    @transaction.atomic
    def reserve(self, coupon: Coupon, order: "Order") -> "CouponUse":
        """Take a seat for an order that is about to be paid. Raises CouponNotValid, CouponUsedBefore."""
        held = Coupon.objects.hold(coupon.pk)
        if not held.holds_at(clock.now()):
            raise CouponNotValid
        mine = self.filter(coupon=held, buyer_id=order.buyer_id).standing().count()
        if held.cap_person is not None and mine >= held.cap_person:
            raise CouponUsedBefore
        if not held.take_seat():
            raise CouponNotValid
        return self.create(coupon=held, order=order, buyer_id=order.buyer_id, reserved_at=clock.now())

    @transaction.atomic
    def release(self, order: "Order") -> None:
        """The order was closed unpaid: its seat is free again. Nothing to do for an order without a seat."""
        use = self._held(order)
        if use is not None and use.state == CouponUse.State.RESERVED:
            use._move(CouponUse.State.RELEASED)
            use.coupon.give_seat_back()

    @transaction.atomic
    def use(self, orders: "Sequence[Order]") -> None:
        """The orders are paid. Money that came after the seat was released keeps the price that it was asked for: it
        takes a free seat, or stands beside the seats when there is none. The caller holds the orders.

        Coupons are locked in order of their keys: of two who want the same ones, one waits.
        """
        uses: list[CouponUse] = list(
            self.filter(order__in=orders).exclude(state=CouponUse.State.USED).order_by("order_id")
        )
        coupons = Coupon.objects.hold_all({use.coupon_id for use in uses})
        now = clock.now()
        for use in uses:
            if use.state == CouponUse.State.RELEASED:
                use.is_beyond_cap = not coupons[use.coupon_id].take_seat()
            use.state, use.used_at = CouponUse.State.USED, now
        CouponUse.objects.bulk_update(uses, ["state", "is_beyond_cap", "used_at"])

    def _held(self, order: "Order") -> "CouponUse | None":
        """The order's use, with its coupon locked and read anew. The caller holds the order."""
        use = self.filter(order=order).first()
        if use is not None:
            use.coupon = Coupon.objects.hold(use.coupon_id)
        return use


class CouponUse(models.Model):
    """One order's seat of a coupon."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        USED = "used", _("Used")
        RELEASED = "released", _("Released")

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    order = models.OneToOneField("payments.Order", on_delete=models.PROTECT, related_name="coupon_use")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RESERVED)
    is_beyond_cap = models.BooleanField(default=False)
    reserved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    objects = CouponUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="reserved", used_at=None, released_at=None)
                | Q(state="used", used_at__isnull=False)
                | Q(state="released", used_at=None, released_at__isnull=False),
                name="coupon_use_state_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["coupon", "buyer"], name="coupon_use_of_buyer")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.coupon_id} {self.state}"

    @property
    def since(self) -> datetime:
        """When it came into its present state."""
        return self.used_at or self.released_at or self.reserved_at

    def _move(self, state: str) -> None:
        self.state = state
        setattr(self, f"{state}_at", clock.now())
        self.save(update_fields=["state", "is_beyond_cap", f"{state}_at"])
