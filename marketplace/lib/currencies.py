"""Which currencies there are: ten that courses are sold in, and all that the payment provider may tell of.

Who sells takes one of the ten. Who reads or books what the provider says takes any of its own: an account may be
settled in a currency that nobody is charged in. Source: ISO 4217 and the provider's page on currencies.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """How a currency is counted: in units of 10^-`exponent`, which are the provider's own, so that nothing is rounded
    where its numbers are read. `charge_multiple` and `payout_multiple` are the steps in units that the provider takes.
    """

    code: str
    exponent: int
    charge_multiple: int = 1
    payout_multiple: int = 1


@dataclass(frozen=True, kw_only=True)
class Currency(Known):
    """One that courses are sold in, with its limits in units."""

    min_charge: int
    max_charge: int
    payout_minimum: int


def _sold_in(
    code: str, exponent: int, min_charge: int, max_charge: int, payout_minimum: int, *, step: int = 1
) -> Currency:
    return Currency(
        code, exponent, charge_multiple=step, payout_multiple=step, min_charge=min_charge, max_charge=max_charge,
        payout_minimum=payout_minimum,
    )  # fmt: skip


CURRENCIES: dict[str, Currency] = {
    c.code: c
    for c in (
        _sold_in("USD", 2, 50, 999_999, 1_000),
        _sold_in("EUR", 2, 50, 999_999, 1_000),
        _sold_in("GBP", 2, 30, 999_999, 1_000),
        _sold_in("CNY", 2, 400, 6_999_999, 7_000),
        _sold_in("HKD", 2, 400, 7_999_999, 8_000),
        _sold_in("SGD", 2, 50, 1_299_999, 1_300),
        _sold_in("JPY", 0, 50, 1_499_999, 1_500),
        _sold_in("KRW", 0, 500, 13_999_999, 14_000),
        _sold_in("TWD", 2, 1_500, 29_999_900, 30_000, step=100),
        _sold_in("KWD", 3, 150, 3_099_990, 3_000, step=10),
    )
}

_IN_HUNDREDTHS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF COP CRC CVE CZK
DKK DOP DZD EGP ETB FJD FKP GEL GHS GIP GMD GTQ GYD HNL HRK HTG IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL
MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
SCR SEK SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TZS UAH UYU UZS WST XCD XCG YER ZAR ZMW
"""
# The provider counts these in whole units, Madagascar's too, whose fifths it does not know.
_WHOLE = "BIF CLP DJF GNF KMF MGA PYG RWF VND VUV XAF XOF XPF"
_IN_THOUSANDTHS = "BHD JOD OMR TND"

KNOWN: dict[str, Known] = {
    **{code: Known(code, 2) for code in _IN_HUNDREDTHS.split()},
    **{code: Known(code, 0) for code in _WHOLE.split()},
    **{code: Known(code, 3, charge_multiple=10, payout_multiple=10) for code in _IN_THOUSANDTHS.split()},
    # Whole by now, and still told and taken in hundredths.
    **{code: Known(code, 2, charge_multiple=100, payout_multiple=100) for code in ("ISK", "UGX")},
    "HUF": Known("HUF", 2, payout_multiple=100),
    **CURRENCIES,
}


def currency_choices() -> list[tuple[str, str]]:
    """Those that courses are sold in."""
    return [(code, code) for code in CURRENCIES]


def known_currency_choices() -> list[tuple[str, str]]:
    """All that can stand in the books."""
    return [(code, code) for code in sorted(KNOWN)]
