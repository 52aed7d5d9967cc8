"""Payout runs: who is paid how much now, held in the ledger before anybody is asked to send it.

Each creator and currency is one transaction that locks her available balance, so two runs at once see one after the
other and the second finds nothing left. Source: the design's page on money, 3.4.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money

from . import ledger, onboarding, payout_mails, releases
from .models import (
    AccountKind,
    AccountRef,
    EntryKind,
    LedgerBalance,
    Payout,
    PayoutAccount,
    PayoutHold,
    PayoutItem,
    PayoutRun,
    PayoutSkip,
    SkipReason,
)

# The weekly run: Monday, 06:00 UTC. The beat schedule and what creators are told both read it here.
RUN_WEEKDAY, RUN_HOUR = 0, 6


class PayoutNotDead(DomainError):
    code = "payout_not_dead"
    message = _("This payout is still being worked on, or done.")


def run(by: User | None, now: datetime | None = None) -> PayoutRun:
    """Release what is due, then begin a payout for everybody who can be paid. Running again or at once adds nothing.

    `by` is a person of finance, or None for the weekly beat. Raises NotAllowed. A payout is begun here and sent by a
    worker; a run that dies halfway is completed by the next one.
    """
    if by is not None and not by.has_role("finance"):
        raise NotAllowed
    now = now or clock.now()
    releases.release_due(now)
    with transaction.atomic():
        this_run = PayoutRun.objects.start(book=settings.PAYMENTS_BOOK, by=by, as_of=now)
        audit.record(by, "payouts.run", this_run, as_of=now)
    candidates = _with_balance(this_run.book)
    owners = [owner_id for owner_id, _currency in candidates]
    # An account may have become ready without our hearing of it yet.
    onboarding.refresh_waiting(owners)
    creators = Creator.objects.select_related("user").in_bulk(owners)
    accounts = {a.creator_id: a for a in PayoutAccount.objects.filter(creator__in=owners, book=this_run.book)}
    for owner_id, currency in candidates:
        pay_or_skip(this_run, creators[owner_id], accounts.get(owner_id), currency)
    this_run.finish(clock.now())
    return this_run


@transaction.atomic
def pay_or_skip(
    this_run: PayoutRun, creator: Creator, account: PayoutAccount | None, currency: str
) -> Payout | PayoutSkip | None:
    """Begin one creator's payout, or note why not; None when nothing is left. Safe to call any number of times."""
    available = _locked_available(creator.pk, currency, this_run.book)
    if not available or this_run.payouts.filter(creator=creator, currency=currency).exists():
        return None
    # Asked here and not before, so that a hold placed during the run still counts.
    is_held = PayoutHold.objects.open().filter(creator=creator).exists()
    reason = obstacle(account, available, is_held=is_held)
    if reason or account is None:
        return _skip(this_run, creator, available, reason or SkipReason.NO_ACCOUNT)
    return _begin(this_run, account, payable(available))


@transaction.atomic
def reopen(payout: Payout, *, by: User) -> None:
    """Look at a payout again that the workers gave up. Raises NotAllowed, PayoutNotDead."""
    if not by.has_role("finance"):
        raise NotAllowed
    if not payout.is_dead:
        raise PayoutNotDead
    audit.record(by, "payouts.reopen", payout, error=payout.last_error)
    payout.reopen()


def obstacle(account: PayoutAccount | None, available: Money, *, is_held: bool) -> SkipReason | None:
    """Why a run would not pay what a creator has available, or None."""
    if available.minor < 0:
        return SkipReason.NEGATIVE
    if is_held:
        return SkipReason.ON_HOLD
    if payable(available).minor < CURRENCIES[available.currency].payout_minimum:
        return SkipReason.BELOW_MINIMUM
    if account is None:
        return SkipReason.NO_ACCOUNT
    states = {
        PayoutAccount.State.PENDING: SkipReason.PENDING_ACCOUNT,
        PayoutAccount.State.RESTRICTED: SkipReason.RESTRICTED_ACCOUNT,
    }
    return states.get(PayoutAccount.State(account.state))


def payable(available: Money) -> Money:
    """What of it can be sent: whole steps of the currency. The rest stays available for the next run."""
    step = CURRENCIES[available.currency].payout_multiple
    return Money(available.minor - available.minor % step, available.currency)


def next_run_at(now: datetime) -> datetime:
    """When the weekly run comes next, strictly after `now`."""
    day = now.astimezone(UTC).replace(hour=RUN_HOUR, minute=0, second=0, microsecond=0)
    day += timedelta(days=(RUN_WEEKDAY - day.weekday()) % 7)
    return day if day > now else day + timedelta(days=7)


def _with_balance(book: str) -> list[tuple[int, str]]:
    accounts = LedgerBalance.objects.filter(account__book=book, account__kind=AccountKind.CREATOR_AVAILABLE)
    nonzero = accounts.exclude(amount_minor=0).order_by("account_id")
    rows = nonzero.values_list("account__owner_id", "account__currency")
    return [(owner_id, currency) for owner_id, currency in rows if owner_id is not None]


def _locked_available(creator_id: int, currency: str, book: str) -> Money:
    """The creator's available balance, which nobody else can change until this transaction ends."""
    row = (
        LedgerBalance.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            account__kind=AccountKind.CREATOR_AVAILABLE,
            account__owner_id=creator_id,
            account__currency=currency,
            account__book=book,
        )
        .first()
    )
    return Money(-row.amount_minor if row else 0, currency)


def _begin(this_run: PayoutRun, account: PayoutAccount, amount: Money) -> Payout:
    payout = Payout.objects.begin(run=this_run, account=account, amount=amount, at=this_run.as_of)
    PayoutItem.objects.cover(payout)
    lines = [
        (AccountRef(AccountKind.CREATOR_AVAILABLE, account.creator_id), amount),
        (AccountRef(AccountKind.PAYOUT_IN_TRANSIT, account.creator_id), -amount),
    ]
    ledger.post(
        payout.ledger_key("hold"),
        EntryKind.PAYOUT_HOLD,
        lines,
        book=payout.book,
        meta={"payout": payout.pk},
        occurred_at=this_run.as_of,
    )
    failpoints.reach("payout.before_hold_commit")
    payout.ring()
    transaction.on_commit(lambda: failpoints.reach("payout.after_hold_commit"))
    return payout


def _skip(this_run: PayoutRun, creator: Creator, available: Money, reason: SkipReason) -> PayoutSkip:
    skip, is_new = PayoutSkip.objects.get_or_create(
        run=this_run,
        creator=creator,
        currency=available.currency,
        defaults={"available_minor": available.minor, "reason": reason},
    )
    if is_new and reason.needs_action:
        payout_mails.action_needed(skip)
    return skip
