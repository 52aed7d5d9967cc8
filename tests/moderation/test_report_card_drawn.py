"""The report card over the quarters: bars that are true to their figures, and a table of the same."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moderation.models import ReportCard, ReportCardFigure
from moderation.quarters import Quarter
from moderation.report_card import drawn
from moderation.report_card.drawn import HEIGHT, TOP, Chart, Told
from moderation.report_card.figures import FIGURES
from moderation.report_card.lines import Line

LATER = datetime(2026, 12, 1, tzinfo=UTC)
FIRST = Quarter(2025, 3)
FLOOR = HEIGHT - drawn.BOTTOM
CHINESE = {"accept-language": "zh-hans"}


def line(name: str, value: str | None, currency: str = "", cases: int = 9) -> Line:
    return Line(FIGURES[name], currency, cases if value else 2, Decimal(value) if value else None, not value)


def charts(*quarters: list[Line]) -> list[Chart]:
    told, quarter = [], FIRST
    for lines in quarters:
        told.append(Told(quarter, lines, is_open=len(told) == len(quarters) - 1))
        quarter = quarter.next
    found = drawn.drawn(told, FIRST)
    return found.charts if found else []


class TestBars:
    def test_are_as_high_as_their_share_of_all(self) -> None:
        (chart,) = charts(*([line("reviews_in_time", value)] for value in ("100", "50", "0")))
        room = FLOOR - TOP
        assert [bar.height for bar in chart.bars] == [room, room // 2, 1]
        assert [bar.y + bar.height for bar in chart.bars] == [FLOOR] * 3
        assert [(tick.line.value, tick.y) for tick in chart.ticks] == [(0, FLOOR), (50, TOP + room // 2), (100, TOP)]
        assert [(bar.is_asked, bar.is_open, bar.year) for bar in chart.bars] == [
            (True, False, 2025), (False, False, None), (False, True, 2026),
        ]  # fmt: skip
        assert all(bar.x >= chart.left and bar.x + bar.width <= chart.right for bar in chart.bars)

    @pytest.mark.parametrize(
        ("name", "values", "top"),
        [
            ("refund_hours", ("0.4", "1.3"), "1.5"),
            ("refund_hours", ("0", "700"), "800"),
            ("median_earning", ("12000", "13000"), "15000"),
            ("earnings_gini", ("0.614", "0.5"), "1"),
        ],
    )
    def test_have_a_grid_that_reaches_the_highest(self, name: str, values: tuple[str, str], top: str) -> None:
        (chart,) = charts(*([line(name, value, "USD" if name == "median_earning" else "")] for value in values))
        assert chart.ticks[-1].line.value == Decimal(top)
        assert min(bar.y for bar in chart.bars) >= TOP

    def test_stand_where_something_is_told_alone(self) -> None:
        (chart,) = charts(
            [line("reviews_in_time", "90"), line("payouts_on_time", "99")],
            [line("reviews_in_time", None)],
            [line("reviews_in_time", "80"), line("payouts_on_time", None)],
        )
        assert chart.first.figure.name == "reviews_in_time"
        assert [bool(bar.height) for bar in chart.bars] == [True, False, True]

    def test_are_of_the_currencies_that_most_earn_in(self) -> None:
        lines = [
            line("median_earning", "9", code, cases) for code, cases in (("AUD", 5), ("CNY", 9), ("EUR", 8), ("USD", 7))
        ]
        assert {chart.first.currency for chart in charts(lines, lines)} == {"CNY", "EUR", "USD"}


@pytest.mark.django_db
class TestThePage:
    def told(self, quarter: Quarter, *values: str | None, stage: str = "final") -> None:
        figures = [
            ReportCardFigure.draft(name, 9 if value else 2, Decimal(value) if value else None)
            for name, value in zip(("reviews_in_time", "refund_hours"), values, strict=True)
        ]
        ReportCard.objects.write(quarter, stage, LATER, figures)

    def test_draws_nothing_of_one_quarter(self, client: Client) -> None:
        self.told(FIRST, "93.4", "1.3")
        page = client.get("/report-card/").content.decode()
        assert "93.4 %" in page
        assert "Over the quarters" not in page
        assert 'class="chart"' not in page

    def test_draws_what_it_tells_and_has_the_same_as_a_table(self, client: Client) -> None:
        self.told(FIRST, "93.4", "1.3")
        self.told(FIRST.next, "95.1", None, stage="so_far")
        page = " ".join(client.get("/report-card/").content.decode().split())
        assert page.count('class="chart"') == 1, "of hours there is one figure"
        assert "<title>2025-Q3: 93.4 % </title>" in page
        assert 'class="bar bar--now bar--open"' in page
        table = page[page.index("figures-table") :]
        assert [table.count(f'<td class="num">{cell} </td>') for cell in ("93.4 %", "95.1 %", "1.3 h", "–")] == [1] * 4
        page = client.get("/report-card/2025-Q3/", headers=CHINESE).content.decode()
        assert "各季度走势" in page

    def test_draws_two_years_and_asks_no_more_for_that(self, client: Client) -> None:
        quarter = FIRST
        for _n in range(10):
            self.told(quarter, "93.4", "1.3")
            quarter = quarter.next
        for address, first, last in (
            ("/report-card/", "2026-Q1", "2027-Q4"),
            ("/report-card/2025-Q3/", "2025-Q3", "2027-Q2"),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                page = client.get(address).content.decode()
            assert len(asked) <= 4
            heads = page[page.index("figures-table") :]
            assert heads.count('<th scope="col" class="num">') == 8
            assert heads.index(last) < heads.index(first)
