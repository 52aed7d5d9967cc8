"""Orders that somebody must look at: what the provider said of them does not fit, or what was asked for did not happen.

A flag is raised by whoever finds it (`Order.flag`); it ends when a person of finance says what she found.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from .models import Order


class OrderNotFlagged(DomainError):
    code = "order_not_flagged"
    message = _("There is nothing to settle about this order.")


@transaction.atomic
def settle_flag(order: Order, *, by: User, reason: str) -> None:
    """A person has looked at what was strange about an order. The same words, said again, raise no second flag: what
    was looked at does not change by being found again. Raises NotAllowed, OrderNotFlagged.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    held = Order.objects.hold(pk=order.pk)
    if held is None or held.flagged_at is None:
        raise OrderNotFlagged
    audit.record(by, "order.settle_flag", held, flag=held.flag_reason, since=held.flagged_at, reason=reason)
    held.unflag()
