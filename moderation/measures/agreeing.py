"""A second person's answer, before much money is given back to everybody who bought a course."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial, messages, refund_mails
from moderation.models import Measure, RefundVerdict, RefundWave


class RefundNotWaiting(DomainError):
    code = "refund_not_waiting"
    message = _("This refund does not wait for anybody: it was answered, or its decision was taken back.")


class RefundNotStuck(DomainError):
    code = "refund_not_stuck"
    message = _("This refund was not given up: it is under way, finished, or its decision was taken back.")


class OwnRefundApproved(DomainError):
    code = "own_refund_approved"
    status = 403
    message = _("Somebody else must agree: you decided it, or it is about you.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 400
    message = _("Say why, for the record.")


@transaction.atomic
def approve(wave: RefundWave, *, by: Any, reason: str = "") -> RefundVerdict:
    """The money goes. Raises NotAllowed, OwnRefundApproved, Partial, RefundNotWaiting."""
    held = _held(wave, by)
    verdict = RefundVerdict.objects.note(held, by=by, reason=reason.strip(), agrees=True)
    audit.record(by, "refund_wave.approve", held, measure=held.measure_id, reason=reason)
    held.become_due()
    refund_mails.second_answered(verdict)
    return verdict


@transaction.atomic
def decline(wave: RefundWave, *, by: Any, reason: str) -> RefundVerdict:
    """Nobody is refunded. A decision that was nothing but the refund ends; what took the course off the sale stands.

    Raises ReasonMissing, and as `approve`.
    """
    if not reason.strip():
        raise ReasonMissing
    from . import reverse  # this package's own verb, which imports its modules

    held = _held(wave, by)
    verdict = RefundVerdict.objects.note(held, by=by, reason=reason.strip(), agrees=False)
    audit.record(by, "refund_wave.decline", held, measure=held.measure_id, reason=reason)
    if held.measure.action == Measure.Action.REFUND:
        reverse(held.measure, by, reason=reason)
    else:
        held.stop()
        messages.mail_refund_declined(held, reason)
    refund_mails.second_answered(verdict)
    return verdict


@transaction.atomic
def resume(wave: RefundWave, *, by: Any) -> None:
    """What workers have given up is tried anew; it was decided and agreed to. Raises NotAllowed, RefundNotStuck."""
    if not by.has_role("senior"):
        raise NotAllowed
    held = wave.hold()
    if held.dead_at is None or held.stopped_at is not None:
        raise RefundNotStuck
    audit.record(by, "refund_wave.resume", held, measure=held.measure_id)
    held.reopen()


def _held(wave: RefundWave, by: User) -> RefundWave:
    """The wave, locked, when it waits and `by` may answer. Taking the decision back locks the measure first, too."""
    if not by.has_role("senior"):
        raise NotAllowed
    wave.measure.hold()
    held = wave.hold()
    if not held.is_waiting:
        raise RefundNotWaiting
    named = dict.fromkeys((impartial.Part.OWN, impartial.Part.DECIDED), OwnRefundApproved)
    impartial.must_be(by, impartial.anew(held.measure), named)
    return held
