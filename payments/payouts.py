"""Payout runs: who is paid how much now, held in the ledger before anybody is asked to send it.

A run goes by batches, each one transaction that locks its balances in the order of the accounts, so two runs at once
see one after the other and the second finds nothing left. Source: the design's page on money, 3.4.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock, work
from marketplace.lib.errors import DomainError, NotAllowed

from . import onboarding, payout_batches, payout_mails, releases
from .models import BankDetails, Payout, PayoutApproval, PayoutRun
from .payout_rules import obstacle, payable
from .transfers import withdraw_unasked

__all__ = [
    "RUN_HOUR",
    "RUN_WEEKDAY",
    "approve",
    "carry_out",
    "decline",
    "next_run_at",
    "obstacle",
    "payable",
    "reopen",
    "run",
    "start",
]

# The weekly run: Monday, 06:00 UTC. The beat schedule and what creators are told both read it here.
RUN_WEEKDAY, RUN_HOUR = 0, 6


class PayoutNotDead(DomainError):
    code = "payout_not_dead"
    message = _("This payout is still being worked on, or done.")


class PayoutNotWaiting(DomainError):
    code = "payout_not_waiting"
    message = _("This payout does not wait for approval.")


class PayoutAskedFor(DomainError):
    code = "payout_asked_for"
    message = _("The provider or the bank may have this payout already: it cannot be withdrawn.")


class OwnRunApproved(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must look at this payout: you started its run, or it is yours.")


class OwnDetailsConfirmed(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must let this payout go: you confirmed the bank details that it goes to.")


@transaction.atomic
def start(by: User | None, now: datetime | None = None) -> PayoutRun:
    """Begin a run, which a worker carries out. `by` is a person of finance, or None for the weekly beat.

    Raises NotAllowed. However many runs there are, at once or after another, nobody is paid the same money twice.
    """
    if by is not None and not by.has_role("finance"):
        raise NotAllowed
    this_run = PayoutRun.objects.start(book=settings.PAYMENTS_BOOK, by=by, as_of=now or clock.now())
    audit.record(by, "payouts.run", this_run, as_of=this_run.as_of)
    this_run.ring()
    return this_run


def carry_out(this_run: PayoutRun) -> None:
    """The worker's part: release what is due, then go through all balances. A run that died goes on where it was."""
    if this_run.found_count is None:
        releases.free_due(this_run.as_of)
        with this_run.fenced() as row:
            row.expect(payout_batches.balances(row.book).count())
    asking = onboarding.Asking(beat=this_run.heartbeat)
    while payout_batches.pay_next(this_run, asking):
        this_run.heartbeat()
    payout_mails.approvals_wanted(this_run)


def run(by: User | None, now: datetime | None = None) -> PayoutRun:
    """Start a run and carry it out in this process. Raises NotAllowed."""
    this_run = start(by, now)
    work.run(PayoutRun, this_run.pk, carry_out)
    this_run.refresh_from_db()
    return this_run


@transaction.atomic
def approve(payout: Payout, *, by: User, reason: str = "") -> PayoutApproval:
    """A second person lets a large payout go, and none who confirmed the bank details that it goes to.

    Raises NotAllowed, OwnRunApproved, OwnDetailsConfirmed, PayoutNotWaiting.
    """
    locked = _waiting(payout, by)
    if BankDetails.objects.confirmers_of([locked]).get(locked.pk) == by.pk:
        raise OwnDetailsConfirmed
    approval = PayoutApproval.objects.note(locked, by=by, reason=reason, approves=True)
    locked.mark_approved(clock.now())
    audit.record(by, "payouts.approve", locked, amount=str(locked.amount), reason=reason)
    if not locked.is_by_bank:
        locked.become_due()
    return approval


@transaction.atomic
def decline(payout: Payout, *, by: User, reason: str) -> PayoutApproval:
    """A second person refuses a large payout: the money is available again. Raises as `approve`."""
    locked = _waiting(payout, by)
    approval = PayoutApproval.objects.note(locked, by=by, reason=reason, approves=False)
    audit.record(by, "payouts.decline", locked, amount=str(locked.amount), reason=reason)
    withdraw_unasked(locked, reason)
    return approval


@transaction.atomic
def withdraw(payout: Payout, *, by: User, reason: str) -> None:
    """Take a payout back that nobody was asked to send yet. Raises NotAllowed, PayoutAskedFor."""
    if not by.has_role("finance"):
        raise NotAllowed
    locked = Payout.objects.lock(payout.pk)
    if locked is None or not locked.was_never_asked_for:
        raise PayoutAskedFor
    audit.record(by, "payouts.withdraw", locked, amount=str(locked.amount), reason=reason)
    withdraw_unasked(locked, reason)


@transaction.atomic
def reopen(payout: Payout, *, by: User) -> None:
    """Look at a payout again that the workers gave up. Raises NotAllowed, PayoutNotDead."""
    if not by.has_role("finance"):
        raise NotAllowed
    if not payout.is_dead:
        raise PayoutNotDead
    audit.record(by, "payouts.reopen", payout, error=payout.last_error)
    payout.reopen()


@transaction.atomic
def settle_flag(payout: Payout, *, by: User, reason: str) -> None:
    """A person has looked at what was strange about a payout. Raises NotAllowed."""
    if not by.has_role("finance"):
        raise NotAllowed
    audit.record(by, "payouts.settle_flag", payout, flag=payout.flag_reason, reason=reason)
    payout.unflag()


def next_run_at(now: datetime) -> datetime:
    """When the weekly run comes next, strictly after `now`."""
    day = now.astimezone(UTC).replace(hour=RUN_HOUR, minute=0, second=0, microsecond=0)
    day += timedelta(days=(RUN_WEEKDAY - day.weekday()) % 7)
    return day if day > now else day + timedelta(days=7)


def _waiting(payout: Payout, by: User) -> Payout:
    """The payout, locked, when it waits for approval and `by` may give it."""
    if not by.has_role("finance"):
        raise NotAllowed
    locked = Payout.objects.select_related("run", "creator").lock(payout.pk)
    if locked is None or locked.state != Payout.State.WAITING:
        raise PayoutNotWaiting
    if by.pk in (locked.run.started_by_id, locked.creator.user_id):
        raise OwnRunApproved
    return locked
