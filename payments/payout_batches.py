"""One batch of a payout run: some hundred balances, locked, decided on and held in one transaction.

The cost of a batch follows what is new: balances that are not zero, and releases that no payout covers yet. What was
paid before is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from creators.models import Creator
from marketplace.lib import failpoints
from marketplace.lib.money import CURRENCIES, Money

from . import ledger, onboarding, payout_mails, refund_cover
from .models import (
    AccountKind,
    AccountRef,
    CurrencyRail,
    EntryKind,
    LedgerBalance,
    Payout,
    PayoutAccount,
    PayoutHold,
    PayoutItem,
    PayoutRun,
    PayoutSkip,
    PayoutStop,
    ReleasedShare,
    SkipReason,
)
from .payout_rules import fits_cap, is_stopped, needs_approval, obstacle, payable, uncontested

BATCH = 500
# How many payouts of a run are rung for at once. The sweeper rings for the others as fast as the provider takes them;
# a bell costs more than the payout's own rows.
RUNG_A_RUN = 200


@dataclass(frozen=True)
class Candidate:
    """Somebody's available balance, as it stands in the ledger."""

    account_id: int
    owner_id: int
    available: Money


@dataclass(frozen=True)
class Facts:
    """What a batch's decisions are made on, each read once a batch and after the balances are locked."""

    accounts: dict[int, PayoutAccount]
    held: dict[int, int]  # creator: her hold
    stopped: set[str]
    rails: dict[str, str]
    going_back: refund_cover.Parts
    contested: refund_cover.Parts
    at: datetime

    @classmethod
    def of(cls, run: PayoutRun, owners: set[int]) -> "Facts":
        return cls(
            accounts={a.creator_id: a for a in PayoutAccount.objects.filter(creator__in=owners, book=run.book)},
            held=dict(PayoutHold.objects.open().filter(creator__in=owners).values_list("creator", "pk")),
            stopped=PayoutStop.objects.stopped(),
            rails=CurrencyRail.objects.in_force(),
            going_back=refund_cover.going_back(owners, run.book),
            contested=ReleasedShare.objects.contested().filter(owner__in=owners, book=run.book).sums(),
            at=run.as_of,
        )

    def obstacle(self, candidate: Candidate) -> SkipReason | None:
        """Of what is uncontested."""
        return obstacle(
            self.accounts.get(candidate.owner_id),
            candidate.available,
            is_held=candidate.owner_id in self.held,
            is_stopped=is_stopped(candidate.available.currency, self.stopped),
            rail=self.rails.get(candidate.available.currency, ""),
            at=self.at,
            going_back=self.leaving(candidate),
            claimed=self.claimed(candidate),
        )

    def uncontested(self, candidate: Candidate) -> Candidate:
        return replace(candidate, available=uncontested(candidate.available, self.claimed(candidate)))

    def claimed(self, candidate: Candidate) -> int:
        return self.contested.get((candidate.owner_id, candidate.available.currency), 0)

    def leaving(self, candidate: Candidate) -> int:
        """What refunds on their way will take of it, in minor units."""
        return self.going_back.get((candidate.owner_id, candidate.available.currency), 0)


@dataclass
class Due:
    """What a run pays to somebody. No row yet: a preview has a hundred thousand of these."""

    owner_id: int
    amount: Money
    account: PayoutAccount
    needs_approval: bool
    creator: Creator | None = None


@dataclass
class Passed:
    """Whom a run pays nothing, and why. `creator` is for who shows it."""

    owner_id: int
    available: Money
    reason: SkipReason
    hold_id: int | None = None
    creator: Creator | None = None


@dataclass
class Decided:
    """What becomes of some candidates."""

    due: list[Due] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def balances(book: str) -> QuerySet[LedgerBalance]:
    """Every available balance that is not zero, in the order in which everybody locks them."""
    available = LedgerBalance.objects.filter(account__book=book, account__kind=AccountKind.CREATOR_AVAILABLE)
    return available.exclude(amount_minor=0).order_by("account_id")


def pay_next(run: PayoutRun, asking: onboarding.Asking) -> bool:
    """Do the next batch of a run; False when there is none left. Raises LeaseLost when another worker has the run.

    `asking` looks at accounts that may be ready by now: the same for all batches, so one silence ends it for the run.
    """
    asking.about_creators(_who_only_lacks_an_account(run))
    with run.fenced() as row:
        candidates = _candidates(balances(row.book).select_for_update(no_key=True, of=("self",)), row)
        if not candidates:
            return False
        facts = Facts.of(row, {candidate.owner_id for candidate in candidates})
        decided = decide(row, candidates, facts)
        _hold(row, decided.due)
        _pass_over(row, decided.passed)
        row.advance(candidates[-1].account_id, [due.amount for due in decided.due], len(decided.passed))
        failpoints.reach("payout.before_hold_commit")
    failpoints.reach("payout.after_hold_commit")
    return True


