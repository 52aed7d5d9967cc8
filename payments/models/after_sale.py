"""What is still to be done for a paid order once its money is safe."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q

from marketplace.lib.work import Work, ring_for_all

from .order import Order


class AfterSaleQuerySet(models.QuerySet["AfterSale"]):
    def begin(self) -> None:
        """Ring for the rows that `Order.objects.mark_paid` wrote, once its transaction is committed.

        One bell for all that come while it has not been heard: a bell a sale would cost a third of the sale.
        """
        transaction.on_commit(lambda: ring_for_all(self.model.TASK_FOR_ALL), robust=True)


class AfterSale(Work):
    """A paid order whose invoice, receipt and notices wait. Written with the payment, so a crash forgets none."""

    TASK = "payments.tasks.follow_sale"
    TASK_FOR_ALL = "payments.tasks.follow_sales"
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
