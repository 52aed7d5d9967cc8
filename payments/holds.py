"""Finance's holds of a creator's payouts, with the word to her. A moderator's comes with the mail of his measure."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.errors import DomainError

from . import payout_mails
from .models import PayoutHold


class HeldByModerators(DomainError):
    code = "held_by_moderators"
    message = _("A moderator decided this hold: it ends with that decision, which a senior moderator can take back.")


@transaction.atomic
def place(*, creator: Creator, by: Any, rule_code: str, reason: str) -> PayoutHold:
    """Hold back all payouts of `creator` from now on, and tell her. Raises NotAllowed, AlreadyHeld."""
    hold = PayoutHold.objects.place(creator=creator, by=by, rule_code=rule_code, reason=reason)
    payout_mails.held(hold)
    return hold


@transaction.atomic
def lift(hold: PayoutHold, *, by: Any, reason: str) -> None:
    """Let the creator be paid again, and tell her. Raises NotAllowed, HoldLifted, HeldByModerators."""
    if hold.is_of_measure:
        raise HeldByModerators
    hold.lift(by=by, reason=reason)
    payout_mails.hold_lifted(hold)
