"""Months that finance declared finished, with the figures that were frozen by it. Written by `payments.closing`."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q

from accounts.models import User

from .ledger_kinds import Book

START = "0" * 64  # what the first closed month follows


class MonthCloseQuerySet(models.QuerySet["MonthClose"]):
    def of(self, book: str) -> "MonthCloseQuerySet":
        """One book's closed months, the first one first."""
        return self.filter(book=book).order_by("month")

    def newest(self, book: str) -> "MonthClose | None":
        return self.of(book).last()

    def hold(self) -> None:
        """For the rest of the transaction nobody else closes a month, and no entry is written into one that is over."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_months_held(true)")

    def add(self, facts: dict[str, Any], *, by: User, at: datetime) -> "MonthClose":
        content = written(facts)
        return self.create(
            book=facts["book"], month=date.fromisoformat(f"{facts['month']}-01"), closed_by=by, closed_at=at,
            note=facts["note"], reason=facts["reason"], content=content, hash=hash_of(content),
        )  # fmt: skip


def written(facts: dict[str, Any]) -> str:
    """The one way in which a month is written down: compact JSON, keys in order, every character as itself."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(content: str) -> str:
    return hashlib.sha256(b"month\n" + content.encode()).hexdigest()


class MonthClose(models.Model):
    """Finance closed the books of one month (UTC): no entry may be booked into it any more. Append-only.

    `content` is what was frozen, as canonical JSON: each account kind's opening balance, debits, credits and closing
    balance by currency, the month's figures, the seal of its last day, and what did not fit when it was closed.
    `hash` is of that, and `content` names the hash of the month before. `reason`: why it was closed although the books
    and the provider's list did not agree on something; empty when they did.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    month = models.DateField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    content = models.TextField()
    hash = models.CharField(max_length=64)

    objects = MonthCloseQuerySet.as_manager()

    class Meta:
        ordering = ["book", "month"]
        constraints = [
            models.UniqueConstraint(fields=["book", "month"], name="one_close_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_close_names_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.month:%Y-%m} {self.hash[:12]}"

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.content)
