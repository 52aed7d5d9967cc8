"""Whole-number division inside the database: basis points of an amount, cut to whole units as Python's // cuts it."""

from typing import Any

from django.db.models import BigIntegerField, Func, Value


class Cut(Func):
    """`Cut(amount, by)`: the quotient of two whole numbers that are not negative, without its rest."""

    template = "(%(expressions)s)"
    arg_joiner = " / "
    output_field = BigIntegerField()

    def __init__(self, amount: Any, by: int, **extra: Any) -> None:
        super().__init__(amount, Value(by, output_field=BigIntegerField()), **extra)
