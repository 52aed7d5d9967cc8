"""Months of income: summed up ahead or read from the tail, they are the same, and the ledger's."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import releases
from payments.incomes import figures, rollups
from payments.models import AccountMonth, IncomeMonth, LedgerEntry, RollupMark
from tests import cast
from tests.payments import books
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, sell

EVER = (date(2020, 1, 1), date(2060, 12, 1))


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def history(user: User) -> None:
    """Three sales of 20.00 in two months, one of them given back in the second, and another currency."""
    order = sell(user.creator, creator_named("Bea"))
    sell(user.creator)
    clock.advance(timedelta(days=40))
    sell(user.creator)
    sell(user.creator, price=Money(2000, "JPY"))
    give_back(order, order.items.get(creator=user.creator))


def everything(user: User) -> Any:
    spans = figures.spans(user.creator)
    return spans, [figures.figures(user.creator, span.currency, span.first, span.last) for span in spans]


def last_entry() -> int:
    return LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def here() -> rollups.Present:
    """What is running in this test's own database, however busy its neighbors are; and every entry is old enough."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(backend_xid::text::bigint) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_xid IS NOT NULL"
        )
        (lowest,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (own,) = cursor.fetchone()
    return rollups.Present(last_entry(), lowest or own, own + 1)


def blind() -> rollups.Present:
    """As `here`, but nobody seems to be writing."""
    return replace(here(), lowest_running=2**62)


@pytest.mark.django_db
class TestFigures:
    def test_add_up_by_month_and_by_course(self, ada: User) -> None:
        history(ada)
        span = next(span for span in figures.spans(ada.creator) if span.currency == "USD")
        found = figures.figures(ada.creator, "USD", span.first, span.last)
        assert [(line.sums.sales, line.sums.gross, line.sums.net) for line in found.months if line.sums.sales] == [
            (2, usd(4000), usd(3000)), (1, usd(2000), usd(0)),
        ]  # fmt: skip
        assert sorted(line.sums.net.minor for line in found.courses) == [0, 1500, 1500]
        assert (found.total.platform, found.total.returned, found.total.net) == (usd(1500), usd(1500), usd(3000))

    def test_show_every_month_of_the_period(self, ada: User) -> None:
        sell(ada.creator)
        found = figures.figures(ada.creator, "USD", date(2026, 1, 1), date(2026, 12, 1))
        assert [line.month.month for line in found.months] == list(range(1, 13))

    @pytest.mark.parametrize("through", ["none", "half", "all"])
    def test_are_the_same_however_much_is_summed_up(self, ada: User, through: str) -> None:
        history(ada)
        before = everything(ada)
        entries = list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))
        rollups.rebuild({"none": 0, "half": entries[len(entries) // 2], "all": entries[-1]}[through])
        assert everything(ada) == before
        assert IncomeMonth.objects.exists() == (through != "none")
        assert list(rollups.breaks()) == []

    def test_take_the_same_queries_for_any_number_of_sales(self, ada: User, django_assert_num_queries: Any) -> None:
        history(ada)
        with django_assert_num_queries(3):
            figures.figures(ada.creator, "USD", *EVER)

    def test_are_one_s_own(self, ada: User) -> None:
        history(ada)
        assert figures.spans(cast.person("Bea").creator)[0].currency == "USD"
        (bea,) = figures.figures(cast.person("Bea").creator, "USD", *EVER).courses
        assert bea.sums.net == usd(1500)


@pytest.mark.django_db
class TestBreaks:
    def test_name_a_month_that_was_changed(self, ada: User) -> None:
        history(ada)
        rollups.rebuild(last_entry())
        AccountMonth.objects.filter(kind="sale").update(amount_minor=1)
        assert any("has months that sum to" in sentence for sentence in rollups.breaks())
        rollups.rebuild()
        assert list(rollups.breaks()) == []

    def test_name_incomes_that_the_accounts_do_not_know(self, ada: User) -> None:
        history(ada)
        rollups.rebuild(last_entry())
        IncomeMonth.objects.filter(returned_minor__gt=0).update(returned_minor=0)
        assert any("her accounts say" in sentence for sentence in rollups.breaks())

    def test_stay_silent_about_releases(self, ada: User) -> None:
        sell(ada.creator)
        pass_hold()
        releases.release_due()
        rollups.rebuild(last_entry())
        assert list(rollups.breaks()) == []


@pytest.mark.django_db(transaction=True)
class TestRounds:
    def test_take_each_entry_once(self) -> None:
        ada = cast.ada()
        order = sell(ada.creator)
        before = everything(ada)
        assert [rollups.roll(here) for _n in range(3)] == [True] * 3
        assert RollupMark.objects.get().through_entry == last_entry()
        assert everything(ada) == before
        give_back(order, only_item(order))
        assert [rollups.roll(here) for _n in range(3)] == [True] * 3
        assert IncomeMonth.objects.get().returned_minor == 1500
        assert list(rollups.breaks()) == []

    def test_wait_for_transactions_that_were_running(self) -> None:
        ada = cast.ada()
        sell(ada.creator)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT pg_current_xact_id()")
            assert rollups.roll(here)
            assert not rollups.roll(here)
            assert not IncomeMonth.objects.exists()
            cursor.execute("COMMIT")
        other.close()
        assert rollups.roll(here)
        assert IncomeMonth.objects.exists()

    @pytest.mark.parametrize("is_blind", [False, True])
    def test_lose_no_entry_that_is_written_meanwhile(self, is_blind: bool) -> None:
        """A slow sale has an earlier id than a quick one. The control thinks that nothing is running."""
        for owner in (books.ADA, books.BEA):
            books.sale(f"sale:first:{owner}", owner=owner)
        written, may_end = Event(), Event()

        def slow() -> None:
            with transaction.atomic():
                books.sale("sale:slow", owner=books.ADA)
                written.set()
                may_end.wait(30)
            connection.close()

        thread = Thread(target=slow)
        thread.start()
        assert written.wait(30)
        books.sale("sale:quick", owner=books.BEA)
        for _n in range(2):
            rollups.roll(blind if is_blind else here)
        may_end.set()
        thread.join()
        for _n in range(3):
            assert rollups.roll(here)
        lost = [sentence for sentence in rollups.breaks() if "has months that sum to" in sentence]
        assert bool(lost) == is_blind

    def test_go_on_in_a_database_that_was_restored(self) -> None:
        RollupMark.objects.get_or_create(pk=1)[0].move(0, next_entry=0, next_tx=2**60)
        assert rollups.roll(here)


@pytest.mark.django_db
def test_an_operator_builds_the_months_anew(ada: User) -> None:
    history(ada)
    rollups.rebuild(last_entry())
    IncomeMonth.objects.update(sales=7)
    call_command("ledger", "rebuild")
    assert not IncomeMonth.objects.filter(sales=7).exists()
    assert list(rollups.breaks()) == []
