"""Setting up ways to pay by hand. Whoever may could lead every buyer's money elsewhere: all of finance is told, and no
buyer sees a version before a second person said yes. Until then the one before stands.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from ..models import PaymentWay, PaymentWayVerdict
from ..models.payment_way import hands_in, present_of
from ..models.payment_way_verdict import WayDecided
from . import mails


class OwnWay(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else of finance must say yes: you set this version, or one before it, yourself.")


@transaction.atomic
def set_up(*, by: User, **told: Any) -> PaymentWay:
    """As `PaymentWay.objects.set_up`."""
    way = PaymentWay.objects.set_up(by=by, **told)
    mails.way_is_set(way)
    return way


@transaction.atomic
def change(way: PaymentWay, *, by: User, **told: Any) -> PaymentWay:
    """As `PaymentWay.objects.change`."""
    PaymentWay.objects.hold(way.code)
    newer = PaymentWay.objects.change(way, by=by, **told)
    mails.way_is_set(newer)
    return newer


def approve(way: PaymentWay, *, by: User, reason: str = "") -> PaymentWayVerdict:
    """A second person knows that it is ours: buyers see it from now on. Raises NotAllowed, OwnWay, WayDecided."""
    return _decide(way, by, approves=True, reason=reason)


def decline(way: PaymentWay, *, by: User, reason: str) -> PaymentWayVerdict:
    """It is not: what stood before stands. Raises as `approve`."""
    return _decide(way, by, approves=False, reason=reason)


@transaction.atomic
def _decide(way: PaymentWay, by: User, *, approves: bool, reason: str) -> PaymentWayVerdict:
    if not by.has_role("finance"):
        raise NotAllowed
    versions = PaymentWay.objects.hold(way.code)
    held = present_of(versions)
    if by.pk == way.set_by_id or (approves and by.pk in hands_in(versions, held)):
        raise OwnWay
    if held.pk != way.pk or not held.waits:
        raise WayDecided
    verdict = PaymentWayVerdict.objects.note(held, by=by, approves=approves, reason=reason)
    facts = {"version": held.version, "account": held.account, "reason": reason}
    audit.record(by, "payment_way.approve" if approves else "payment_way.decline", held, code=held.code, **facts)
    mails.way_is_decided(verdict)
    return verdict
