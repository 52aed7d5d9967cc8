"""A month's statement: from the balance at its start to the one at its end, line by line, on paper and as a file."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import ledger, payouts, releases
from payments.incomes import figures, rollups, statements
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
from tests.payments.test_documents import text_of

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def month_of_now() -> date:
    return clock.now().date().replace(day=1)


@pytest.fixture
def first_month(db: None) -> date:
    return month_of_now()


@pytest.fixture
def story(ada: User, first_month: date) -> Creator:
    """Two sales; after the hold they are paid out; then one is given back, and she co-authors another."""
    bea = creator_named("Bea")
    order = sell(ada.creator)
    sell(ada.creator)
    sell(creator_named("Funder"))
    ready_account(ada.creator)
    pass_hold()
    releases.release_due()
    payouts.run(None)
    carry_out_runs()
    submit_all()
    give_back(order, only_item(order))
    sell(bea, coauthors=((ada.creator.pk, 2000),))
    return ada.creator


def every_month(creator: Creator, first: date) -> list[statements.Statement]:
    return [statements.statement(creator, "USD", month) for month in figures.months_of(first, month_of_now())]


class TestStatement:
    def test_lines_lead_from_opening_to_closing(self, story: Creator, first_month: date) -> None:
        months = every_month(story, first_month)
        assert (months[0].opening, months[0].closing) == (usd(0), usd(3000))
        last = months[-1]
        assert last.opening == usd(3000)
        assert [(line.kind.value, line.amount.minor) for line in last.lines] == [
            ("payout_sent", -3000), ("refund", -1500), ("sale", 300),
        ]  # fmt: skip
        assert last.closing == usd(-1200)

    def test_sum_of_lines_is_the_balance(self, story: Creator, first_month: date) -> None:
        standing = ledger.balances_of(story.pk, "sandbox")
        assert every_month(story, first_month)[-1].closing == Money.total(standing.values(), "USD")

    def test_months_follow_each_other(self, story: Creator, first_month: date) -> None:
        months = every_month(story, first_month)
        assert [m.closing for m in months[:-1]] == [m.opening for m in months[1:]]

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_is_the_same_however_much_is_summed_up(self, story: Creator, first_month: date, part: int) -> None:
        before = every_month(story, first_month)
        entries = list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))
        rollups.rebuild(entries[(len(entries) - 1) * part // 2])
        assert every_month(story, first_month) == before

    def test_each_sale_names_its_rule_and_deductions(self, story: Creator, first_month: date) -> None:
        sale = every_month(story, first_month)[0].lines[0]
        assert (sale.rule.label, sale.gross, sale.platform, sale.amount) == (
            "Marketplace sale, 25%", usd(2000), usd(500), usd(1500),
        )  # fmt: skip

    def test_of_a_co_author_hides_what_is_not_hers(self, story: Creator, first_month: date) -> None:
        sale = every_month(story, first_month)[-1].lines[-1]
        assert (sale.role.value, sale.gross, sale.platform, sale.amount) == ("coauthor", usd(0), usd(0), usd(300))

    def test_takes_the_same_queries_for_any_month(self, story: Creator, django_assert_num_queries: Any) -> None:
        month = month_of_now()
        with django_assert_num_queries(5):
            statements.statement(story, "USD", month)

    def test_of_an_empty_month_keeps_the_balance(self, story: Creator) -> None:
        clock.advance(timedelta(days=70))
        found = statements.statement(story, "USD", month_of_now())
        assert (found.lines, found.opening, found.closing) == ([], usd(-1200), usd(-1200))


class TestFiles:
    def get(self, creator: Creator, month: date, kind: str, **asked: str) -> Any:
        client = Client()
        client.force_login(creator.user)
        return client.get(f"/studio/earnings/statement/{month:%Y-%m}.{kind}", {"currency": "USD", **asked})

    def test_csv_leads_from_balance_to_balance(self, story: Creator) -> None:
        answer = self.get(story, month_of_now(), "csv")
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert [row["kind"] for row in rows] == ["opening_balance", "payout_sent", "refund", "sale", "closing_balance"]
        assert (rows[0]["balance"], rows[-1]["balance"]) == ("30.00", "-12.00")
        assert [row["amount"] for row in rows[1:-1]] == ["-30.00", "-15.00", "3.00"]
        assert rows[1]["reference"].startswith("tr_")

    def test_pdf_is_set_in_both_languages(self, story: Creator) -> None:
        words = {"en": ("Ada", "30.00", "15.00", "12.00"), "zh-hans": ("Ada", "30.00", "15.00", "12.00", "月末余额")}
        for language, expected in words.items():
            client = Client()
            client.force_login(story.user)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            answer = client.get(f"/studio/earnings/statement/{month_of_now():%Y-%m}.pdf")
            assert answer["Content-Type"] == "application/pdf"
            told = text_of(answer.content)
            assert [word for word in expected if word not in told] == [], told

    def test_api_tells_the_same(self, story: Creator) -> None:
        client = Client()
        client.force_login(story.user)
        told = client.get(f"/api/v1/earnings/statements/{month_of_now():%Y-%m}/", {"currency": "USD"}).json()
        assert told["closing"] == {"minor": "-1200", "currency": "USD"}
        assert [line["kind"] for line in told["lines"]] == ["payout_sent", "refund", "sale"]
        assert {line["gross"] for line in told["lines"]} == {None}, "of no sale of her own course"

    def test_api_tells_the_amounts_of_a_sale_as_the_file_does(self, story: Creator, first_month: date) -> None:
        client = Client()
        client.force_login(story.user)
        told = client.get(f"/api/v1/earnings/statements/{first_month:%Y-%m}/", {"currency": "USD"}).json()["lines"]
        rows = list(
            csv.DictReader(io.StringIO(b"".join(self.get(story, first_month, "csv").streaming_content).decode()))
        )
        names = {"gross": "gross", "discount": "discount", "promotion": "added_by_platform", "tax": "tax",
                 "platform": "platform_fee", "affiliate": "promoter", "coauthors": "coauthors"}  # fmt: skip
        assert any(line["gross"] for line in told)
        for line, row in zip(told, rows[1:-1], strict=True):
            for name, column in names.items():
                of_file = row[column].lstrip("-").replace(".", "").lstrip("0")
                assert (line[name] or {"minor": ""})["minor"].lstrip("0") == of_file, (name, line, row)

    @pytest.mark.parametrize("month", ["2026-13", "1999-01", "2026-0"])
    def test_a_month_that_cannot_be_is_not_found(self, ada: User, month: str) -> None:
        client = Client()
        client.force_login(ada)
        for kind in ("csv", "pdf"):
            assert client.get(f"/studio/earnings/statement/{month}.{kind}").status_code == 404

    def test_sales_csv_keeps_formulas_from_running_and_numbers_numbers(self) -> None:
        from payments.sales_csv import plain

        assert [plain(text) for text in ("=1+1", "-cmd", "-15.00", "@x", "a")] == [
            "'=1+1",
            "'-cmd",
            "-15.00",
            "'@x",
            "a",
        ]
