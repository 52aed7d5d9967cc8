"""What a creator sees of her money now: balances by state, and the next payout with its amount or why there is none."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from . import ledger, payout_rules, payouts
from .cuts import Cut
from .models import (
    AccountKind,
    CurrencyRail,
    ItemShare,
    OrderItem,
    Payout,
    PayoutAccount,
    PayoutHold,
    PayoutStop,
    RefundShare,
    ReleasedShare,
    Reserve,
    ReserveRule,
    SkipReason,
)
from .quotes import WHOLE
from .refund_cover import Parts, going_back


@dataclass(frozen=True)
class CurrencyEarnings:
    """One currency's money by state. `next_amount` is what the next run would send, or None for `obstacle`.

    `available` below zero is a debt: refunds took more than there was. `coming` becomes available until the next run,
    `going_back` is what refunds on their way will take of what is available, `claimed` what of it waits for a claim.
    """

    currency: str
    pending: Money
    available: Money
    reserve: Money
    escrow: Money
    reserve_until: datetime | None
    in_transit: Money
    paid: Money
    coming: Money
    going_back: Money
    claimed: Money
    next_amount: Money | None
    needs_approval: bool
    obstacle: SkipReason | None
    rests_until: datetime | None
    hold: PayoutHold | None

    @property
    def expected(self) -> Money:
        """What the next run decides on."""
        return self.available + self.coming - self.claimed

    @property
    def why_not(self) -> str:
        if not self.obstacle:
            return ""
        told = self.expected + self.claimed if self.obstacle is SkipReason.CLAIMED else self.expected
        return self.obstacle.words(told, self.rests_until, self.hold)

    @property
    def total(self) -> Money:
        """All that is hers and not yet paid."""
        return self.pending + self.available + self.reserve + self.escrow + self.in_transit


@dataclass(frozen=True)
class Overview:
    """All of one creator's money now. `account` is None until she has begun to set up where it goes."""

    currencies: list[CurrencyEarnings]
    account: PayoutAccount | None
    hold: PayoutHold | None
    next_run_at: datetime

    @property
    def is_held(self) -> bool:
        return self.hold is not None

    def of(self, currency: str) -> CurrencyEarnings | None:
        return next((each for each in self.currencies if each.currency == currency), None)


@dataclass(frozen=True)
class _Asked:
    """What is read of the database once for all currencies."""

    standing: dict[tuple[AccountKind, str], Money]
    paid: dict[str, int]
    coming: dict[str, int]
    back: dict[str, tuple[int, datetime | None]]
    going_back: Parts
    contested: Parts
    stopped: set[str]
    rails: dict[str, str]


def overview(creator: Creator) -> Overview:
    """In a constant number of queries, however many sales there are."""
    book = settings.PAYMENTS_BOOK
    next_run_at = payouts.next_run_at(clock.now())
    account = PayoutAccount.objects.of(creator)
    hold = PayoutHold.objects.standing(creator)
    sent = Payout.objects.filter(creator=creator, book=book, state=Payout.State.SENT)
    asked = _Asked(
        standing=ledger.balances_of(creator.pk, book),
        paid=_sums(sent.annotate(kept=F("amount_minor") - F("returned_minor")), "currency", "kept"),
        coming=_coming(creator, book, next_run_at),
        back=_out_of_reserve(creator, book, next_run_at),
        going_back=going_back([creator.pk], book),
        contested=ReleasedShare.objects.contested().filter(owner=creator, book=book).sums(),
        stopped=PayoutStop.objects.stopped(),
        rails=CurrencyRail.objects.in_force(),
    )
    currencies = sorted({currency for _kind, currency in asked.standing} | asked.paid.keys())
    of_each = [_of_currency(creator, currency, asked, account, hold, next_run_at) for currency in currencies]
    return Overview(of_each, account, hold, next_run_at)


