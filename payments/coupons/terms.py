"""What a person or a program says a coupon does, as the terms that a coupon keeps."""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import Money

from ..models import Coupon


def terms(
    kind: str, *, percent_bps: int | None, amount: Money | None, minimum: Money | None, currency: str,
    most: Money | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Value, currency, least amount and the most of an order. Raises ValidationError by field ("percent", "amount",
    "minimum") when something is missing, or when the amounts are in different currencies.
    """
    if kind == Coupon.Kind.PERCENT and not percent_bps:
        raise ValidationError({"percent": _("Say how many percent.")})
    is_money = kind in (Coupon.Kind.AMOUNT, Coupon.Kind.FIXED_PRICE)
    if is_money and amount is None:
        raise ValidationError({"amount": _("Say how much, and in which currency.")})
    told = {said.currency for said in (amount if is_money else None, minimum) if said} | ({currency} - {""})
    if len(told) > 1:
        raise ValidationError({"minimum": _("Write all amounts in one currency.")})
    value = {Coupon.Kind.PERCENT: percent_bps, Coupon.Kind.FREE: 0}.get(Coupon.Kind(kind), amount and amount.minor)
    return {
        "value": value or 0,
        "currency": next(iter(told), ""),
        "min_amount_minor": minimum.minor if minimum else 0,
        "most_minor": most.minor if most else 0,
        "most_currency": most.currency if most else "",
    }


def basis_points(text: str) -> int:
    """What a person typed ("25", "12.5", "30 %"). Raises ValidationError."""
    plain = text.replace("%", "").replace(",", ".").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", plain, re.ASCII):
        raise ValidationError(_("Write a percentage with at most two decimals, for example 25 or 12.5."))
    return int(Decimal(plain) * 100)
