"""What follows when one side lets its time go by. Rung by beat; rung twice, it changes nothing."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.lib import sweeps
from moderation.models import RightsClaim, RightsStep

from . import income, mails, working_days

State, Kind = RightsClaim.State, RightsStep.Kind
A_SWEEP = 100


def due_from(now: datetime) -> datetime:
    """By when the next side answers."""
    return working_days.after(now, settings.RIGHTS_DAYS)


def run_out(now: datetime | None = None) -> int:
    """Bring every overdue claim on, each in a transaction of its own. Returns how many."""
    now = now or timezone.now()
    overdue = list(RightsClaim.objects.overdue(now).values_list("pk", flat=True))
    return sum(sweeps.each("clocks_of_claims", overdue, lambda pk: _run_out(pk, now), most=A_SWEEP))


@transaction.atomic
def _run_out(pk: int, now: datetime) -> bool:
    claim = RightsClaim(pk=pk).hold()
    if claim.due_at is None or claim.due_at > now:
        return False  # somebody answered meanwhile
    if claim.state == State.ANSWERING:
        mails.tell(claim.step(Kind.SILENT, None, state=State.DECIDING))
    else:
        mails.tell(claim.step(Kind.LAPSE, None, state=State.CLOSED))
        income.give_back(claim, None)
    return True