def _of_currency(
    creator: Creator, currency: str, asked: _Asked, account: PayoutAccount | None, hold: PayoutHold | None,
    next_run_at: datetime,
) -> CurrencyEarnings:  # fmt: skip
    def standing(*kinds: AccountKind) -> Money:
        return Money.total((asked.standing.get((kind, currency), zero) for kind in kinds), currency)

    zero = Money.zero(currency)
    available = standing(AccountKind.CREATOR_AVAILABLE)
    freed, until = asked.back.get(currency, (0, None))
    coming = Money(asked.coming.get(currency, 0) + freed, currency)
    contested = asked.contested.get((creator.pk, currency), 0)
    expected = payout_rules.uncontested(available, contested) + coming
    leaving = asked.going_back.get((creator.pk, currency), 0)
    is_stopped = payout_rules.is_stopped(currency, asked.stopped)
    obstacle = (
        payout_rules.obstacle(
            account, expected, is_held=hold is not None, is_stopped=is_stopped, rail=asked.rails.get(currency, ""),
            at=next_run_at, going_back=leaving, claimed=contested,
        ) if expected or contested else None
    )  # fmt: skip
    next_amount = None if obstacle or not expected else payout_rules.payable(expected, leaving)
    return CurrencyEarnings(
        currency=currency,
        # What she has as a promoter waits on an account of its own, for the same time.
        pending=standing(AccountKind.CREATOR_PENDING, AccountKind.AFFILIATE_PENDING),
        available=available,
        reserve=standing(AccountKind.CREATOR_RESERVE),
        escrow=standing(AccountKind.RIGHTS_ESCROW),
        reserve_until=until,
        in_transit=standing(AccountKind.PAYOUT_IN_TRANSIT),
        paid=Money(asked.paid.get(currency, 0), currency),
        coming=coming,
        going_back=Money(leaving, currency),
        claimed=available + coming - expected,
        next_amount=next_amount,
        needs_approval=next_amount is not None and payout_rules.needs_approval(next_amount),
        obstacle=obstacle,
        rests_until=account.rests_until if account else None,
        hold=hold,
    )


def _coming(creator: Creator, book: str, until: datetime) -> dict[str, int]:
    """What becomes available of her shares whose hold ends until then, by currency in minor units."""
    due = OrderItem.objects.due_for_release(until).filter(order__book=book, order__paid_at__isnull=False)
    rule = ReserveRule.objects.for_owners({creator.pk}).get(creator.pk)
    taken = RefundShare.objects.filter(share=OuterRef("pk"), line__failed_at=None).order_by().values("share")
    gone = Coalesce(Subquery(taken.annotate(total=Sum("amount_minor")).values("total")), 0)
    rest = ExpressionWrapper(F("amount_minor") - gone, output_field=BigIntegerField())
    shares = ItemShare.objects.filter(owner=creator, item__in=due).annotate(rest=rest)
    # Each share's part for the reserve is cut to whole units, as at its release.
    freed = F("rest") - Cut(F("rest") * (rule.bps if rule else 0), WHOLE)
    return _sums(shares.annotate(currency=F("item__order__currency"), freed=freed), "currency", "freed")


def _out_of_reserve(creator: Creator, book: str, until: datetime) -> dict[str, tuple[int, datetime | None]]:
    """By currency what comes back out of the reserve until then, and when the first of the rest does."""
    kept = Reserve.objects.kept().filter(owner=creator, book=book)
    back = _sums(kept.filter(due_at__lte=until), "currency", "amount_minor")
    rest = dict(kept.filter(due_at__gt=until).order_by("currency", "-due_at").values_list("currency", "due_at"))
    return {currency: (back.get(currency, 0), rest.get(currency)) for currency in back.keys() | rest.keys()}


def _sums(rows: QuerySet, currency: str, amount: str) -> dict[str, int]:
    return {code: int(total) for code, total in rows.order_by().values_list(currency).annotate(total=Sum(amount))}
