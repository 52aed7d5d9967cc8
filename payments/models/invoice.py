"""Invoices and credit notes: numbered without gaps in each book, year and kind, and frozen as they were issued.

What stands on one is its `snapshot`: names, addresses, lines and amounts as of that day. The PDF is set from it
whenever somebody asks, so a later change of a name, a price or the seller's address changes no invoice.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from marketplace.lib import clock

from .ledger_kinds import Book

if TYPE_CHECKING:
    from .order import Order
    from .refund import Refund


class PaperKind(models.TextChoices):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


_PREFIX = {PaperKind.INVOICE: "", PaperKind.CREDIT_NOTE: "CN-"}


class InvoiceSeriesQuerySet(models.QuerySet["InvoiceSeries"]):
    def next_number(self, book: str, at: datetime, kind: str = PaperKind.INVOICE) -> str:
        """The year's next number of a kind, for example "2026-000042" or "CN-2026-000007".

        The series' row stays locked until the caller's transaction ends: what is undone gives its number back, so there
        is no gap. Take it late, since others wait here; the money's own transaction never does.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO payments_invoiceseries (book, year, kind, last) VALUES (%s, %s, %s, 1)"
                " ON CONFLICT (book, year, kind) DO UPDATE SET last = payments_invoiceseries.last + 1 RETURNING last",
                [book, at.year, kind],
            )
            last = cursor.fetchone()[0]
        test = "" if book == Book.LIVE else "TEST-"
        return f"{test}{_PREFIX[PaperKind(kind)]}{at.year}-{last:06d}"


class InvoiceSeries(models.Model):
    """How many invoices, or credit notes, a book has given out in a year (UTC)."""

    book = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PaperKind.choices, default=PaperKind.INVOICE)
    last = models.PositiveIntegerField()

    objects = InvoiceSeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [models.UniqueConstraint(fields=["book", "year", "kind"], name="one_series_a_year_and_kind")]

    def __str__(self) -> str:
        return f"{self.book} {self.year} {self.kind}: {self.last}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def issue(self, order: "Order", snapshot: dict[str, Any], *, at: datetime) -> "Invoice":
        """The order's invoice under the next number. The caller holds the order and has seen that there is none.

        Orders of the time before invoices were rows have a number already, which they keep.
        """
        number = order.invoice_number or InvoiceSeries.objects.next_number(order.book, at)
        return self.create(order=order, book=order.book, number=number, issued_at=at, snapshot=snapshot)


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    def issue(self, refund: "Refund", invoice: "Invoice", snapshot: dict[str, Any], *, at: datetime) -> "CreditNote":
        """The refund's credit note under the next number. The caller holds the refund and has seen none."""
        number = InvoiceSeries.objects.next_number(invoice.book, at, PaperKind.CREDIT_NOTE)
        return self.create(
            refund=refund, invoice=invoice, book=invoice.book, number=number, issued_at=at, snapshot=snapshot
        )


class Paper(models.Model):
    """What invoices and credit notes share. Rows are never changed."""

    KIND: PaperKind

    book = models.CharField(max_length=8, choices=Book.choices)
    number = models.CharField(max_length=28, unique=True)
    issued_at = models.DateTimeField(default=clock.now)
    snapshot = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def file_name(self) -> str:
        return f"kezhan-{self.number}.pdf"


class Invoice(Paper):
    """What a paid order was billed as, and to whom."""

    KIND = PaperKind.INVOICE

    order = models.OneToOneField("payments.Order", on_delete=models.PROTECT, related_name="invoice")

    objects = InvoiceQuerySet.as_manager()


class CreditNote(Paper):
    """Takes a part or all of an invoice back, for one refund."""

    KIND = PaperKind.CREDIT_NOTE

    refund = models.OneToOneField("payments.Refund", on_delete=models.PROTECT, related_name="credit_note")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")

    objects = CreditNoteQuerySet.as_manager()
