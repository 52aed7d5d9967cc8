"""Several devices: what one held back while others were settled is believed when it comes, under the same bound."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course, Lesson
from learners import bound, evidence, intervals
from learners.bound import Meter, Spent
from learners.models import WatchMeter
from learners.report_tokens import Ticket
from learners.reports import Received, Report
from tests.courses.factories import make_course
from tests.faults.taken_away import taken_away
from tests.learners.factories import enroll
from tests.learners.test_evidence import AT_REPORTS
from tests.payments.crowd import at_once

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
REPORT_S = 15
Spend = Callable[..., Spent]


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


# Claims of anybody, against a model that marks each whole second of wall time once.


def by_the_second(claims: list[tuple[int, int, int]]) -> list[int]:
    """What each claim (seconds that pass, age of its session, seconds claimed) gets, at simple speed."""
    spent: set[int] = set()
    now, got = 0, []
    for pause, age, claimed in claims:
        now += pause
        free = [second for second in range(now - age, now + 1) if second not in spent][:claimed]
        spent.update(free)
        got.append(len(free))
    return got


claims = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 200), st.integers(0, 120)), max_size=25)


@given(claims)
def test_each_moment_is_spent_once_the_earliest_first(series: list[tuple[int, int, int]]) -> None:
    now, meter, got = START, Meter(), []
    for pause, age, claimed in series:
        now += timedelta(seconds=pause)
        spent = bound.spend(claimed, speed=1.0, meter=meter, started_at=now - timedelta(seconds=age), now=now)
        meter = spent.meter
        got.append(spent.accepted_s)
        assert intervals.merged(meter.gaps) == meter.gaps  # type: ignore[arg-type, comparison-overlap]
        assert all(end <= meter.spent_until for _start, end in meter.gaps)
    assert got == by_the_second(series)


@given(
    st.lists(
        st.tuples(st.floats(0, 30), st.floats(0, 400), st.integers(0, 100_000), st.floats(allow_nan=True)), max_size=40
    )
)
def test_however_it_is_sent_the_credit_stays_under_wall_time_times_speed(series: list) -> None:
    now, first, meter, total = START, START, Meter(), 0
    for pause, age, claimed, speed in series:
        now += timedelta(seconds=pause)
        started_at = now - timedelta(seconds=age)
        first = min(first, started_at)
        spent = bound.spend(claimed, speed=speed, meter=meter, started_at=started_at, now=now)
        total, meter = total + spent.accepted_s, spent.meter
        assert total <= bound.FASTEST * (now - first + bound.GRACE).total_seconds()


# Somebody who watches on one device after the other, some of them offline now and then.


@dataclass
class Device:
    """A page that was opened at a moment, and what it played since. `told`: what the server believed of it."""

    opened: float
    played: float = 0.0
    told: int = 0
    held_back: bool = False


@dataclass
class Evening:
    """Turns of (device, seconds watched, seconds of pause after it, whether the device's line is cut)."""

    spend: Spend = bound.spend
    meter: Meter = Meter()
    clock: float = 0.0
    devices: dict[int, Device] = field(default_factory=dict)

    def turn(self, number: int, watched: float, pause: float, is_cut: bool) -> None:
        device = self.devices.setdefault(number, Device(self.clock))
        left = watched
        while left > 0:
            step = min(left, REPORT_S)
            self.clock, device.played, left = self.clock + step, device.played + step, left - step
            device.held_back = is_cut
            if not is_cut:
                self.report(device)
        self.clock += pause

    def report(self, device: Device) -> None:
        claimed = round(device.played) - device.told
        opened = at(device.opened)
        spent = self.spend(claimed, speed=1.0, meter=self.meter, started_at=opened, now=at(self.clock))
        self.meter, device.told = spent.meter, device.told + spent.accepted_s

    def end(self, order: Callable[[list[Device]], list[Device]] = list) -> float:
        """All lines are back; what was held back is told in some order. How many watched seconds were lost."""
        for device in order([one for one in self.devices.values() if one.held_back]):
            self.report(device)
        return sum(one.played - one.told for one in self.devices.values())


def lasting(seconds: Any) -> Any:
    turn = st.tuples(st.integers(0, 3), seconds, seconds, st.booleans())
    return st.lists(turn, max_size=40)


@given(lasting(st.integers(0, 600)), st.randoms())
def test_who_takes_turns_with_her_devices_loses_nothing(turns: list, dice: Any) -> None:
    evening = Evening()
    for turn in turns:
        evening.turn(*turn)
    assert evening.end(lambda held: dice.sample(held, len(held))) == 0


@given(lasting(st.floats(0, 300)), st.randoms())
def test_parts_of_seconds_cost_her_less_than_a_report(turns: list, dice: Any) -> None:
    evening = Evening()
    for turn in turns:
        evening.turn(*turn)
    assert evening.end(lambda held: dice.sample(held, len(held))) <= REPORT_S


def mark_alone(claimed_s: int, **told: Any) -> Spent:
    """The meter of before: what its mark has passed is gone."""
    meter = Meter(told.pop("meter").spent_until)
    return bound.spend(claimed_s, meter=meter, **told)


FLIGHT = [(0, 600, 60, True), (1, 900, 0, False)]


def test_ten_minutes_on_a_phone_without_a_line_are_kept_and_a_mark_alone_would_lose_them() -> None:
    """With its control: the meter without gaps loses forty reports of the same evening."""
    kept, lost = Evening(), Evening(mark_alone)
    for turn in FLIGHT:
        kept.turn(*turn)
        lost.turn(*turn)
    assert kept.end() == 0
    assert lost.end() == 600 - bound.GRACE.total_seconds()


def test_of_very_many_gaps_the_longest_are_kept() -> None:
    meter = Meter()
    opened = 0
    for number in range(bound.MOST_GAPS + 20):
        opened += 100 + number
        meter = bound.spend(90, speed=1.0, meter=meter, started_at=at(opened), now=at(opened + 90)).meter
    pauses = [(end - start).total_seconds() for start, end in meter.gaps[1:]]
    assert len(meter.gaps) == bound.MOST_GAPS
    assert pauses == [10 + number for number in range(21, bound.MOST_GAPS + 20)]


def test_what_no_token_reaches_any_more_is_forgotten() -> None:
    meter = bound.spend(10, speed=1.0, meter=Meter(), started_at=at(0), now=at(10)).meter
    later = at(10) + bound.REMEMBERED * 2
    meter = bound.spend(10, speed=1.0, meter=meter, started_at=later - timedelta(seconds=10), now=later).meter
    assert meter.gaps == ((later - bound.REMEMBERED, later - timedelta(seconds=10)),)


# In the database.


@pytest.fixture
def lesson(ada: User, lin: User) -> Lesson:
    course: Course = make_course(lessons=1)
    enroll(lin, course)
    return course.live_lessons().select_related("version", "video")[0]


def tell(learner: User, lesson: Lesson, until: int, *, opened: float, heard: float) -> int:
    """The first `until` seconds of the film, by a page of her own that was opened at that second of the evening."""
    film = lesson.video
    said = (uuid.uuid4().hex, learner.pk, lesson.version.course_id, lesson.key.hex, film.asset.hex, 30)
    report = Report(Ticket(*said, round(at(opened).timestamp() * 1000)), ((0, until),), until, 1.0)
    standing = evidence.merge([Received(report, at(heard))])[0]
    assert isinstance(standing, evidence.Standing)
    return standing.accepted_s


@pytest.mark.django_db
def test_a_phone_that_was_offline_is_heard_after_the_laptop(lin: User, lesson: Lesson) -> None:
    assert tell(lin, lesson, 28, opened=300, heard=330) == 28
    assert tell(lin, lesson, 30, opened=0, heard=330) == 30
    assert tell(lin, lesson, 30, opened=300, heard=330) == 3


@pytest.mark.django_db
def test_a_meter_of_before_gives_back_nothing_that_its_mark_has_passed(lin: User, lesson: Lesson) -> None:
    """A row as the migration finds it: without gaps, however early the session began."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO learners_watchmeter (learner_id, spent_until) VALUES (%s, %s)", [lin.pk, at(296)])
    assert WatchMeter.objects.get(learner=lin).gaps == ()
    assert tell(lin, lesson, 30, opened=0, heard=300) == 5


def spent_meter(learner: User) -> WatchMeter:
    return WatchMeter.objects.create(learner=learner, spent_until=at(300), gaps=((at(100), at(110)),))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"spent_until": None, "gaps": ()},
        {"spent_until": at(299)},
        {"gaps": ((at(100), at(111)),)},
        {"spent_until": at(310), "gaps": ((at(299), at(310)),)},
    ],
)
def test_the_database_gives_no_spent_time_back(lin: User, change: dict[str, Any]) -> None:
    meter = WatchMeter.objects.filter(pk=spent_meter(lin).pk)
    with pytest.raises(IntegrityError, match="cannot be given back"), transaction.atomic():
        meter.update(**change)
    meter.update(spent_until=at(310), gaps=((at(100), at(105)), (at(300), at(310))))


@pytest.mark.django_db
def test_no_gap_lies_behind_the_mark(lin: User) -> None:
    with pytest.raises(IntegrityError, match="gaps_lie_before_the_mark"), transaction.atomic():
        WatchMeter.objects.create(learner=lin, spent_until=at(0), gaps=((at(0), at(9)),))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_devices_that_come_at_once_share_one_gap(lin: User, lesson: Lesson, is_locked: bool) -> None:
    """The negative control: without the lock on the meter each of them finds the same ten seconds unspent."""
    spent_meter(lin)

    def report(device: int) -> int:
        return tell(lin, lesson, 20, opened=50, heard=300)

    with taken_away(AT_REPORTS):
        accepted = at_once(report, 6, without_locks=not is_locked)
    assert sum(accepted) == (11 if is_locked else 6 * 11)
