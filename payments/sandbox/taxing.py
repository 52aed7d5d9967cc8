"""Stripe Tax as the sandbox plays it: a platform registered in a few countries, one rate a country, no exemptions.

Rates are in whole percent, amounts in the provider's minor units.
"""

from typing import Any

# The countries where the platform is registered; of the others, as Stripe does, nothing is collected.
RATES = {
    "AU": ("GST", 10), "CN": ("VAT", 6), "DE": ("VAT", 19), "ES": ("VAT", 21), "FR": ("VAT", 20), "GB": ("VAT", 20),
    "IE": ("VAT", 23), "IT": ("VAT", 22), "JP": ("JCT", 10), "SG": ("GST", 9),
}  # fmt: skip
COUNTRIES = tuple(sorted([*RATES, "BR", "HK", "KW", "TW", "US"]))

Lines = list[dict[str, Any]]


def of(lines: Lines, country: str) -> tuple[int, int]:
    """The tax of these lines in the provider's minor units, and how much of it comes on top of the prices."""
    inside = on_top = 0
    for line in lines:
        tax = _tax(line, country)
        inside, on_top = (inside, on_top + tax) if line["tax_behavior"] == "exclusive" else (inside + tax, on_top)
    return inside + on_top, on_top


def automatic(*, enabled: bool, country: str) -> dict[str, Any]:
    if not enabled:
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    status = "complete" if country else "requires_location_inputs"
    return {"enabled": True, "liability": {"type": "self"}, "provider": "stripe", "status": status}


def details(lines: Lines, country: str, tax: int) -> dict[str, Any]:
    told = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax}
    if country not in RATES:
        return told
    exclusive = any(line["tax_behavior"] == "exclusive" for line in lines)
    amount = sum(line["unit_amount"] * line["quantity"] for line in lines)
    one = {
        "amount": tax, "rate": _rate(country, inclusive=not exclusive), "taxability_reason": "standard_rated",
        "taxable_amount": amount if exclusive else amount - tax,
    }  # fmt: skip
    return {**told, "breakdown": {"discounts": [], "taxes": [one]}}


def address(country: str) -> dict[str, Any] | None:
    if not country:
        return None
    return {"city": None, "country": country, "line1": None, "line2": None, "postal_code": None, "state": None}


def _tax(line: dict[str, Any], country: str) -> int:
    percent = RATES[country][1] if country in RATES else 0
    amount = line["unit_amount"] * line["quantity"]
    whole = 100 if line["tax_behavior"] == "exclusive" else 100 + percent
    return (2 * amount * percent + whole) // (2 * whole)


def _rate(country: str, *, inclusive: bool) -> dict[str, Any]:
    name, percent = RATES[country]
    return {
        "id": f"txr_{country}", "object": "tax_rate", "active": True, "country": country, "created": 1,
        "description": None, "display_name": name, "effective_percentage": None, "flat_amount": None,
        "inclusive": inclusive, "jurisdiction": country, "jurisdiction_level": "country", "livemode": False,
        "metadata": None, "percentage": percent, "rate_type": "percentage", "state": None, "tax_type": None,
    }  # fmt: skip