def decisions(run: PayoutRun, batch: int) -> Iterator[Decided]:
    """What a run would decide now, batch by batch: without locks, and nothing is written. `run` need not be kept."""
    while candidates := _candidates(balances(run.book), run, batch):
        decided = decide(run, candidates, Facts.of(run, {candidate.owner_id for candidate in candidates}))
        yield decided
        run.note(candidates[-1].account_id, [due.amount for due in decided.due], len(decided.passed))


def decide(run: PayoutRun, candidates: list[Candidate], facts: Facts) -> Decided:
    """Whom to pay and whom to pass over. Reads and writes nothing."""
    decided = Decided()
    begun = {currency: Money(minor, currency) for currency, minor in run.begun_minor.items()}
    for whole in candidates:
        candidate = facts.uncontested(whole)
        amount, currency = payable(candidate.available, facts.leaving(candidate)), candidate.available.currency
        reason = facts.obstacle(candidate)
        if reason is None and not fits_cap(begun.get(currency, Money.zero(currency)), amount):
            reason = SkipReason.RUN_CAP
        if reason is not None:
            hold_id = facts.held.get(candidate.owner_id) if reason is SkipReason.ON_HOLD else None
            told = whole if reason is SkipReason.CLAIMED else candidate
            decided.passed.append(Passed(candidate.owner_id, told.available, reason, hold_id))
            continue
        begun[currency] = begun.get(currency, Money.zero(currency)) + amount
        account = facts.accounts[candidate.owner_id]
        decided.due.append(Due(candidate.owner_id, amount, account, needs_approval(amount)))
    return decided


def _candidates(found: QuerySet[LedgerBalance], run: PayoutRun, most: int | None = None) -> list[Candidate]:
    rows = found.filter(account_id__gt=run.through_account_id)[: most or BATCH]
    return [
        Candidate(account_id, owner_id, Money(-minor, currency))
        for account_id, owner_id, currency, minor in rows.values_list(
            "account_id", "account__owner_id", "account__currency", "amount_minor"
        )
        if owner_id is not None  # the platform's own accounts keep no balance
    ]


def _who_only_lacks_an_account(run: PayoutRun) -> list[int]:
    """Of the next batch, those with enough to be paid: their account may be ready without our hearing of it yet."""
    run.refresh_from_db(fields=["through_account_id"])
    return [
        candidate.owner_id
        for candidate in _candidates(balances(run.book), run)
        if candidate.available.minor >= CURRENCIES[candidate.available.currency].payout_minimum
    ]


def _hold(run: PayoutRun, decided: list[Due]) -> None:
    begun = Payout.objects.begin_all(
        Payout.draft(run=run, account=due.account, amount=due.amount, at=run.as_of, needs_approval=due.needs_approval)
        for due in decided
    )
    PayoutItem.objects.cover(begun)
    holds = [
        ledger.Post(
            payout.ledger_key("hold"), EntryKind.PAYOUT_HOLD,
            [
                (AccountRef(AccountKind.CREATOR_AVAILABLE, payout.creator_id), payout.amount),
                (AccountRef(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id), -payout.amount),
            ],
            payout.book, {"payout": payout.pk}, occurred_at=run.as_of,
        )
        for payout in begun
    ]  # fmt: skip
    ledger.post_all(holds)
    for payout in begun[: max(0, RUNG_A_RUN - run.paid_count)]:
        if payout.state == Payout.State.CREATED and not payout.is_by_bank:
            payout.ring()


def _pass_over(run: PayoutRun, decided: list[Passed]) -> None:
    skips = PayoutSkip.objects.note(
        (run.pk, passed.owner_id, passed.available, passed.reason, passed.hold_id) for passed in decided
    )
    to_tell = [skip for skip in skips if SkipReason(skip.reason).needs_action]
    creators = Creator.objects.select_related("user").in_bulk({skip.creator_id for skip in to_tell})
    for skip in to_tell:
        skip.run, skip.creator = run, creators[skip.creator_id]
        payout_mails.action_needed(skip)
