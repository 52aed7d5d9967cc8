"""Which tax a sale bears, when our own table says so; with Stripe Tax the provider says it at the payment's end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from creators import countries
from marketplace.lib import clock

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


@dataclass(frozen=True)
class Taxing:
    """How a sale is taxed: `source` as orders say it ("none", "table", "stripe"), and by which rate of which country.

    With "stripe" the rate is none until the payment's end: see `payments.tax.reckoned`.
    """

    source: str
    is_inclusive: bool
    country: str
    rate: Rate


def taxing(country: str, at: datetime) -> Taxing:
    """How a sale to a buyer of `country` ("" if she has not said) is taxed at `at`."""
    source = {"off": "none"}.get(settings.KEZHAN_TAX, settings.KEZHAN_TAX)
    if source == "none":
        return Taxing(source, is_inclusive=True, country="", rate=NONE)
    where = country or (settings.KEZHAN_SELLER_COUNTRY if source == "table" else "")
    return Taxing(source, settings.KEZHAN_PRICES_INCLUDE_TAX, where, for_country(country, at))


@dataclass(frozen=True)
class Listed:
    """A rate as finance sees it: `is_now` for the one in force, `is_later` for one to come."""

    rate: TaxRate
    country: str
    is_now: bool
    is_later: bool


def listed() -> list[Listed]:
    """Every version, by country's name, the latest first."""
    now, seen, found = clock.now(), set(), []
    for rate in TaxRate.objects.select_related("introduced_by").order_by("country", "-starts_at"):
        is_now = rate.starts_at <= now and rate.country not in seen
        seen |= {rate.country} if is_now else set()
        found.append(Listed(rate, countries.name_of(rate.country), is_now, rate.starts_at > now))
    return sorted(found, key=lambda each: each.country)


def set_up() -> dict[str, Any]:
    """What the settings say of tax: `source` ("off", "table", "stripe"), `is_inclusive`, and who sells."""
    return {
        "source": settings.KEZHAN_TAX, "is_inclusive": settings.KEZHAN_PRICES_INCLUDE_TAX,
        "seller": settings.KEZHAN_SELLER_NAME, "seller_country": countries.name_of(settings.KEZHAN_SELLER_COUNTRY),
        "seller_tax_id": settings.KEZHAN_SELLER_TAX_ID,
    }  # fmt: skip
