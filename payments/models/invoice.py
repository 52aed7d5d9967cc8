"""Numbers of invoices: per book and year, without gaps, in the order in which orders were paid."""

from datetime import datetime

from django.db import connection, models


class InvoiceSeriesQuerySet(models.QuerySet["InvoiceSeries"]):
    def next_number(self, book: str, paid_at: datetime) -> str:
        """The year's next number, for example "2026-000042".

        The series' row stays locked until the caller's transaction ends: a sale that is undone gives its number back,
        so there is no gap. Take it late, since sales wait for each other here.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO payments_invoiceseries (book, year, last) VALUES (%s, %s, 1)"
                " ON CONFLICT (book, year) DO UPDATE SET last = payments_invoiceseries.last + 1 RETURNING last",
                [book, paid_at.year],
            )
            last = cursor.fetchone()[0]
        prefix = "" if book == "live" else "TEST-"
        return f"{prefix}{paid_at.year}-{last:06d}"


class InvoiceSeries(models.Model):
    """How many invoices a book has given out in a year (UTC)."""

    book = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    objects = InvoiceSeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [models.UniqueConstraint(fields=["book", "year"], name="one_invoice_series_a_year")]

    def __str__(self) -> str:
        return f"{self.book} {self.year}: {self.last}"
