"""Giving back what was paid by hand: no provider can, so a person sends it from the bank and says so.

Until then the refund is on its way: its shares are not released, and its course left its buyer's library where she gave
it back herself. What she says is booked as every refund is, with the bank in the place of the provider.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed

from .. import bookings, refund_mails, refunds
from ..models import HandRefund, Refund
from ..models.arrival import plain_reference
from . import second_look


class NothingToSendBack(DomainError):
    code = "nothing_to_send_back"
    message = _("This refund does not wait for a transfer: it was sent before, or the provider gives it back.")


class OwnRefund(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must send this: the money would be yours, or it is by your word that it goes back.")


class BankReferenceUsed(DomainError):
    code = "bank_reference_used"
    message = _("Another refund was sent under this reference of the bank. Look at it again.")


@transaction.atomic
def pay_back(refund: Refund, *, by: User, bank_reference: str, sent_on: date) -> HandRefund:
    """Somebody sent it from the bank, under this reference. Raises NotAllowed, OwnRefund, NothingToSendBack,
    BankReferenceUsed.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    held = refund.hold()
    if not held.order.is_paid_by_hand or held.state != Refund.State.REQUESTED or not held.amount_minor:
        raise NothingToSendBack
    if by.pk in (held.order.buyer_id, second_look.who_decided_alone(held.amount, held.requested_by_id)):
        raise OwnRefund
    reference = plain_reference(bank_reference)
    try:
        with transaction.atomic():
            sent = HandRefund.objects.create(
                refund=held, book=held.order.book, bank_reference=reference, sent_on=sent_on, by=by, at=clock.now()
            )
    except IntegrityError:
        raise BankReferenceUsed from None
    audit.record(by, "refund.send_by_hand", held.order, refund=held.pk, amount=str(held.amount), bank=reference)
    _settle(held)
    return sent


def _settle(held: Refund) -> None:
    name = f"hand_{held.pk}"
    held.name_at_provider(name)
    held.settle()
    refunds.end_rights(held)
    bookings.book_give_back(held, key=f"refund:{name}", against=bookings.BANK)
    refund_mails.refunded(held)
    failpoints.reach("hand_refund.before_commit")
