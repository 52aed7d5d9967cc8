"""The list of sales: filtered by course, month and state, page after page, however much is summed up."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import payouts, releases
from payments.incomes import page, rollups
from payments.incomes.sales import Chosen, Sale, SaleState, before, sales_of
from payments.models import LedgerEntry
from tests.payments.sales import (
    carry_out_runs,
    creator_named,
    give_back,
    only_item,
    pass_hold,
    ready_account,
    sell,
    submit_all,
)

pytestmark = pytest.mark.django_db


def rolled() -> None:
    rollups.rebuild(LedgerEntry.objects.order_by("-pk").first().pk)


def months_of_sales(user: User) -> list[date]:
    """A sale in each of three months, and the months."""
    found = []
    for _n in range(3):
        sell(user.creator)
        found.append(clock.now().date().replace(day=1))
        clock.advance(timedelta(days=31))
    return found


class TestFilter:
    @pytest.mark.parametrize("is_rolled", [False, True])
    def test_by_month_finds_that_month_s(self, ada: User, is_rolled: bool) -> None:
        months = months_of_sales(ada)
        if is_rolled:
            rolled()
        for month in months:
            found = [share.item.order.paid_at.date() for share in sales_of(ada.creator, Chosen(month=month))]
            assert [day.replace(day=1) for day in found] == [month]
        assert not sales_of(ada.creator, Chosen(month=date(2021, 1, 1))).exists()

    def test_by_course_finds_that_course_s(self, ada: User) -> None:
        item = only_item(sell(ada.creator))
        sell(ada.creator)
        assert [share.item for share in sales_of(ada.creator, Chosen(course_id=item.course_id))] == [item]

    def test_by_currency_finds_that_currency_s(self, ada: User) -> None:
        sell(ada.creator)
        sell(ada.creator, price=Money(2000, "JPY"))
        assert sales_of(ada.creator, Chosen(currency="JPY")).count() == 1

    def test_by_state_finds_what_says_that_state(self, ada: User) -> None:
        ready_account(ada.creator)
        for _n in range(3):
            sell(creator_named("Funder"))
        sell(ada.creator)
        pass_hold()
        payouts.run(None)
        carry_out_runs()
        submit_all()
        sell(ada.creator)
        pass_hold()
        releases.free_due()
        order = sell(ada.creator)
        give_back(order, only_item(order))
        sell(ada.creator)
        every = [Sale(share) for share in sales_of(ada.creator)]
        assert [sale.state.value for sale in every] == ["pending", "refunded", "available", "paid"]
        for state in SaleState:
            found = [Sale(share).state for share in sales_of(ada.creator, Chosen(state=state))]
            assert found == [sale.state for sale in every if sale.state == state]

    def test_finds_co_authored_and_promoted_sales_too(self, ada: User) -> None:
        bea = creator_named("Bea")
        sell(bea, coauthors=((ada.creator.pk, 1000),))
        sell(bea, affiliate_id=ada.creator.pk, affiliate_bps=1000)
        assert [Sale(share).role.value for share in sales_of(ada.creator)] == ["promoter", "coauthor"]


class TestPages:
    def test_follow_each_other_without_gap_or_repetition(self, ada: User) -> None:
        for _n in range(5):
            sell(ada.creator)
        every = list(sales_of(ada.creator))
        seen, place = [], ""
        while batch := list(before(sales_of(ada.creator), place)[:2]):
            seen += batch
            place = Sale(batch[-1]).place
        assert seen == every

    @pytest.mark.parametrize("place", ["", "x", "1", "1-x", "9" * 60, "²-²"])
    def test_begin_at_the_newest_for_a_place_that_cannot_be(self, ada: User, place: str) -> None:
        sell(ada.creator)
        assert before(sales_of(ada.creator), place).count() == 1

    def test_lead_on_in_the_browser(self, ada: User) -> None:
        for _n in range(page.SALES_A_PAGE + 1):
            sell(ada.creator)
        client = Client()
        client.force_login(ada)
        first = client.get("/studio/earnings/")
        place = first.context["page"].next_place
        assert place
        assert f"before={place}" in first.content.decode()
        second = client.get("/studio/earnings/", {"before": place})
        assert len(second.context["page"].sales) == 1
        assert not second.context["page"].next_place

    @pytest.mark.parametrize(
        "asked",
        [
            "currency=XXX",
            "year=99999",
            "month=2026-99",
            "state=lost",
            "course=nobody",
            "before=%00",
            "course=%00",
            "year=²",
        ],
    )
    def test_do_not_stumble_over_what_cannot_be(self, ada: User, asked: str) -> None:
        sell(ada.creator)
        client = Client()
        client.force_login(ada)
        for path in ("/studio/earnings/", "/studio/earnings/sales.csv", "/api/v1/earnings/sales/"):
            assert client.get(f"{path}?{asked}").status_code == 200

    def test_draw_the_year_with_a_table_beside_it(self, ada: User) -> None:
        sell(ada.creator)
        client = Client()
        client.force_login(ada)
        text = client.get("/studio/earnings/").content.decode()
        for words in ('class="chart"', "By month", "By course", "part--own", "part--platform", "$15.00"):
            assert words in text
