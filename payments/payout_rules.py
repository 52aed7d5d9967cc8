"""What may be paid and what not, as arithmetic: no row is read or written here.

Amounts are compared in a currency's own size: a limit that is set for USD counts for other currencies in proportion to
their payout minimum. Source: the design's page on money, 3.4.
"""

from datetime import datetime

from django.conf import settings

from marketplace.lib.money import CURRENCIES, Money

from .models import PayoutAccount, RailCode, SkipReason


def obstacle(
    account: PayoutAccount | None,
    available: Money,
    *,
    is_held: bool,
    is_stopped: bool = False,
    rail: str = "",
    at: datetime | None = None,
    going_back: int = 0,
    claimed: int = 0,
) -> SkipReason | None:
    """Why a run at `at` would not pay what a creator has available, or None. The cap of a run is not asked here.

    `rail`: the only one on which the currency leaves, if finance has chosen one. `going_back`: what refunds on their
    way will take of it, in minor units; `claimed`: what she has beside it that waits for a claim.
    """
    if available.minor < 0:
        return SkipReason.NEGATIVE
    if is_held:
        return SkipReason.ON_HOLD
    minimum = CURRENCIES[available.currency].payout_minimum
    if payable(available).minor < minimum:
        return SkipReason.CLAIMED if claimed else SkipReason.BELOW_MINIMUM
    if payable(available, going_back).minor < minimum:
        return SkipReason.GOING_BACK
    if account is None:
        return SkipReason.NO_ACCOUNT
    if rail and rail != account.rail:
        return SkipReason.NEEDS_BANK if rail == RailCode.MANUAL_BANK_FILE else SkipReason.NEEDS_PROVIDER
    if at is not None and account.rests_until is not None and at < account.rests_until:
        return SkipReason.CHANGED_ACCOUNT
    states = {
        PayoutAccount.State.PENDING: SkipReason.PENDING_ACCOUNT,
        PayoutAccount.State.RESTRICTED: SkipReason.RESTRICTED_ACCOUNT,
    }
    # Last, so that a creator is told first what she herself can mend.
    return states.get(PayoutAccount.State(account.state)) or (SkipReason.STOPPED if is_stopped else None)


def uncontested(available: Money, claimed: int) -> Money:
    """Without what came back of payouts and whose course is claimed: the escrow takes it in within a minute."""
    return available - Money(min(claimed, max(0, available.minor)), available.currency)


def payable(available: Money, going_back: int = 0) -> Money:
    """What of it can be sent: whole steps of the currency. The rest stays available for the next run.

    So does what refunds on their way will take; with more of that than there is the answer is below zero.
    """
    free = available.minor - going_back
    return Money(free - free % CURRENCIES[available.currency].payout_multiple, available.currency)


def is_stopped(currency: str, stopped: set[str]) -> bool:
    """`stopped` as PayoutStop.objects.stopped() gives it."""
    return bool(stopped & {"", currency})


def needs_approval(amount: Money) -> bool:
    """Whether a second person must look at a payout of this amount."""
    limit = in_size_of(settings.KEZHAN_PAYOUT_APPROVAL_MINOR, amount.currency)
    return bool(limit) and amount >= limit


def fits_cap(begun: Money, amount: Money) -> bool:
    """Whether a run that has begun so much of a currency may begin so much more."""
    cap = in_size_of(settings.KEZHAN_PAYOUT_RUN_CAP_MINOR, amount.currency)
    return not cap or begun + amount <= cap


def in_size_of(usd_minor: int, currency: str) -> Money:
    """An amount set in US cents as the like amount of another currency, by the currencies' payout minimums."""
    return Money(usd_minor * CURRENCIES[currency].payout_minimum // CURRENCIES["USD"].payout_minimum, currency)
