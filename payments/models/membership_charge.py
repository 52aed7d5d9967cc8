"""What the provider is asked for a membership: to take a month with the kept means, and to forget these at its end."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from .kept_charge import KeptCharge, KeptChargeQuerySet, KeptRelease

if TYPE_CHECKING:
    from .membership import Membership


class MembershipCharge(KeptCharge):
    """One try to take one month."""

    TASK = "payments.tasks.charge_month"
    KIND = "month"

    order = models.OneToOneField(
        "payments.Order", primary_key=True, on_delete=models.PROTECT, related_name="membership_charge"
    )

    objects = KeptChargeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="membership_charge_due")
        ]

    @property
    def what(self) -> str:
        return str(self.order.month)


class MembershipReleaseQuerySet(models.QuerySet["MembershipRelease"]):
    def begin(self, membership: "Membership") -> None:
        if membership.customer_id:
            self.get_or_create(membership=membership)[0].ring()


class MembershipRelease(KeptRelease):
    """A membership has ended."""

    TASK = "payments.tasks.release_membership_means"

    membership = models.OneToOneField(
        "payments.Membership", primary_key=True, on_delete=models.PROTECT, related_name="means_release"
    )

    objects = MembershipReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="membership_release_due")
        ]

    def __str__(self) -> str:
        return f"means of membership {self.membership_id}"

    @property
    def agreement(self) -> "Membership":
        return self.membership

    @property
    def charges(self) -> Any:
        return MembershipCharge.objects.filter(order__membership=self.membership)
