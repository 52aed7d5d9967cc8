"""A weekly goal: weeks of the learner's own zone, streaks, and silence where there is none."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import goal
from learners.models import WatchReport, WatchSession, WeeklyGoal
from tests.courses.factories import make_course

# A Wednesday.
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
THIS = date(2026, 11, 23)


def report(learner: User, course: Course, at: datetime, seconds: int) -> None:
    session = WatchSession.objects.create(
        id=uuid4(), learner=learner, course=course, lesson_key=uuid4(), asset=uuid4(), length_s=9000, started_at=at
    )
    WatchReport.objects.create(
        session=session, received_at=at, claimed_s=seconds, accepted_s=seconds, accepted=((0, seconds),),
        spent_s=seconds, speed=1, position_s=0,
    )  # fmt: skip


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

    def test_nobody_else_s_watching_counts_and_a_year_costs_two_questions(
        self, lin: User, cole: User, course: Course
    ) -> None:
        WeeklyGoal.objects.put(lin, 10)
        report(cole, course, NOW, 5000)
        for week in range(60):
            report(lin, course, NOW - week * timedelta(days=7), 600)
        with CaptureQueriesContext(connection) as asked:
            found = goal.of(lin, NOW)
        assert len(asked) == 2
        assert (found.seconds, found.streak) == (600, 54)

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
        assert "minutes</span>" not in client.get("/library/").content.decode()
        assert client.post(page, {"minutes": "x"}).status_code == 422
        client.post(page, {"minutes": "90"})
        assert "0 of 90 minutes" in client.get("/library/").content.decode()
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


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 900), max_size=30))
def test_a_streak_is_the_longest_run_of_reached_weeks_up_to_now(by_age: dict[int, int]) -> None:
    weeks = {THIS - age * goal.WEEK: seconds for age, seconds in by_age.items()}
    reached = [by_age.get(age, 0) >= 600 for age in range(32)]
    run = reached[1:].index(False)
    assert goal.streak(weeks, THIS, 600) == run + reached[0]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_day_belongs_to_the_monday_before_it(day: date) -> None:
    found = goal.monday(day)
    assert found.weekday() == 0
    assert timedelta(0) <= day - found < goal.WEEK
