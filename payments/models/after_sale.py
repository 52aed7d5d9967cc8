"""What is still to be done for a paid order once its money is safe."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from marketplace.lib.work import Work

from .order import Order


class AfterSaleQuerySet(models.QuerySet["AfterSale"]):
    def begin(self, order: Order) -> None:
        """Ring for the row that `Order.mark_paid` wrote, once its transaction is committed."""
        AfterSale(pk=order.pk).ring()


class AfterSale(Work):
    """A paid order whose invoice, receipt and notices wait. Written with the payment, so a crash forgets none."""

    TASK = "payments.tasks.follow_sale"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="after_sale")

    objects = AfterSaleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="after_sale_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"after order {self.order_id}"
