"""What went to a tax office, and what came back from one, each with its entry. Written by `payments.tax.paying`."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators import countries
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money, currency_choices

from .ledger import LedgerAccount, LedgerEntry
from .ledger_kinds import AccountKind, Book


class ReferenceTaken(DomainError):
    code = "tax_reference_taken"
    message = _("A payment to this country's office is noted under this reference already.")


class TaxPaymentQuerySet(models.QuerySet["TaxPayment"]):
    def of(self, book: str) -> "TaxPaymentQuerySet":
        """One book's, the newest first."""
        return self.filter(book=book).select_related("paid_by").order_by("-pk")

    def booked_in(self, since: datetime, until: datetime) -> "TaxPaymentQuerySet":
        """Noted from `since` on and before `until`."""
        return self.filter(paid_at__gte=since, paid_at__lt=until)

    def hold(self, book: str, currency: str) -> None:
        """For the rest of the transaction nobody else notes a payment in this currency. Sales go on meanwhile."""
        account = LedgerAccount.objects.filter(book=book, kind=AccountKind.TAX_PAYABLE, currency=currency)
        list(account.select_for_update(no_key=True, of=("self",)).values_list("pk"))

    def paid_to(self, country: str, currency: str, book: str) -> Money:
        """All that ever went to a country's office, less what came back."""
        rows = self.filter(book=book, country=country, currency=currency)
        return Money(int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0), currency)

    def record(self, entry: LedgerEntry, amount: Money, **told: Any) -> "TaxPayment":
        """Raises ReferenceTaken."""
        about = {"book": entry.book, "currency": amount.currency, "amount_minor": amount.minor}
        try:
            with transaction.atomic():
                return self.create(entry=entry, **about, paid_at=entry.created_at, **told)
        except IntegrityError as error:
            # Two at once in a currency that bore no tax yet, so that there was nothing to hold.
            if self.filter(Q(entry=entry) | Q(book=entry.book, country=told["country"], reference=told["reference"])):
                raise ReferenceTaken from error
            raise


class TaxPayment(models.Model):
    """Finance paid the tax of one country to its office, or got some of it back. Append-only.

    `amount_minor` is what left our bank for the office; below zero it came back. `owed_minor` is what that country was
    owed just before. `reason`: why more was paid than that, or why something came back. `period` names what it was for
    as `payments.tax.periods` reads it: "2026-11", "2026-Q4", "2026".
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    country = models.CharField(max_length=2, blank=True)  # "" where the provider named none
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.BigIntegerField()
    owed_minor = models.BigIntegerField()
    period = models.CharField(max_length=7)
    reference = models.CharField(max_length=140)
    reason = models.CharField(max_length=500, blank=True)
    paid_on = models.DateField()
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    paid_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="tax_payment")

    objects = TaxPaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "country", "reference"], name="one_tax_payment_a_reference"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="tax_payment_is_something"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=F("owed_minor")) | ~Q(reason=""),
                name="tax_payment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^([A-Z]{2})?$") & ~Q(reference=""), name="tax_payment_of_a_country"
            ),
        ]
        indexes = [models.Index(fields=["book", "country", "currency"], name="tax_payment_country")]

    def __str__(self) -> str:
        return f"{self.country or '–'} {self.amount} {self.reference}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def owed(self) -> Money:
        return Money(self.owed_minor, self.currency)

    @property
    def place(self) -> Any:
        """The country's name in the reader's language."""
        return countries.name_of(self.country) or _("Country not known")
