"""What the two sides do: the creator answers, the claimant says that the dispute goes on, or withdraws."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from moderation.models import RightsClaim, RightsStep

from . import income, mails
from .clocks import due_from

State, Kind = RightsClaim.State, RightsStep.Kind


class NotNow(DomainError):
    code = "not_now"
    message = _("This claim is past that: see where it stands now.")


@transaction.atomic
def counter(claim: RightsClaim, by: User, text: str) -> RightsStep:
    """The creator says why the claim is wrong; the claimant's clock begins. Raises NotAllowed, NotNow."""
    held = _held(claim, by, claim.owner_id, {State.ANSWERING})
    step = held.step(Kind.COUNTER, by, text, state=State.REPLYING, due_at=due_from(timezone.now()))
    mails.tell(step)
    return step


@transaction.atomic
def go_on(claim: RightsClaim, by: User, text: str) -> RightsStep:
    """The claimant keeps to it, and says which proceedings there are. Raises NotAllowed, NotNow."""
    held = _held(claim, by, claim.claimant_id, {State.REPLYING})
    step = held.step(Kind.GO_ON, by, text, state=State.DECIDING)
    mails.tell(step)
    return step


@transaction.atomic
def withdraw(claim: RightsClaim, by: User, text: str = "") -> RightsStep:
    """The claimant takes her claim back, whenever it is open. Raises NotAllowed, NotNow."""
    held = _held(claim, by, claim.claimant_id, set(State) - {State.CLOSED})
    step = held.step(Kind.WITHDRAW, by, text, state=State.CLOSED)
    income.give_back(held, by)
    mails.tell(step)
    return step


def _held(claim: RightsClaim, by: User, whose: int, states: set[RightsClaim.State]) -> RightsClaim:
    if by.pk != whose:
        raise NotAllowed
    held = claim.hold()
    # What is overdue is the clock's, though beat has not rung for it yet; withdrawing has no clock.
    is_late = held.due_at is not None and held.due_at <= timezone.now() and len(states) == 1
    if held.state not in states or is_late:
        raise NotNow
    return held
