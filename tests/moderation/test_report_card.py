"""The platform's report card: each figure by its rule, rows that stay, and the same on page, in file and by API."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Takedown
from creators.models import Creator, Suspension
from moderation import report_card, sla, tasks
from moderation.models import Case, ReportCard, ReportCardFigure
from moderation.quarters import Quarter
from moderation.report_card import NothingToCorrect, NotOfRecord, keeping, reckoning
from moderation.report_card.figures import FIGURES
from payments.models import Order
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.discovery.test_beside import elsewhere
from tests.faults.taken_away import take_away, triggers
from tests.moderation import quarterly
from tests.moderation.quarterly import DAY, HOUR, QUARTER, at
from tests.payments import sales

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 1, tzinfo=UTC)
CHINESE = {"accept-language": "zh-hans"}


def of(
    name: str, as_of: datetime = LATER, currency: str = "", quarter: Quarter = QUARTER
) -> tuple[int, Decimal | None]:
    """(cases, value) of a figure of the quarter."""
    figures = report_card.reckon(quarter, as_of)
    return next((row.cases, row.value) for row in figures if (row.name, row.currency) == (name, currency))


class TestAQuarter:
    def test_is_of_the_calendar_by_utc(self) -> None:
        assert (QUARTER.start, QUARTER.end) == (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
        east = datetime.fromisoformat("2026-07-01T07:59:59+08:00")
        assert Quarter.of(east) == Quarter(2026, 2)
        assert [str(Quarter.of(datetime(2026, month, 1, tzinfo=UTC))) for month in (1, 3, 4, 9, 12)] == [
            "2026-Q1", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4",
        ]  # fmt: skip
        assert (Quarter(2026, 4).next, Quarter(2026, 1).before) == (Quarter(2027, 1), Quarter(2025, 4))
        assert (Quarter(2026, 4).first_month.month, Quarter(2026, 4).last_month.month) == (10, 12)

    @pytest.mark.parametrize(
        "name", ["2026-Q0", "2026-Q5", "2026-q3", "26-Q3", "2026Q3", "2026-Q3 ", "²026-Q3", "", "٢٠٢٦-Q3"]
    )
    def test_is_written_in_one_way(self, name: str) -> None:
        assert Quarter.named(name) is None
        assert Quarter.named("2026-Q3") == QUARTER


class TestReviews:
    def test_count_when_their_time_is_up_decided_or_not(self, ada: User) -> None:
        course = make_course()
        for hours in (47, 48):
            quarterly.submission(course, at(days=3), at(days=3, hours=hours))
        quarterly.submission(course, at(days=3), at(days=3, hours=49))
        quarterly.submission(course, at(days=3))
        quarterly.submission(course, at(days=-1), at(hours=1))
        assert of("reviews_in_time") == (5, Decimal(60))

    def test_of_which_nobody_has_to_wait_any_more_are_left_out(self, ada: User) -> None:
        course = make_course()
        for days in range(5):
            quarterly.submission(course, at(days=days), at(days=days, hours=1))
        quarterly.submission(course, at(days=9), withdrawn_at=at(days=10), withdrawn_by=ada)
        quarterly.submission(course, at(days=-2, seconds=-1))
        quarterly.submission(course, QUARTER.end - 47 * HOUR)
        assert of("reviews_in_time") == (5, Decimal(100))
        quarterly.submission(course, at(days=9), withdrawn_at=at(days=12), withdrawn_by=ada)
        assert of("reviews_in_time") == (6, Decimal("83.3"))


class TestReports:
    def test_count_by_the_day_that_their_rule_gives(self, ada: User) -> None:
        for closed in (at(days=7), at(days=8), at(days=8, seconds=1), None, at(days=1)):
            quarterly.reported(ada, at(days=1), closed)
        quarterly.case(ada, at(days=1), at(days=9), severity=2)
        quarterly.reported(ada, at(days=-8))
        quarterly.reported(ada, QUARTER.end - 7 * DAY)
        assert of("reports_in_time") == (5, Decimal(60))
        for severity, within in sla.CASE_WITHIN.items():
            quarterly.reported(ada, QUARTER.start - within, QUARTER.start, severity)
        assert of("reports_in_time") == (9, Decimal("77.7"))

    def test_that_were_late_stay_so_whatever_is_said_afterwards(self, ada: User) -> None:
        cases = [quarterly.reported(ada, QUARTER.end - 5 * DAY, severity=1) for _n in range(5)]
        due = QUARTER.end + 9 * DAY
        told = {moment: of("reports_in_time", moment, quarter=QUARTER.next) for moment in (due, LATER)}
        assert told == {due: (0, None), LATER: (5, Decimal(0))}
        for case in cases:
            quarterly.report(case, QUARTER.end + 40 * DAY, severity=4)
            case.count_flag(severity=4, reach=0)
        assert Case.objects.filter(due_at__lt=QUARTER.end).count() == 5, "as the queue has it"
        assert {moment: of("reports_in_time", moment, quarter=QUARTER.next) for moment in told} == told
        assert of("reports_in_time") == (0, None)

    def test_wait_from_when_somebody_reported_them_and_not_a_detector(self, ada: User) -> None:
        for days in range(5):
            reports = [(at(days=60), days % 4 + 1)]
            quarterly.case(ada, at(days=-40), at(days=60, hours=1), reports=reports, severity=4)
        assert of("reports_in_time") == (5, Decimal(100))
        assert of("reports_in_time", at(days=59)) == of("reports_in_time", quarter=QUARTER.before) == (0, None)

    def test_have_the_day_that_comes_first_of_several(self, ada: User) -> None:
        for closed in (at(days=3), at(days=4), at(days=4, seconds=1), at(days=14), None):
            quarterly.case(ada, at(days=1), closed, reports=[(at(days=1), 1), (at(days=3), 4), (at(days=3), 2)])
        assert of("reports_in_time") == (5, Decimal(40))


class TestAppeals:
    def test_count_by_their_five_days(self, ada: User) -> None:
        for days in (1, 4, 5, 6, 30):
            made = quarterly.appeal(quarterly.measure(ada, at(days=1)), at(days=2))
            quarterly.answer(made, at(days=2 + days))
        assert of("appeals_in_time") == (5, Decimal(60))

    def test_overturn_decisions_of_the_quarter(self, ada: User) -> None:
        for _n in range(5):
            quarterly.measure(ada, at(days=1))
        late = quarterly.appeal(quarterly.measure(ada, QUARTER.end - HOUR), QUARTER.end + 29 * DAY)
        quarterly.answer(late, QUARTER.end + 33 * DAY, "overturned")
        quarterly.answer(quarterly.appeal(quarterly.measure(ada, at(days=2)), at(days=3)), at(days=4), "upheld")
        quarterly.measure(ada, at(days=3), action="dismiss")
        assert of("decisions_overturned", report_card.final_at(QUARTER)) == (7, Decimal("14.2"))
        assert of("decisions_overturned", QUARTER.end + 30 * DAY) == (7, Decimal(0))


class TestPayouts:
    def test_are_on_time_within_a_day(self, ada: User) -> None:
        creator = make_creator(cast.person("Bea"))
        for sent in (HOUR, DAY, DAY + timedelta(seconds=1), 3 * DAY, None):
            quarterly.payout(creator, at(days=4), sent and at(days=4) + sent)
        quarterly.payout(creator, at(days=4), at(days=9), book="live")
        quarterly.payout(creator, QUARTER.end - HOUR)
        assert of("payouts_on_time") == (5, Decimal(40))
        assert of("payouts_on_time", at(days=4, hours=23)) == (0, None)


class TestRefunds:
    def test_are_told_by_the_time_in_the_middle(self, lin: User) -> None:
        order = sales.sell(sales.creator_named("Bea"))
        for hours in (1, 2, 30, 40):
            quarterly.refund(order, at(days=1), at(days=1, hours=hours))
        assert of("refund_hours") == (4, None)
        quarterly.refund(order, at(days=1))
        assert of("refund_hours") == (5, Decimal(30))
        quarterly.refund(order, at(days=-1), at(days=1))
        quarterly.refund(order, at(days=1), at(days=1), cause="dispute")
        assert of("refund_hours") == (5, Decimal(30))

    def test_that_are_not_back_count_with_what_they_waited(self, lin: User) -> None:
        order = sales.sell(sales.creator_named("Bea"))
        for _n in range(5):
            quarterly.refund(order, at(days=1), at(days=11))
        assert of("refund_hours", at(days=1, hours=5.55)) == (5, Decimal("5.5"))

    def test_of_nothing_are_none(self, lin: User) -> None:
        order = sales.sell(sales.creator_named("Bea"))
        for minor in (1, 0):
            for _n in range(5):
                quarterly.refund(order, at(days=1), at(days=1, hours=9 * minor), minor=minor)
        assert of("refund_hours") == (5, Decimal(9))

    @pytest.fixture
    def orders(self, lin: User) -> list[Order]:
        return [sales.sell(sales.creator_named(name)) for name in ("Pia", "Pat", "Pam", "Pol", "Peg")]

    def test_that_failed_and_were_made_anew_are_one_from_the_first_wish_on(self, orders: list[Order]) -> None:
        for order in orders:
            items = [sales.only_item(order)]
            quarterly.refund(order, at(days=80), at(days=81), has_failed=True, items=items)
            quarterly.refund(order, at(days=82), at(days=83), has_failed=True, items=items)
            quarterly.refund(order, at(days=100), at(days=100, hours=1), items=items)
        assert of("refund_hours") == (5, Decimal(20 * 24 + 1))
        assert of("refund_hours", quarter=QUARTER.next) == (0, None)
        assert of("refund_hours", at(days=90)) == (5, Decimal(10 * 24)), "what comes later has not happened"

    def test_that_failed_wait_as_long_as_nobody_makes_them_anew(self, orders: list[Order]) -> None:
        for order in orders:
            items = [sales.only_item(order)]
            quarterly.refund(order, at(days=2), at(days=3), items=items)
            quarterly.refund(order, at(days=1), at(days=5), has_failed=True, items=items)
            quarterly.refund(order, at(days=4), at(days=5), items=items)
        # What was done before, or asked for before it failed, is another wish.
        assert of("refund_hours", at(days=9)) == (15, Decimal(24))
        assert of("refund_hours", at(days=3, hours=-1)) == (10, Decimal(23))
        quarterly.refund(orders[0], at(days=6), items=[sales.only_item(orders[0])])
        assert of("refund_hours", at(days=9))[0] == 15

    def test_of_several_courses_wait_for_the_last_of_them(self, lin: User) -> None:
        orders = [sales.sell(*map(sales.creator_named, pair)) for pair in ("AB", "CD", "EF", "GH", "IJ")]
        for order in orders:
            first, second = order.items.order_by("pk")
            quarterly.refund(order, at(days=1), at(days=2), has_failed=True, items=[first, second])
            quarterly.refund(order, at(days=3), at(days=4), items=[first])
            quarterly.refund(order, at(days=3), at(days=6), items=[second])
            quarterly.refund(order, at(days=7), at(days=9), items=[first])
        assert of("refund_hours", at(days=5)) == (5, Decimal(4 * 24))
        assert of("refund_hours") == (5, Decimal(5 * 24))

    def test_that_banks_had_done_hide_none_that_is_asked_for(self, orders: list[Order]) -> None:
        for order in orders:
            items = [sales.only_item(order)]
            quarterly.refund(order, at(days=1), at(days=2), "provider", has_failed=True, items=items)
            quarterly.refund(order, at(days=3), at(days=4), has_failed=True, items=items)
            quarterly.refund(order, at(days=5), at(days=5), "provider", items=items)
        assert of("refund_hours") == (5, Decimal(48))


class TestEarnings:
    @pytest.fixture
    def creators(self, lin: User) -> list[Creator]:
        return [quarterly.seller(name, at(days=-30)) for name in ("Pia", "Pat", "Pam", "Pol", "Peg", "Pip")]

    def test_are_of_who_had_a_course_on_sale(self, creators: list[Creator]) -> None:
        for creator in creators[:3]:
            quarterly.income(creator, 5000)
        quarterly.income(creators[3], 0)
        quarterly.income(creators[4], 900, returned_minor=900)
        promoter = make_creator(cast.person("Ron"))
        quarterly.income(promoter, 700, role="promoter")
        quarterly.seller("New", QUARTER.end)
        assert of("creators_earned") == (6, Decimal(50))

    def test_leave_out_who_was_off_the_sale_all_the_time(self, creators: list[Creator], sam: User) -> None:
        course: Any = Course.objects.filter(creator=creators[0]).first()
        down = Takedown.objects.take_down(course=course, by=sam, rule_code="rights", reason="x")
        held = Suspension.objects.suspend(creator=creators[1], by=sam, rule_code="rights", reason="x")
        assert of("creators_earned")[0] == 6
        Takedown.objects.filter(pk=down.pk).update(taken_down_at=at(days=-1))
        Suspension.objects.filter(pk=held.pk).update(suspended_at=at(days=-1))
        assert of("creators_earned")[0] == 4
        Takedown.objects.filter(pk=down.pk).update(lifted_at=QUARTER.end - DAY)
        Suspension.objects.filter(pk=held.pk).update(lifted_at=QUARTER.end)
        assert of("creators_earned")[0] == 5

    def test_have_a_median_that_is_nobody_s_own_in_each_currency(self, creators: list[Creator]) -> None:
        for creator, minor in zip(creators, (123, 4567, 12_345, 99_999, 500_000, 7), strict=True):
            quarterly.income(creator, minor)
        for creator in creators[:4]:
            quarterly.income(creator, 12_345, "JPY")
        assert of("median_earning", currency="USD") == (6, Decimal(4500))
        assert of("median_earning", currency="JPY") == (4, None)
        assert [row.currency for row in report_card.reckon(QUARTER, LATER) if row.name == "median_earning"] == [
            "USD", "JPY",
        ]  # fmt: skip

    def test_fall_evenly_or_not(self, creators: list[Creator]) -> None:
        for creator in creators[:5]:
            quarterly.income(creator, 1000)
        assert of("earnings_gini", currency="USD") == (5, Decimal(0))
        quarterly.income(creators[5], 995_000)
        assert of("earnings_gini", currency="USD") == (6, Decimal("0.828"))

    def test_of_nobody_are_a_figure_without_a_currency(self, db: None) -> None:
        assert of("median_earning") == of("earnings_gini") == (0, None)

    @pytest.mark.parametrize(
        ("amount", "cut"), [(0, 0), (7, 7), (99, 99), (101, 100), (12_345, 12_000), (99_999, 99_000)]
    )
    def test_are_cut_to_two_digits(self, amount: int, cut: int) -> None:
        assert reckoning.two_digits(amount) == cut

    @pytest.mark.parametrize(("part", "whole", "told"), [(999_999, 1_000_000, "99.9"), (1, 1, "100"), (0, 9, "0")])
    def test_shares_are_cut_and_never_rounded_up(self, part: int, whole: int, told: str) -> None:
        assert reckoning.percent(part, whole) == Decimal(told)
        assert reckoning.percent(0, 0) is None


def some_facts(ada: User) -> None:
    """Of the third quarter of 2026, five decisions of which one was overturned; and the first submission of all."""
    quarterly.submission(make_course(), at(days=1), at(days=2))
    for n in range(5):
        measure = quarterly.measure(ada, at(days=20))
        if n == 0:
            quarterly.answer(quarterly.appeal(measure, at(days=30)), at(days=32), "overturned")


class TestKeeping:
    def test_reckons_each_day_what_there_is_so_far_and_once_what_is_final(self, ada: User) -> None:
        some_facts(ada)
        moment = at(days=40)
        assert (report_card.reckon_due(moment), report_card.reckon_due(moment + HOUR)) == (1, 0)
        assert report_card.reckon_due(moment + DAY) == 1
        ends = report_card.final_at(QUARTER)
        assert report_card.reckon_due(ends - timedelta(seconds=1)) == 2
        assert report_card.reckon_due(ends) == 2
        assert report_card.reckon_due(ends + 30 * DAY) == 1
        assert list(ReportCard.objects.of(QUARTER).order_by("id").values_list("stage", flat=True)) == [
            "so_far", "so_far", "so_far", "final",
        ]  # fmt: skip
        card = ReportCard.objects.of_record(QUARTER)
        assert card is not None
        assert card.as_of == ends

    def test_makes_up_for_quarters_of_before(self, ada: User) -> None:
        some_facts(ada)
        assert report_card.reckon_due(datetime(2027, 7, 2, tzinfo=UTC)) == 5
        stages = dict(ReportCard.objects.values_list("quarter_on__month", "stage").filter(quarter_on__year=2027))
        assert stages == {1: "final", 4: "so_far", 7: "so_far"}

    def test_writes_each_card_for_itself(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        some_facts(ada)

        def fail_at_last(quarter: Quarter, as_of: datetime) -> list[ReportCardFigure]:
            if quarter != QUARTER:
                raise RuntimeError("broken")
            return reckoning.reckon(quarter, as_of)

        monkeypatch.setattr(keeping, "reckon", fail_at_last)
        with pytest.raises(RuntimeError, match="broken"):
            report_card.reckon_due(LATER)
        assert ReportCard.objects.get().quarter == QUARTER

    def test_is_done_by_one_worker_at_a_time(self, ada: User) -> None:
        with elsewhere("SELECT pg_advisory_xact_lock(%s)", [keeping._LOCK]):
            assert report_card.reckon_due(LATER) == 0
        assert report_card.reckon_due(LATER) == 1

    def test_comes_out_the_same_again(self, ada: User) -> None:
        some_facts(ada)
        report_card.reckon_due(LATER)
        card: Any = ReportCard.objects.of_record(QUARTER)
        assert report_card.differences(card) == []
        with time_machine.travel(LATER + 400 * DAY):
            assert [row.says for row in report_card.reckon(QUARTER, card.as_of)] == [
                row.says for row in card.figures.all()
            ]

    def test_notices_that_a_row_of_before_was_changed(self, ada: User) -> None:
        some_facts(ada)
        report_card.reckon_due(LATER)
        take_away(triggers("moderation_appealanswer", "moderation_appealanswer_append_only"))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE moderation_appealanswer SET verdict = 'upheld'")
        card: Any = ReportCard.objects.of_record(QUARTER)
        assert report_card.differences(card) == ["decisions_overturned: 20.000 of 5 cases, now 0.0 of 5 cases"]

    def test_corrects_by_another_row_with_its_reason(self, ada: User) -> None:
        some_facts(ada)
        with pytest.raises(NotOfRecord):
            report_card.correct(QUARTER, "x", LATER)
        report_card.reckon_due(LATER)
        with pytest.raises(NothingToCorrect):
            report_card.correct(QUARTER, "x", LATER)
        quarterly.measure(ada, at(days=50))
        card = report_card.correct(QUARTER, "One was noted late", LATER)
        assert (card.stage, card.reason) == ("corrected", "One was noted late")
        assert ReportCard.objects.of_record(QUARTER) == card
        assert report_card.reckon_due(LATER + DAY) == 1
        assert report_card.differences(card) == []

    def test_over_the_command(self, ada: User) -> None:
        some_facts(ada)
        with pytest.raises(CommandError, match="no final report card"):
            call_command("report_card", "2026-Q3")
        report_card.reckon_due(LATER)
        said = io.StringIO()
        call_command("report_card", "2026-Q3", stdout=said)
        assert said.getvalue() == "2026-Q3: as it was told\n"
        with pytest.raises(CommandError, match="what they were"):
            call_command("report_card", "2026-Q3", correct="x")
        quarterly.measure(ada, at(days=50))
        call_command("report_card", "2026-Q3", correct="One was noted late", stdout=said)
        assert ReportCard.objects.filter(stage="corrected").count() == 1


class TestTheTables:
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    @pytest.mark.parametrize("table", ["moderation_reportcard", "moderation_reportcardfigure"])
    def test_keep_what_was_told(self, ada: User, table: str, statement: str) -> None:
        report_card.reckon_due(LATER)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; " + statement.format(table))

    def test_would_change_without_their_triggers(self, ada: User) -> None:
        report_card.reckon_due(LATER)
        take_away(triggers("moderation_reportcard", "moderation_reportcard_append_only"))
        assert ReportCard.objects.update(stage="so_far")

    def test_refuse_a_value_of_few_and_what_is_no_quarter(self, db: None) -> None:
        card = ReportCard.objects.write(QUARTER, "so_far", LATER, [])
        for facts in ({"cases": 4, "value": Decimal(1)}, {"cases": 5, "value": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ReportCardFigure.objects.create(card=card, name="x", **facts)
        for more in (
            {"quarter_on": "2026-07-02"}, {"quarter_on": "2026-08-01"}, {"stage": "corrected"}, {"reason": "x"},
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                ReportCard.objects.create(**{"quarter_on": "2026-07-01", "stage": "so_far", "as_of": LATER, **more})

    def test_have_one_final_card_a_quarter(self, db: None) -> None:
        ReportCard.objects.write(QUARTER, "final", LATER, [])
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportCard.objects.write(QUARTER, "final", LATER, [])


class TestThePage:
    @pytest.fixture
    def told(self, ada: User) -> None:
        some_facts(ada)
        with time_machine.travel(LATER):
            tasks.reckon_report_card()

    def test_says_when_there_is_nothing_yet(self, db: None, client: Client) -> None:
        page = client.get(reverse("report_card:newest"))
        assert page.status_code == 200
        assert "The first figures come within an hour" in page.content.decode()
        assert client.get("/api/v1/report-card/").json() == []

    def test_shows_the_present_quarter_so_far_and_others_by_address(self, told: None, client: Client) -> None:
        page = client.get("/report-card/").content.decode()
        assert "So far" in page
        assert "and for good on Feb. 5, 2027" in page
        assert 'href="/report-card/2026-Q3/"' in page
        page = client.get("/report-card/2026-Q3/").content.decode()
        assert "Final" in page
        assert "20.0 %" in page
        assert "5 cases" in page
        assert "fewer than 5 cases: not told" in page
        for figure in FIGURES.values():
            assert str(figure.title) in page

    def test_names_currencies_with_few_cases_together(self, db: None, client: Client) -> None:
        few = [ReportCardFigure.draft("median_earning", 2, Decimal(9), currency) for currency in ("EUR", "JPY")]
        ReportCard.objects.write(QUARTER, "final", LATER, few)
        page = client.get("/report-card/").content.decode()
        assert "EUR, JPY · fewer than 5 cases: not told" in page
        assert "Payouts on time" not in page, "of which this card says nothing"

    def test_stands_a_figure_beside_the_one_before(self, told: None, client: Client) -> None:
        page = client.get("/report-card/").content.decode()
        assert "2026-Q3: 20.0 %" in page

    @pytest.mark.parametrize("quarter", ["2026-Q5", "2026-Q2", "2027-Q1", "2026-q3", "nonsense", "9999-Q4"])
    def test_of_no_such_quarter_is_not_there(self, told: None, client: Client, quarter: str) -> None:
        page = client.get(f"/report-card/{quarter}/")
        assert page.status_code == 404
        assert "There is nothing at this address" in page.content.decode()
        assert client.get(f"/api/v1/report-card/{quarter}/").status_code == 404

    def test_says_what_was_corrected(self, told: None, ada: User, client: Client) -> None:
        quarterly.measure(ada, at(days=50))
        report_card.correct(QUARTER, "=One was <late>", LATER)
        page = client.get("/report-card/2026-Q3/").content.decode()
        assert "Corrected on" in page
        assert "=One was &lt;late&gt;" in page
        assert "16.6 %" in page
        rows = list(csv.DictReader(io.StringIO(client.get("/report-card/figures.csv").content.decode())))
        assert {row["stage"] for row in rows if row["quarter"] == "2026-Q3"} == {"final", "corrected"}
        assert {row["reason"] for row in rows} == {"", "'=One was <late>"}

    def test_has_twins_as_a_file_and_over_the_api(self, told: None, client: Client) -> None:
        answer = client.get(reverse("report_card:figures_csv"))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        cards = client.get("/api/v1/report-card/").json()
        flat = [
            {**figure, "quarter": card["quarter"], "stage": card["stage"]}
            for card in cards
            for figure in card["figures"]
        ]
        assert len(rows) == len(flat) == 2 * len(FIGURES)
        for row, figure in zip(rows, flat, strict=True):
            for name in ("quarter", "stage", "head", "figure", "currency", "unit", "value", "method"):
                assert row[name] == figure[name]
            assert row["cases"] == ("" if figure["cases"] is None else str(figure["cases"]))
            assert row["is_withheld"] == str(figure["is_withheld"]).lower()
        one = client.get("/api/v1/report-card/2026-Q3/").json()
        assert one == cards[1]
        by_name = {figure["figure"]: figure for figure in one["figures"]}
        told = {name: by_name["decisions_overturned"][name] for name in ("cases", "value", "unit", "is_withheld")}
        assert told == {"cases": 5, "value": "20", "unit": "percent", "is_withheld": False}
        few = {name: by_name["appeals_in_time"][name] for name in ("cases", "value", "is_withheld")}
        assert few == {"cases": None, "value": "", "is_withheld": True}

    def test_reckons_nothing_and_asks_little(self, told: None, client: Client) -> None:
        client.get("/report-card/2026-Q3/")
        for address, most in (
            ("/report-card/2026-Q3/", 4),
            ("/report-card/figures.csv", 2),
            ("/api/v1/report-card/", 2),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= most
            assert not [one for one in asked if "moderation_measure" in one["sql"] or "payments_" in one["sql"]]

    def test_speaks_chinese(self, told: None, client: Client) -> None:
        page = client.get("/report-card/2026-Q3/", headers=CHINESE).content.decode()
        for words in ("成绩单", "高效连接", "可持续的商业模式", "合理的资源配置", "按时付款", "少于 5 例"):
            assert words in page
        assert "20.0 %" in page
        assert "Of all" not in page

    def test_is_found_from_foot_and_from_beside_it(self, told: None, client: Client) -> None:
        for address in ("/courses/", "/exposure/", "/rules/log/"):
            assert 'href="/report-card/"' in client.get(address).content.decode()
