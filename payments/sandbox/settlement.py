"""The sandbox as a provider that settles one currency in another: the rates of the setting SANDBOX_SETTLEMENT."""

import json
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from marketplace.lib.money import KNOWN

_ONE = re.compile(r"([A-Z]{3})=([A-Z]{3})@(\d{1,6}(?:\.\d{1,10})?)", re.ASCII)


@dataclass(frozen=True)
class Exchange:
    """From one currency into another, both lower case as the provider writes them."""

    currency: str
    into: str
    rate_text: str

    def convert(self, amount: int) -> int:
        """`amount` of the provider's units of the one in those of the other, rounded half up and away from zero."""
        shift = _exponent(self.into) - _exponent(self.currency)
        exact = (Decimal(abs(amount)) * Decimal(self.rate_text)).scaleb(shift)
        rounded = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        return rounded if amount >= 0 else -rounded


def of(currency: str) -> Exchange | None:
    """How `currency` (lower case) is settled; None when in itself. Raises ImproperlyConfigured."""
    for word in settings.SANDBOX_SETTLEMENT.split():
        match = _ONE.fullmatch(word)
        if match is None or not {match[1], match[2]} <= KNOWN.keys() or match[1] == match[2]:
            raise ImproperlyConfigured(f"SANDBOX_SETTLEMENT: {word!r} is not like EUR=USD@1.08.")
        if match[1].lower() == currency:
            return Exchange(currency, match[2].lower(), match[3])
    return None


def as_number(rate_text: str) -> Any:
    """The rate as it stands in an answer of the provider: a JSON number, or null where nothing was exchanged."""
    return json.loads(rate_text) if rate_text else None


def _exponent(currency: str) -> int:
    return KNOWN[currency.upper()].exponent
