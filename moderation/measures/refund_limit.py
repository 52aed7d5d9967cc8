"""From how much money on a refund of everybody needs a second person. Pure but for the setting."""

from collections.abc import Iterable
from fractions import Fraction

from django.conf import settings

from marketplace.lib.money import Money
from payments.payout_rules import in_size_of


def is_reached(amounts: Iterable[Money]) -> bool:
    """Whether all currencies together, each as its part of the limit, come to the whole of it."""
    limit = settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR
    if not limit:
        return False
    parts = (Fraction(amount.minor, in_size_of(limit, amount.currency).minor) for amount in amounts)
    return sum(parts, Fraction()) >= 1
