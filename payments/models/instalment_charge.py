"""What the provider is asked for a plan: to take a part with the kept means, and to forget these at its end."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from .kept_charge import KeptCharge, KeptChargeQuerySet, KeptRelease

if TYPE_CHECKING:
    from .instalment import InstalmentPlan


class InstalmentCharge(KeptCharge):
    """One try to take one part."""

    TASK = "payments.tasks.charge_instalment"
    KIND = "instalment"

    order = models.OneToOneField(
        "payments.Order", primary_key=True, on_delete=models.PROTECT, related_name="instalment_charge"
    )

    objects = KeptChargeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="instalment_charge_due")
        ]

    @property
    def what(self) -> str:
        return str(self.order.part)


class MeansReleaseQuerySet(models.QuerySet["MeansRelease"]):
    def begin(self, plan: "InstalmentPlan") -> None:
        if plan.customer_id:
            self.get_or_create(plan=plan)[0].ring()


class MeansRelease(KeptRelease):
    """Nothing of a plan is open any more."""

    TASK = "payments.tasks.release_means"

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

    @property
    def agreement(self) -> "InstalmentPlan":
        return self.plan

    @property
    def charges(self) -> Any:
        return InstalmentCharge.objects.filter(order__plan=self.plan)
