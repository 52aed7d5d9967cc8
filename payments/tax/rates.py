"""Which tax a sale bears, when our own table says so; with Stripe Tax the provider says it at the payment's end."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ..models import TaxRate


@dataclass(frozen=True)
class Rate:
    """`bps` of the net, under the name that invoices print."""

    name: str
    bps: int


NONE = Rate("", 0)


def for_country(country: str, at: datetime) -> Rate:
    """The rate for a buyer in `country` (ISO 3166; "" counts as the seller's own) at `at`.

    A country without a row in the table is not taxed: whoever sells there without a registration may not charge it.
    """
    if settings.KEZHAN_TAX != "table":
        return NONE
    found = TaxRate.objects.in_force(country or settings.KEZHAN_SELLER_COUNTRY, at=at)
    return Rate(found.name, found.bps) if found else NONE
