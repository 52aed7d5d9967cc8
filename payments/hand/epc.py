"""The QR code that banking apps in Europe fill a transfer from. Source: EPC069-12, version 002. Pure."""

from decimal import Decimal

from marketplace.lib.money import CURRENCIES, Money

MOST = Decimal("999999999.99")


def text(*, holder: str, iban: str, bic: str, amount: Money, reference: str) -> str:
    """What the code says; "" where there is none of this amount. The BIC may be empty."""
    whole = Decimal(amount.minor).scaleb(-CURRENCIES[amount.currency].exponent)
    if amount.currency != "EUR" or not Decimal("0.01") <= whole <= MOST:
        return ""
    # By line: service, version, UTF-8, kind, BIC, name, IBAN, amount, purpose, structured and free remittance.
    lines = ["BCD", "002", "1", "SCT", bic, holder[:70], iban, f"EUR{whole}", "", "", reference[:140]]
    return "\n".join(lines)
