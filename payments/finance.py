"""What the people of finance see: whether the books are even, agree with the provider, and who waits for what."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from marketplace.lib.money import Money

from . import ledger
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .ledger import TrialBalance
from .models import AccountKind, Payout, PayoutHold, PayoutRun


@dataclass(frozen=True)
class Agreement:
    """What our books say is at the provider, beside what the provider says. `theirs` is None when it did not answer."""

    currency: str
    ours: Money
    theirs: Money | None

    @property
    def difference(self) -> Money | None:
        return None if self.theirs is None else self.ours - self.theirs


def books() -> list[TrialBalance]:
    """The trial balance of every book and currency."""
    return ledger.trial_balance()


def agreements(trials: list[TrialBalance]) -> list[Agreement]:
    """Clearing of the present book against the provider's balance, available and pending together."""
    ours = {
        trial.currency: row.debit - row.credit
        for trial in trials
        if trial.book == settings.PAYMENTS_BOOK
        for row in trial.rows
        if row.kind == AccountKind.STRIPE_CLEARING
    }
    return agreed(ours, provider_balance())


def agreed(ours: dict[str, Money], theirs: dict[str, Money] | None) -> list[Agreement]:
    """The two by currency, whichever of them has it."""
    # Nothing in whatever the provider tells of, known here or not.
    nothing = {amount.currency: amount * 0 for amount in (*ours.values(), *(theirs or {}).values())}
    return [
        Agreement(currency, (nothing | ours)[currency], None if theirs is None else (nothing | theirs)[currency])
        for currency in sorted(nothing)
    ]


def provider_balance() -> dict[str, Money] | None:
    """What the provider holds for us by currency, settled or not; None when it does not answer."""
    try:
        return gateway().balance().whole
    except (GatewayRefused, GatewayUnknown):
        return None


def runs() -> QuerySet[PayoutRun]:
    """Payout runs of the present book, newest first, with how many they paid, have under way and withdrew."""

    def count(*states: Payout.State) -> Count:
        return Count("payouts", filter=Q(payouts__state__in=states))

    # Nothing else is joined beside the payouts: rows of two kinds would multiply.
    return PayoutRun.objects.filter(book=settings.PAYMENTS_BOOK).annotate(
        sent_count=count(Payout.State.SENT),
        waiting_count=count(Payout.State.WAITING),
        moving_count=count(Payout.State.CREATED, Payout.State.SUBMITTING),
        void_count=count(Payout.State.VOID),
    )


def open_holds() -> QuerySet[PayoutHold]:
    return PayoutHold.objects.open().select_related("creator", "placed_by", "measure").order_by("-placed_at")
