"""Which way out serves which country. Source: the design's page on money (Stripe practice, region)."""

from ..models import RailCode

# Where the provider pays to by itself across borders: US, UK, Canada, Switzerland and the European Economic Area.
EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO"
BY_PROVIDER = frozenset(["US", "GB", "CA", "CH", *EEA.split(" ")])


def rail_for(country: str) -> RailCode:
    """The way out for a creator of this country (ISO 3166, upper case); not said is taken to be the provider's."""
    return RailCode.STRIPE_TRANSFER if not country or country in BY_PROVIDER else RailCode.MANUAL_BANK_FILE
