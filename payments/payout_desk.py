"""What the people of finance see of payouts: a run before it is started, and all that waits for one of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from . import payout_batches
from .models import (
    BankDetails,
    BankOrder,
    BankReturn,
    CurrencyRail,
    Payout,
    PayoutAccount,
    PayoutHold,
    PayoutRun,
    PayoutSkip,
    PayoutStop,
    ReserveRule,
    SkipReason,
)
from .payout_batches import Due, Passed

Act = Callable[..., Any]
SHOWN = 50
PREVIEW_BATCH = 2_000


@dataclass
class Sum:
    """Payouts or skips of one kind in one currency."""

    currency: str
    count: int = 0
    minor: int = 0

    def add(self, amount: Money) -> None:
        self.count += 1
        self.minor += amount.minor

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)


@dataclass
class Preview:
    """What a run would do now. The lists hold the largest; the sums count everybody."""

    by_currency: dict[str, Sum] = field(default_factory=dict)
    to_approve: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    due: list[Due] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)

    @property
    def sums(self) -> list[Sum]:
        return [self.by_currency[currency] for currency in sorted(self.by_currency)]

    @property
    def paid_count(self) -> int:
        return sum(each.count for each in self.sums)

    @property
    def skipped_count(self) -> int:
        return self.skipped.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people are passed over, the commonest first."""
        return [(str(reason.label), count) for reason, count in self.skipped.most_common()]


def preview() -> Preview:
    """Decide as a run would, without locks and without writing anything."""
    run = PayoutRun(book=settings.PAYMENTS_BOOK, as_of=clock.now())
    seen = Preview()
    for decided in payout_batches.decisions(run, PREVIEW_BATCH):
        for due in decided.due:
            seen.by_currency.setdefault(due.amount.currency, Sum(due.amount.currency)).add(due.amount)
            seen.to_approve += due.needs_approval
        seen.skipped.update(passed.reason for passed in decided.passed)
        seen.due = nlargest(SHOWN, [*seen.due, *decided.due], key=lambda due: due.amount.minor)
        seen.passed = nlargest(SHOWN, [*seen.passed, *decided.passed], key=lambda passed: abs(passed.available.minor))
    shown: list[Due | Passed] = [*seen.due, *seen.passed]
    creators = Creator.objects.in_bulk({each.owner_id for each in shown})
    for each in shown:
        each.creator = creators[each.owner_id]
    return seen


def payouts_of(run: PayoutRun, state: str = "") -> QuerySet[Payout]:
    """A run's payouts, those that need a person first."""
    found = run.payouts.select_related("creator", "approval__by").order_by(
        F("flagged_at").desc(nulls_last=True), F("dead_at").desc(nulls_last=True), "id"
    )
    return found.filter(state=state) if state in Payout.State.values else found


def skips_of(run: PayoutRun) -> QuerySet[PayoutSkip]:
    # A moderator's measure tells until when his hold stands: named from below, since it is known above.
    return run.skips.select_related("creator", "hold__measure").order_by("id")


def payouts_to(creator: Creator) -> QuerySet[Payout]:
    """All payouts to one creator, newest first."""
    return Payout.objects.filter(creator=creator, book=settings.PAYMENTS_BOOK).order_by("-id")


def skips_to(creator: Creator) -> QuerySet[PayoutSkip]:
    """The runs that had nothing for her although she has a balance, newest first."""
    mine = PayoutSkip.objects.filter(creator=creator, run__book=settings.PAYMENTS_BOOK)
    return mine.select_related("run", "hold__measure").order_by("-id")


def bank_orders_of(run: PayoutRun) -> dict[str, int]:
    """How many payouts of the run wait for a bank file, by currency."""
    waiting = run.payouts.by_bank().filter(state=Payout.State.CREATED)
    return dict(Counter(waiting.values_list("currency", flat=True)))


@dataclass(frozen=True)
class Way:
    """The way out of a currency; `passed_over` creators who have money of it are paid elsewhere and get none."""

    row: CurrencyRail
    passed_over: int


@dataclass(frozen=True)
class Desk:
    """All that waits for somebody of finance."""

    waiting: list[Payout]
    flagged: list[Payout]
    dead: list[Payout]
    stops: list[PayoutStop]
    holds: list[PayoutHold]
    reserve_rules: list[ReserveRule]
    bank_details: list[BankDetails]
    bank_orders: list[BankOrder]
    bank_returns: list[BankReturn]
    rails: list[Way]


def desk() -> Desk:
    """In a constant number of queries; each list holds the oldest."""
    mine = Payout.objects.filter(book=settings.PAYMENTS_BOOK).select_related("creator", "run__started_by")
    oldest = mine.order_by("id")
    unanswered = BankOrder.objects.filter(answer=None, payout__book=settings.PAYMENTS_BOOK)
    return Desk(
        waiting=_with_confirmers(list(oldest.waiting()[:SHOWN])),
        flagged=list(oldest.flagged()[:SHOWN]),
        dead=list(oldest.filter(dead_at__isnull=False)[:SHOWN]),
        stops=list(PayoutStop.objects.open().select_related("placed_by").order_by("id")),
        holds=list(PayoutHold.objects.open().select_related("creator", "placed_by").order_by("-placed_at")[:SHOWN]),
        reserve_rules=list(ReserveRule.objects.open().select_related("creator", "placed_by").order_by("id")[:SHOWN]),
        bank_details=list(
            BankDetails.objects.unanswered().select_related("account__creator", "given_by").order_by("id")[:SHOWN]
        ),
        bank_orders=list(unanswered.select_related("file__made_by", "payout__creator").order_by("id")[:SHOWN]),
        bank_returns=list(bank_returns_waiting()[:SHOWN]),
        rails=ways(),
    )


def bank_returns_waiting() -> QuerySet[BankReturn]:
    """Payouts by bank that somebody says came back, and nobody else has looked at."""
    mine = BankReturn.objects.unanswered().filter(order__payout__book=settings.PAYMENTS_BOOK)
    return mine.select_related("noted_by", "order__payout__creator").order_by("id")


def _with_confirmers(payouts: list[Payout]) -> list[Payout]:
    """Each with who confirmed the bank details that it goes to: she may not let it go."""
    confirmers = BankDetails.objects.confirmers_of(payouts)
    for payout in payouts:
        payout.confirmer_id = confirmers.get(payout.pk)
    return payouts


def ways() -> list[Way]:
    """Of each currency for which finance has ever chosen a way out, the one that stands."""
    newest: dict[str, CurrencyRail] = {}
    for row in CurrencyRail.objects.versions():
        newest.setdefault(row.currency, row)
    return [Way(row, _passed_over(row)) for _code, row in sorted(newest.items())]


def _passed_over(row: CurrencyRail) -> int:
    """How many creators have money of the currency and an account that this way does not lead to."""
    if not row.rail:
        return 0
    elsewhere = PayoutAccount.objects.filter(book=row.book).exclude(rail=row.rail).values("creator")
    available = payout_batches.balances(row.book).filter(account__currency=row.currency, amount_minor__lt=0)
    return available.filter(account__owner_id__in=elsewhere).count()
