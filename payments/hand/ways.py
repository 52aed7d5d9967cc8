"""Setting up ways to pay by hand. Whoever may could lead every buyer's money elsewhere: all of finance is told."""

from typing import Any

from django.db import transaction

from accounts.models import User

from ..models import PaymentWay
from . import mails


@transaction.atomic
def set_up(*, by: User, **told: Any) -> PaymentWay:
    """As `PaymentWay.objects.set_up`."""
    way = PaymentWay.objects.set_up(by=by, **told)
    mails.way_is_set(way)
    return way


@transaction.atomic
def change(way: PaymentWay, *, by: User, **told: Any) -> PaymentWay:
    """As `PaymentWay.objects.change`."""
    newer = PaymentWay.objects.change(way, by=by, **told)
    mails.way_is_set(newer)
    return newer
