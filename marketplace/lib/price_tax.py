"""What this installation's rule says of tax in the prices that are shown: the same for every reader, so kept pages and
cards may say it.
"""

from enum import StrEnum

from django.conf import settings


class PriceTax(StrEnum):
    NONE = "none"
    INCLUDED = "included"
    ON_TOP = "on_top"


def of_prices() -> PriceTax:
    """Whether prices of courses hold their tax, bear it on top, or bear none."""
    if settings.KEZHAN_TAX == "off":
        return PriceTax.NONE
    return PriceTax.INCLUDED if settings.KEZHAN_PRICES_INCLUDE_TAX else PriceTax.ON_TOP
