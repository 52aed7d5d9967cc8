"""What every part of the API shares: cursor pages and the shape of money."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import CursorPagination

from .money import CURRENCIES, Money


class Cursor(CursorPagination):
    """Newest first, 24 a page; `?page_size=` up to 100."""

    page_size = 24
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "minor": {"type": "string", "example": "1999"},
            "currency": {"type": "string", "example": "USD"},
        },
        "required": ["minor", "currency"],
    }
)
class MoneyField(serializers.Field):
    """Money as {"minor": "1999", "currency": "USD"}: minor units as a string, so that no reader rounds them."""

    default_error_messages = {
        # Doubled braces: `fail` formats its messages.
        "shape": 'Send money as {{"minor": "1999", "currency": "USD"}}: whole minor units and an ISO code.',
        "currency": "The currency {currency} is not offered here.",
    }

    def to_representation(self, value: Money) -> dict[str, str]:
        return value.as_json()

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or isinstance(data.get("minor"), bool | float):
            self.fail("shape")
        try:
            minor = int(str(data["minor"]))
            currency = str(data["currency"]).upper()
        except (KeyError, ValueError):
            self.fail("shape")
        if currency not in CURRENCIES:
            self.fail("currency", currency=currency[:8])
        if abs(minor) > 2**53:
            self.fail("shape")
        return Money(minor, currency)
