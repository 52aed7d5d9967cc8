"""What every part of the API shares: how JSON is read, cursor pages, the shape of money."""

import json
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser

from .money import CURRENCIES, Money


class Json(JSONParser):
    """JSON that can be kept and sent back: not nested without end, and text that is text (no half of a pair)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            told = super().parse(stream, media_type, parser_context)
            json.dumps(told, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error
        except UnicodeEncodeError as error:
            raise ParseError("This JSON has half of a surrogate pair in it.") from error
        return told


class Cursor(CursorPagination):
    """Newest first, 24 a page; `?page_size=` up to 100."""

    page_size = 24
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        """One page. A cursor that reads well but names no place in this order is an invalid one: 404."""
        # What PostgreSQL alone refuses (a moment 23 hours off) must not take a transaction around it along.
        is_marked = self.cursor_query_param in request.query_params
        try:
            with transaction.atomic(using=queryset.db) if is_marked else nullcontext():
                return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError) as error:
            raise NotFound(self.invalid_cursor_message) from error


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
