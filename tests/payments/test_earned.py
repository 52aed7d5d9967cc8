"""What everybody has earned in some months, whether it is summed up already or not."""

from datetime import date

import pytest

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.incomes import earned, rollups
from payments.models import LedgerEntry
from tests.payments import sales

pytestmark = pytest.mark.django_db


def now_earned() -> dict[str, dict[int, int]]:
    month = clock.now().date().replace(day=1)
    return earned.by_person(month, month)


def test_counts_sales_that_are_summed_up_and_those_that_are_not(lin: User) -> None:
    bea, cleo = sales.creator_named("Bea"), sales.creator_named("Cleo")
    order = sales.sell(bea)
    share = order.items.get().creator_share.minor
    assert now_earned() == {"USD": {bea.pk: share}}
    rollups.rebuild(LedgerEntry.objects.latest("pk").pk)
    sales.sell(bea, cleo)
    assert now_earned() == {"USD": {bea.pk: 2 * share, cleo.pk: share}}
    assert earned.by_person(date(2020, 1, 1), date(2020, 3, 1)) == {}


def test_leaves_out_who_gave_it_back_and_never_adds_currencies(lin: User) -> None:
    bea = sales.creator_named("Bea")
    order = sales.sell(bea)
    sales.give_back(order, order.items.get())
    assert now_earned() == {}
    yen = sales.sell(bea, price=Money(3000, "JPY"))
    assert now_earned() == {"JPY": {bea.pk: yen.items.get().creator_share.minor}}


def test_is_of_one_book(lin: User, settings: object) -> None:
    sales.sell(sales.creator_named("Bea"))
    settings.PAYMENTS_BOOK = "live"  # type: ignore[attr-defined]
    assert now_earned() == {}
