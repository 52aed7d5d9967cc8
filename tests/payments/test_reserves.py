"""The rolling reserve: a part of each released share that waits longer, or fills a debt."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from payments import invariants, payouts, releases
from payments.models import AccountKind, Payout, Reserve, ReserveRule
from payments.models.reserve import AlreadyReserved, ReserveEnded
from tests.payments.books import stands
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


def keep(fay: User, name: str | None = "Ada", bps: int = 1000, days: int = 60) -> ReserveRule:
    creator = creator_named(name) if name else None
    return ReserveRule.objects.place(by=fay, creator=creator, bps=bps, days=days, reason="a new shop")


def of_ada(kind: AccountKind) -> int:
    return stands(kind, creator_named("Ada").pk)


def books_hold() -> bool:
    return not any(invariants.breaks(ask_provider=True).values())


def test_keeps_its_part_at_the_release_and_pays_the_rest(fay: User) -> None:
    keep(fay)
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    assert Payout.objects.get().amount.minor == 1350
    assert Payout.objects.get().items.get().amount_minor == 1350
    assert (of_ada(AccountKind.CREATOR_AVAILABLE), of_ada(AccountKind.CREATOR_RESERVE)) == (0, 150)
    assert books_hold()


def test_comes_back_on_its_day_and_once(fay: User) -> None:
    keep(fay)
    sell(creator_named("Ada"))
    pass_hold()
    releases.free_due()
    assert releases.return_reserves() == 0
    clock.advance(timedelta(days=60))
    assert releases.return_reserves() == 1
    assert releases.return_reserves() == 0
    assert (of_ada(AccountKind.CREATOR_AVAILABLE), of_ada(AccountKind.CREATOR_RESERVE)) == (1500, 0)
    assert books_hold()


def test_fills_a_debt_before_its_day(fay: User) -> None:
    keep(fay)
    order = sell(creator_named("Ada"))
    pass_hold()
    releases.free_due()
    give_back(order, only_item(order))
    assert of_ada(AccountKind.CREATOR_AVAILABLE) == -150
    assert releases.return_reserves() == 1
    assert (of_ada(AccountKind.CREATOR_AVAILABLE), of_ada(AccountKind.CREATOR_RESERVE)) == (0, 0)
    assert not any(invariants.breaks().values())


def test_of_everybody_gives_way_to_a_creators_own(fay: User) -> None:
    keep(fay, None, bps=500)
    keep(fay, "Ada", bps=2000)
    sell(creator_named("Ada"))
    sell(creator_named("Bea"))
    pass_hold()
    releases.free_due()
    kept = dict(Reserve.objects.values_list("owner__name", "amount_minor"))
    assert kept == {"Ada": 300, "Bea": 75}


def test_ended_keeps_nothing_more_and_gives_back_on_the_day(fay: User) -> None:
    rule = keep(fay)
    sell(creator_named("Ada"))
    pass_hold()
    releases.free_due()
    rule.end(by=fay, reason="a good year")
    sell(creator_named("Ada"))
    pass_hold()
    releases.free_due()
    assert Reserve.objects.count() == 1
    with pytest.raises(ReserveEnded):
        rule.end(by=fay, reason="again")


def test_one_rule_stands_at_a_time(fay: User) -> None:
    for name in ("Ada", None):
        keep(fay, name)
        with pytest.raises(AlreadyReserved):
            keep(fay, name)


def test_is_for_finance_and_not_for_oneself(fay: User, cole: User) -> None:
    for by, creator in ((cole, None), (fay, creator_named("Fay"))):
        with pytest.raises(NotAllowed):
            ReserveRule.objects.place(by=by, creator=creator, bps=100, days=1, reason="x")


def test_more_than_half_is_refused_by_the_database(fay: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(fay, bps=5001)
