"""Customers of the provider that nothing needs any more: it is told to forget them, with the means that were kept."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from marketplace.lib.work import Work

from .ledger_kinds import Book


class CustomerReleaseQuerySet(models.QuerySet["CustomerRelease"]):
    def begin(self, customer_id: str, book: str) -> None:
        """In the transaction of whatever lets it go; nothing for no customer. No payment of its may be unknown."""
        if customer_id:
            self.get_or_create(customer_id=customer_id, defaults={"book": book})[0].ring()


class CustomerRelease(Work):
    """A customer whose means was replaced, or of whom no plan came to be, or whose plan is paused."""

    TASK = "payments.tasks.forget_customer"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 14  # a day

    customer_id = models.CharField(max_length=80, primary_key=True)
    book = models.CharField(max_length=8, choices=Book.choices)

    objects = CustomerReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="customer_release_due")
        ]

    def __str__(self) -> str:
        return self.customer_id
