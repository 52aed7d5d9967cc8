"""What a course's page says of tax before anything is in the cart, to a reader whose country may be known."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from courses.models import Course
from creators import countries
from marketplace.lib import clock, price_tax
from marketplace.lib.money import Money
from marketplace.lib.price_tax import PriceTax

from ..models import BillingDetails
from ..models.revenue_rule import percent_text
from ..quotes import tax_of
from . import rates


@dataclass(frozen=True)
class CourseTax:
    """The tax in a price, or on top of it. `country`, `percent`, `tax` and `total` are set only where the reader's
    country is known; `tax` is zero where nothing is taxed there.
    """

    is_on_top: bool
    name: str = ""
    country: str = ""
    percent: str = ""
    tax: Money | None = None
    total: Money | None = None


def country_of(reader: Any) -> str:
    """Where our own table would tax this person: the country of her latest invoice, "" where she named none."""
    if settings.KEZHAN_TAX != "table" or not reader.is_authenticated:
        return ""
    return BillingDetails.objects.last_of(reader).country


def of_course(course: Course, reader: Any) -> CourseTax | None:
    """None where the price bears no tax. Visitors are all told the same: a kept page knows nobody."""
    rule = price_tax.of_prices()
    if rule is PriceTax.NONE or not course.price:
        return None
    is_on_top = rule is PriceTax.ON_TOP
    # Of a price that the buyer names there is no sum yet.
    country = "" if course.is_price_named else country_of(reader)
    if not country:
        return CourseTax(is_on_top)
    rate = rates.for_country(country, clock.now())
    tax = tax_of(course.price, rate.bps, is_inclusive=not is_on_top)
    total = course.price + tax if is_on_top else course.price
    return CourseTax(is_on_top, rate.name, countries.name_of(country), percent_text(rate.bps), tax, total)
