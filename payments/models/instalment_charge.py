"""What the provider is asked for a plan: to take a part with the kept means, and to forget these at its end."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.work import Work

if TYPE_CHECKING:
    from .instalment import InstalmentPlan
    from .order import Order


class InstalmentChargeQuerySet(models.QuerySet["InstalmentCharge"]):
    def begin(self, order: "Order", number: int) -> "InstalmentCharge":
        """Have the part of this order taken without its buyer, for the `number`th time; by a worker."""
        charge = self.create(order=order, number=number)
        charge.ring()
        return charge

    def under_way(self) -> Self:
        """Nobody knows yet whether they took the money."""
        return self.filter(state=InstalmentCharge.State.ASKED)


class InstalmentCharge(Work):
    """One try to take one part with the means that were kept. As work it is the call to the provider."""

    class State(models.TextChoices):
        ASKED = "asked", _("Under way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")

    TASK = "payments.tasks.charge_instalment"
    # Longer than the charge and what follows it can take together, with the provider's client's own repeats.
    LEASE = timedelta(seconds=200)
    MAX_ATTEMPTS = 12

    order = models.OneToOneField(
        "payments.Order", primary_key=True, on_delete=models.PROTECT, related_name="instalment_charge"
    )
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    # The provider's word for why it did not come.
    reason = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    # Under which key the provider was asked last, and when: written before it is asked. Empty: it never was.
    key = models.CharField(max_length=120, blank=True, default="", db_default="")
    key_used_at = models.DateTimeField(null=True)

    objects = InstalmentChargeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="instalment_charge_due")
        ]

    def __str__(self) -> str:
        return f"try {self.number} of order {self.order_id}"

    def ask_under(self, key: str, at: datetime) -> None:
        """Note the key before the provider is asked, with a whole lease to ask in. Raises LeaseLost."""
        self.heartbeat()
        self._settle(key=key, key_used_at=at)
        self.key, self.key_used_at = key, at


class MeansReleaseQuerySet(models.QuerySet["MeansRelease"]):
    def begin(self, plan: "InstalmentPlan") -> None:
        if plan.customer_id:
            self.get_or_create(plan=plan)[0].ring()


class MeansRelease(Work):
    """Nothing of a plan is open: the provider is told to forget the means of payment that were kept for it."""

    TASK = "payments.tasks.release_means"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    plan = models.OneToOneField(
        "payments.InstalmentPlan", primary_key=True, on_delete=models.PROTECT, related_name="means_release"
    )

    objects = MeansReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="means_release_due")
        ]

    def __str__(self) -> str:
        return f"means of plan {self.plan_id}"
