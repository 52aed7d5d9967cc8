"""A weekly goal: weeks of the learner's own zone, streaks, and silence where there is none."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import evidence, goal
from learners.models import PastGoal, WatchReport, WatchSession, WeeklyGoal
from learners.report_tokens import Ticket
from learners.reports import Received, Report
from learners.tasks import keep_weeks
from tests import cast
from tests.courses.factories import make_course
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import lingering, taken_away
from tests.learners.factories import enroll
from tests.payments.crowd import at_once

# A Wednesday.
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
THIS = date(2026, 11, 23)


def report(learner: User, course: Course, at: datetime, seconds: int) -> None:
    session = WatchSession.objects.create(
        id=uuid4(), learner=learner, course=course, lesson_key=uuid4(), asset=uuid4(), length_s=9000, started_at=at,
        reported_at=at,
    )  # fmt: skip
    WatchReport.objects.create(
        session=session, received_at=at, claimed_s=seconds, accepted_s=seconds, accepted=((0, seconds),),
        spent_s=seconds, speed=1, position_s=0,
    )  # fmt: skip


def late_report(learner: User, course: Course, at: datetime, seconds: int) -> Received:
    """Came in at that time, and is settled now."""
    started_ms = round((at.timestamp() - seconds) * 1000)
    ticket = Ticket(uuid4().hex, learner.pk, course.pk, uuid4().hex, uuid4().hex, 9000, started_ms)
    return Received(Report(ticket, ((0, seconds),), 0.0, 1.0), at)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.mark.django_db
class TestWeek:
    def test_without_a_goal_there_is_none(self, lin: User) -> None:
        assert goal.of(lin, NOW) is None

    def test_what_was_believed_since_monday_counts(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        report(lin, course, datetime(2026, 11, 22, 23, 59, tzinfo=UTC), 5000)
        report(lin, course, datetime(2026, 11, 23, 0, 1, tzinfo=UTC), 400)
        report(lin, course, NOW, 199)
        week = goal.of(lin, NOW)
        assert (week.seconds, week.minutes, week.is_reached, week.streak) == (599, 9, False, 1)
        report(lin, course, NOW, 1)
        week = goal.of(lin, NOW)
        assert (week.is_reached, week.streak) == (True, 2)

    @pytest.mark.parametrize(
        ("zone", "seconds"),
        [("UTC", 0), ("Asia/Shanghai", 700), ("America/Los_Angeles", 0), ("Pacific/Kiritimati", 700)],
    )
    def test_monday_begins_where_the_learner_is(self, lin: User, course: Course, zone: str, seconds: int) -> None:
        """Sunday 17:00 UTC is Monday 01:00 in Shanghai."""
        lin.time_zone = zone
        WeeklyGoal.objects.put(lin, 10)
        report(lin, course, datetime(2026, 11, 22, 17, 0, tzinfo=UTC), 700)
        assert goal.of(lin, NOW).seconds == seconds

    def test_a_week_with_a_clock_change_is_whole(self, lin: User, course: Course) -> None:
        """New York put its clocks back on Sunday, 1 November 2026: that week had 169 hours."""
        lin.time_zone = "America/New_York"
        WeeklyGoal.objects.put(lin, 10)
        report(lin, course, datetime(2026, 10, 26, 4, 0, tzinfo=UTC), 300)  # Monday 00:00 in summer time
        report(lin, course, datetime(2026, 11, 2, 4, 59, tzinfo=UTC), 300)  # Sunday 23:59 in winter time
        week = goal.of(lin, datetime(2026, 11, 4, 12, 0, tzinfo=UTC))
        assert (week.seconds, week.streak) == (0, 1)

    def test_nobody_else_s_watching_counts_and_a_year_costs_three_questions(
        self, lin: User, cole: User, course: Course
    ) -> None:
        WeeklyGoal.objects.put(lin, 10)
        report(cole, course, NOW, 5000)
        for week in range(60):
            report(lin, course, NOW - week * timedelta(days=7), 600)
        with CaptureQueriesContext(connection) as asked:
            found = goal.of(lin, NOW)
        assert len(asked) == 3
        assert (found.seconds, found.streak) == (600, 54)

    def test_a_new_goal_judges_no_week_that_is_over(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        WeeklyGoal.objects.update(set_at=NOW - 9 * goal.WEEK)
        for week in range(10):
            report(lin, course, NOW - week * goal.WEEK, 600 if week else 1200)
        with time_machine.travel(NOW, tick=False):
            WeeklyGoal.objects.put(lin, 30)
            WeeklyGoal.objects.put(lin, 40)  # what stood for a moment was a try
            WeeklyGoal.objects.put(lin, 20)
        assert goal.of(lin, NOW).streak == 10
        assert [past.minutes for past in PastGoal.objects.all()] == [10]
        # Two weeks later the week before was reached by the new goal, the last one by neither.
        report(lin, course, NOW + goal.WEEK, 600)
        assert goal.of(lin, NOW + 2 * goal.WEEK).streak == 0
        report(lin, course, NOW + goal.WEEK, 600)
        assert goal.of(lin, NOW + 2 * goal.WEEK).streak == 11

    def test_weeks_that_are_over_are_kept_and_the_log_is_read_for_the_others(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        for week in range(60):
            report(lin, course, NOW - week * goal.WEEK, 600 + week)
        before = goal.of(lin, NOW)
        assert goal.keep_due(NOW) == 1
        assert goal.keep_due(NOW + timedelta(days=1)) == 0
        kept = WeeklyGoal.objects.get()
        assert (kept.kept_until, len(kept.kept_s), kept.kept_s[:2]) == (THIS, goal.WEEKS_READ, [601, 602])
        WatchSession.objects.filter(reported_at__lt=NOW - timedelta(days=3)).update(reported_at=None)  # the log is gone
        assert goal.of(lin, NOW) == before
        later = NOW + goal.WEEK
        report(lin, course, later, 700)
        assert (goal.of(lin, later).seconds, goal.of(lin, later).streak) == (700, 54)
        assert goal.keep_due(later) == 1
        kept.refresh_from_db()
        assert kept.kept_s[:3] == [600, 601, 602]
        assert goal.of(lin, later).streak == 54

    def test_a_week_is_kept_two_days_after_it_is_over_where_she_is(self, lin: User, course: Course) -> None:
        User.objects.filter(pk=lin.pk).update(time_zone="Asia/Shanghai")
        WeeklyGoal.objects.put(lin, 10)
        report(lin, course, datetime(2026, 11, 22, 15, 59, tzinfo=UTC), 700)  # Sunday 23:59
        goal.keep_due(datetime(2026, 11, 24, 15, 59, tzinfo=UTC))
        assert WeeklyGoal.objects.get().kept_until == THIS - goal.WEEK
        goal.keep_due(datetime(2026, 11, 24, 16, 1, tzinfo=UTC))
        kept = WeeklyGoal.objects.get()
        assert (kept.kept_until, kept.kept_s[0]) == (THIS, 700)

    def test_days_of_another_zone_are_reckoned_anew(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        report(lin, course, datetime(2026, 11, 22, 17, 0, tzinfo=UTC), 700)  # Sunday here, Monday in Shanghai
        goal.keep_due(NOW)
        assert goal.of(lin, NOW).seconds == 0
        User.objects.filter(pk=lin.pk).update(time_zone="Asia/Shanghai")
        lin.refresh_from_db()
        assert goal.of(lin, NOW).seconds == 700
        assert goal.keep_due(NOW) == 1
        assert WeeklyGoal.objects.get().kept_zone == "Asia/Shanghai"
        assert goal.of(lin, NOW).seconds == 700

    def test_a_report_that_is_settled_after_its_week_was_kept_has_the_week_reckoned_anew(
        self, lin: User, cole: User, course: Course
    ) -> None:
        """The merger stood still for days; what came in meanwhile counts when it came in."""
        now = timezone.now()
        this = goal.monday(now.date())
        for person in (lin, cole):
            WeeklyGoal.objects.put(person, 10)
            enroll(person, course)
            for week in range(4):
                report(person, course, now - week * goal.WEEK, 700 if week != 2 else 400)
        assert goal.keep_due(now + timedelta(days=2)) == 2
        assert goal.of(lin, now).streak == 2
        evidence.merge([late_report(lin, course, now - 2 * goal.WEEK, 300)])
        mine, his = WeeklyGoal.objects.get(learner=lin), WeeklyGoal.objects.get(learner=cole)
        assert mine.kept_until == this - 2 * goal.WEEK
        assert his.kept_until >= this
        assert mine.kept_s == his.kept_s[(his.kept_until - mine.kept_until).days // 7 :]
        assert (goal.of(lin, now).streak, goal.of(cole, now).streak) == (4, 2)
        assert goal.keep_due(now + timedelta(days=2)) == 1
        mine.refresh_from_db()
        assert mine.kept_until == his.kept_until
        assert 700 in mine.kept_s[:3]
        assert goal.of(lin, now).streak == 4

    def test_what_is_settled_in_time_undoes_nothing(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        enroll(lin, course)
        goal.keep_due(timezone.now())
        before = WeeklyGoal.objects.get().kept_until
        with CaptureQueriesContext(connection) as asked:
            evidence.merge([late_report(lin, course, timezone.now(), 300)])
        assert WeeklyGoal.objects.get().kept_until == before
        assert not [query for query in asked if "weeklygoal" in query["sql"]]

    def test_the_bell_keeps_and_what_was_taken_away_meanwhile_stays_away(self, lin: User, course: Course) -> None:
        WeeklyGoal.objects.put(lin, 10)
        assert keep_weeks() == 1
        held = WeeklyGoal.objects.get()
        WeeklyGoal.objects.all().delete()
        held.keep("UTC", THIS, [])
        assert not WeeklyGoal.objects.exists()

    def test_a_zone_that_is_none_counts_as_utc(self, lin: User) -> None:
        lin.time_zone = "Mars/Olympus"
        assert goal.zone_of(lin).key == "UTC"

    @pytest.mark.parametrize("minutes", [9, 3001, -1])
    def test_a_goal_is_something_one_can_do(self, lin: User, minutes: int) -> None:
        with pytest.raises(ValidationError):
            WeeklyGoal.objects.put(lin, minutes)

    def test_the_library_is_silent_until_she_sets_one_and_after_she_takes_it_away(self, lin: User) -> None:
        client, page = Client(), reverse("learners:weekly_goal")
        client.force_login(lin)
        assert "minutes of film</span>" not in client.get("/library/").content.decode()
        assert client.post(page, {"minutes": "x"}).status_code == 422
        client.post(page, {"minutes": "90"})
        assert "0 of 90 minutes of film" in client.get("/library/").content.decode()
        client.post(page, {"remove": "1"})
        assert "0 of 90 minutes" not in client.get("/library/").content.decode()

    def test_the_api_sets_shows_and_removes_it(self, lin: User) -> None:
        api, address = APIClient(), reverse("api-goal")
        api.force_authenticate(lin)
        assert api.get(address).status_code == 204
        assert api.put(address, {"minutes": 60}).json() == {
            "goal_minutes": 60, "seconds": 0, "is_reached": False, "streak": 0
        }  # fmt: skip
        assert api.put(address, {"minutes": 5}).status_code == 400
        assert api.delete(address).status_code == 204
        assert api.get(address).status_code == 204


def settle_and_keep(*, without_locks: bool = False) -> int:
    """A late report is settled, and before that is seen the bell keeps its week; what the page says of it then."""
    lin = cast.lin()
    course = make_course()
    enroll(lin, course)
    WeeklyGoal.objects.put(lin, 10)
    now = timezone.now()
    said = late_report(lin, course, now - 2 * goal.WEEK, 700)

    def act(number: int) -> None:
        if number:
            wait_for_somebody_inside()
            goal.keep_due(now)
        else:
            evidence.merge([said])

    at_once(act, 2, without_locks=without_locks)
    return sum(WeeklyGoal.objects.get().kept_s)


@pytest.mark.django_db(transaction=True)
def test_a_week_is_not_kept_beside_a_late_report_that_is_just_being_settled() -> None:
    with taken_away(lingering("learners_watchreport")):
        assert settle_and_keep() == 700


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_is_kept_without_that_report() -> None:
    """The negative control."""
    with taken_away(lingering("learners_watchreport")):
        assert settle_and_keep(without_locks=True) == 0


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 900), max_size=30))
def test_a_streak_is_the_longest_run_of_reached_weeks_up_to_now(by_age: dict[int, int]) -> None:
    weeks = {THIS - age * goal.WEEK: seconds for age, seconds in by_age.items()}
    reached = [by_age.get(age, 0) >= 600 for age in range(32)]
    run = reached[1:].index(False)
    assert goal.streak(weeks, THIS, lambda _week: 600) == run + reached[0]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_day_belongs_to_the_monday_before_it(day: date) -> None:
    found = goal.monday(day)
    assert found.weekday() == 0
    assert timedelta(0) <= day - found < goal.WEEK
