"""Tax paid to an office, and tax that an office gave back: noted by finance with the bank's reference, once."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money

from .. import ledger
from ..models import AccountKind, AccountRef, EntryKind, TaxPayment
from ..models.tax_payment import ReferenceTaken
from . import owed, periods

# It is a later day there than by UTC, and whoever notes a payment writes her own.
EASTERNMOST = timedelta(hours=14)
TAX, BANK = AccountRef(AccountKind.TAX_PAYABLE), AccountRef(AccountKind.BANK)


class MoreThanOwed(DomainError):
    code = "more_tax_than_owed"
    message = _("That is more than is owed to this country in this currency. Say why it is paid all the same.")


class MoreThanPaid(DomainError):
    code = "more_tax_back_than_paid"
    message = _("That is more than was ever paid to this country's office in this currency.")


class WhyMissing(DomainError):
    code = "tax_back_needs_reason"
    message = _("Say why the money came back.")


class NotYetPaid(DomainError):
    code = "tax_payment_not_yet"
    message = _("Only what has left or reached the bank is noted: the day cannot be in the future.")


class ReferenceMissing(DomainError):
    code = "tax_reference_missing"
    message = _("Name the bank's or the office's reference, by which the payment is found again.")


class NothingPaid(DomainError):
    code = "tax_payment_of_nothing"
    message = _("The amount must be above zero.")


@transaction.atomic
def note(
    amount: Money,
    *,
    by: User,
    country: str,
    period: str,
    reference: str,
    paid_on: date,
    reason: str = "",
    is_back: bool = False,
) -> TaxPayment:
    """`amount` left our bank for the office of `country` ("" where none was named); `is_back`: it came back from there,
    or was noted wrongly. `reason`: why it came back, or why more is paid than is owed.

    Raises NotAllowed, NothingPaid, ReferenceMissing, NotYetPaid, NoSuchPeriod, ReferenceTaken, MoreThanOwed,
    WhyMissing, MoreThanPaid.
    """
    reference, reason, book = reference.strip()[:140], reason.strip()[:500], settings.PAYMENTS_BOOK
    if not by.has_role("finance"):
        raise NotAllowed
    if amount.minor <= 0:
        raise NothingPaid
    if not reference:
        raise ReferenceMissing
    if paid_on > (clock.now() + EASTERNMOST).date():
        raise NotYetPaid
    named = periods.named(period).name
    # Behind the hold: what somebody else notes at the same moment is seen here.
    TaxPayment.objects.hold(book, amount.currency)
    if TaxPayment.objects.of(book).filter(country=country, reference=reference).exists():
        raise ReferenceTaken
    stands = owed.now(country, amount.currency)
    _fits(amount, stands, country, reason, is_back=is_back)
    signed = -amount if is_back else amount
    meta = {"country": country, "period": named, "reference": reference, "by": by.pk}
    key = f"tax_paid:{book}:{country or '-'}:{reference}"
    entry = ledger.post(key, EntryKind.TAX_PAID, [(TAX, signed), (BANK, -signed)], book=book, meta=meta)
    row = TaxPayment.objects.record(
        entry, signed, country=country, owed_minor=stands.minor, period=named, reference=reference, reason=reason,
        paid_on=paid_on, paid_by=by,
    )  # fmt: skip
    audit.record(by, "tax.note_payment", row, country=country, amount=str(signed), owed=str(stands), reason=reason)
    return row


def _fits(amount: Money, stands: Money, country: str, reason: str, *, is_back: bool) -> None:
    if not is_back:
        if amount > stands and not reason:
            raise MoreThanOwed
        return
    if not reason:
        raise WhyMissing
    if amount > TaxPayment.objects.paid_to(country, amount.currency, settings.PAYMENTS_BOOK):
        raise MoreThanPaid
