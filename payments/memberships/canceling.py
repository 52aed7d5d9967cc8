"""A member ends her membership, at any time and in one step, and may think again until the paid month is over."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from ..models import Membership
from ..models.membership_offer import NoMembership
from . import ending, mails


class HasEnded(DomainError):
    code = "membership_has_ended"
    message = _("This membership has ended. You can begin it again on its page.")


@transaction.atomic
def cancel(membership: Membership, *, by: Any) -> Membership:
    """No further month is taken; it ends with the paid one, and at once where that is over. Said again, it is the same.
    Raises NotAllowed, HasEnded.
    """
    held = _hold(membership, by)
    if held.canceled_at is None:
        held.cancel(clock.now())
        mails.canceled(held)
    return held


@transaction.atomic
def resume(membership: Membership, *, by: Any) -> Membership:
    """It is not canceled after all. Said again, it is the same. Raises NotAllowed, HasEnded, NoMembership."""
    held = _hold(membership, by)
    if held.canceled_at is not None:
        if held.paid_until is None or held.paid_until <= clock.now():
            raise HasEnded
        if ending.closes_before(held, held.paid_until):
            raise NoMembership
        held.go_on()
    return held


def may_resume(membership: Membership) -> bool:
    if not membership.is_live or membership.canceled_at is None or membership.paid_until is None:
        return False
    return not ending.closes_before(membership, membership.paid_until)


def _hold(membership: Membership, by: Any) -> Membership:
    if membership.member_id != by.pk:
        raise NotAllowed
    held = Membership.objects.hold_all([membership.pk])[membership.pk]
    if not held.is_live or held.book != settings.PAYMENTS_BOOK:
        raise HasEnded
    return held
