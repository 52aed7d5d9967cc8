"""Taking the months that are due, with the means that their members agreed to keep; and closing what was not paid.

A try is a row and an order, written under the membership's lock before anybody is asked: whoever comes at the same
moment, a second charger or the member herself, finds that order open and takes nothing. What is asked of the provider,
and how, is the same as of prices in parts (`payments.kept_charging`).
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from marketplace.lib import clock, failpoints, sweeps

from .. import kept_charging
from ..kept_charging import UNTIL_ANSWERED
from ..models import Membership, MembershipCharge, MembershipRelease, Order
from . import agreeing, ending, mails

MOST = 500  # memberships a sweep


def look_after() -> int:
    """What beat rings: ends what is over, closes what was not paid in time, and begins a try for each month that is
    due. Returns how many began.
    """
    now, failed, began = clock.now(), [], 0
    ending.note_what_opens_nothing(now)
    steps: list[tuple[QuerySet[Any], Callable[[int], bool]]] = [
        (ending.opening_nothing(now), ending.end_for_nothing),
        (ending.what_waited(), ending.give_what_waited),
        (Membership.objects.lapsed(now), close),
        (Membership.objects.paid_by_old_cards(now), tell_of_card),
        (Membership.objects.due(now), begin),
    ]
    for rows, step in steps:
        try:
            done = sweeps.each("memberships", _some(rows), step, most=MOST)
            began = sum(done) if step is begin else began
        except sweeps.SweepFailed as failure:  # one row that cannot be done keeps nobody from the next step
            failed.append(failure)
    if failed:
        raise failed[0]
    return began


def _some(rows: QuerySet[Any]) -> list[int]:
    """More than are done in a sweep: many that always fail do not stand in front of the others for ever."""
    first = ("next_at",) if rows.model is Membership else ()
    return list(rows.order_by(*first, "pk").values_list("pk", flat=True)[: MOST * 4])


@transaction.atomic
def tell_of_card(pk: int) -> bool:
    """That the kept card is not good any more when the next month is due; once."""
    held = Membership.objects.hold_all([pk])[pk]
    held.note_card_told()
    mails.card_ends(held)
    return True


@transaction.atomic
def begin(pk: int) -> bool:
    """A try to take the next month, if it is due still; or the end that was chosen. By whoever else is here, nothing
    happens twice.
    """
    held, now = Membership.objects.hold_all([pk])[pk], clock.now()
    if not Membership.objects.due(now).filter(pk=pk).exists() or ending.end_if_over(held, now):
        return False
    number = held.next_month(now)
    if held.span(number)[0] > now:
        held.put_off(held.span(number)[0])  # too little is left of the present one to be paid for
        return False
    order = agreeing.place(held, number, now, UNTIL_ANSWERED)
    MembershipCharge.objects.begin(order, held.failed_tries + 1)
    failpoints.reach("month.before_begin_commit")
    return True


@transaction.atomic
def close(pk: int) -> bool:
    """Close its courses, if the time that was given beyond the paid month is over still; what was canceled ends,
    whatever is open at the provider or in dispute: that takes nothing.
    """
    held, now = Membership.objects.hold_all([pk])[pk], clock.now()
    if not Membership.objects.lapsed(now).filter(pk=pk).exists():
        return False
    if held.canceled_at is not None:
        held.end(held.EndReason.CANCELED, now)
    else:
        held.pause(now)
        mails.paused(held)
    return True


def carry_out(row: MembershipCharge) -> None:
    """The worker's part. Unknown outcomes rise and are looked up."""
    kept_charging.carry_out(row, _tell_failed)


def _tell_failed(membership: Membership, order: Order) -> None:
    if membership.is_taken_from or membership.end_reason == Membership.EndReason.NOT_PAID:
        mails.failed(membership, order)


def release_means(row: MembershipRelease) -> None:
    """The worker's part when a membership has ended."""
    kept_charging.release(row)
