"""How far a learner is in her week, and how many weeks in a row she has reached her goal.

Weeks begin on Monday, midnight, where she is: days come from her own time zone, so a week with a clock change has 167
or 169 hours. What counts is the film's seconds as they were believed. The week that runs cannot break a streak, and a
goal that is set anew judges no week that was over before.

Weeks that are over are kept with the goal, by a bell: a page reads the log for the week that runs, and for a day or two
the one before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from marketplace.lib import sweeps

from .models import WatchReport, WeeklyGoal

# No streak is told beyond a year: nothing older is read.
WEEKS_READ = 53
WEEK = timedelta(days=7)
# By then what came in during a week is settled. What was not, after a longer trouble, has its week kept again.
KEPT_AFTER = timedelta(days=2)
# Whatever is settled later than this is looked at: it may belong to a week that is kept.
LATE = timedelta(days=1)
FURTHEST_EAST = timedelta(hours=14)


@dataclass(frozen=True)
class Week:
    """The week that runs, and the weeks before it that reached the goal without a gap (this one too, once it has)."""

    goal_minutes: int
    seconds: int
    streak: int

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    @property
    def is_reached(self) -> bool:
        return self.seconds >= self.goal_minutes * 60


def of(learner: Any, now: datetime | None = None) -> Week | None:
    """None for who has set no goal, by one query; three otherwise."""
    goal = WeeklyGoal.objects.filter(learner_id=learner.pk).prefetch_related("past").first()
    if goal is None:
        return None
    zone = zone_of(learner)
    this = monday((now or timezone.now()).astimezone(zone).date())
    kept, since = _kept(goal, zone, this - WEEKS_READ * WEEK)
    by_week = kept | by_weeks(_by_day(goal.learner_id, zone, since))

    def needed_s(week: date) -> int:
        over_at = _midnight(week + WEEK, zone)
        return 60 * next((past.minutes for past in goal.past.all() if past.ended_at >= over_at), goal.minutes)

    return Week(goal.minutes, by_week.get(this, 0), streak(by_week, this, needed_s))


def streak(by_week: Mapping[date, int], this: date, needed_s: Callable[[date], int]) -> int:
    """Weeks in a row up to the one that begins on `this`, which counts once it has reached what it needed."""
    count = int(by_week.get(this, 0) >= needed_s(this))
    week = this - WEEK
    while by_week.get(week, 0) >= needed_s(week):
        count, week = count + 1, week - WEEK
    return count


def keep_due(now: datetime, most: int = 20_000) -> int:
    """Keep the weeks that are over, of everybody who has a goal. Returns for how many that was new."""
    latest = monday((now - KEPT_AFTER + FURTHEST_EAST).date())
    goals = WeeklyGoal.objects.to_be_kept(latest)[:most]
    return sum(sweeps.each("weeks", goals, lambda goal: _keep(goal, now)))


def reckon_anew(settled: Sequence[tuple[int, datetime]], now: datetime) -> None:
    """Of reports that were just settled, by learner and when they came in: what came too late for a kept week undoes
    the keeping from that week on. The bell does it again, and until then the page reads the log.

    In the transaction that settles them. Who keeps a week holds its goal while it reads the log: it has read these
    reports, or is undone here.
    """
    since: dict[int, datetime] = {}
    for learner_id, received_at in settled:
        if received_at < now - LATE:
            since[learner_id] = min(received_at, since.get(learner_id, received_at))
    for goal in WeeklyGoal.objects.hold_all(since) if since else ():
        if goal.kept_until is not None:
            goal.keep_until(monday(since[goal.learner_id].astimezone(ZoneInfo(goal.kept_zone)).date()))


@transaction.atomic
def _keep(waiting: WeeklyGoal, now: datetime) -> bool:
    goal = WeeklyGoal.objects.hold(waiting.pk)
    if goal is None:
        return False
    zone = zone_of(goal.learner)
    until = monday((now - KEPT_AFTER).astimezone(zone).date())
    if (goal.kept_zone, goal.kept_until) == (zone.key, until):
        return False
    kept, since = _kept(goal, zone, until - WEEKS_READ * WEEK)
    by_week = kept | by_weeks(_by_day(goal.learner_id, zone, since, until))
    goal.keep(zone.key, until, [by_week.get(until - age * WEEK, 0) for age in range(1, WEEKS_READ + 1)])
    return True


def _kept(goal: WeeklyGoal, zone: ZoneInfo, first: date) -> tuple[dict[date, int], date]:
    """The weeks that are kept, from `first` on, and where the log is to be read from: days of another zone are none."""
    if goal.kept_until is None or goal.kept_zone != zone.key or goal.kept_until <= first:
        return {}, first
    weeks = {goal.kept_until - (age + 1) * WEEK: seconds for age, seconds in enumerate(goal.kept_s or [])}
    return {week: seconds for week, seconds in weeks.items() if week >= first}, goal.kept_until


def by_weeks(by_day: Mapping[date, int]) -> dict[date, int]:
    found: dict[date, int] = {}
    for day, seconds in by_day.items():
        found[monday(day)] = found.get(monday(day), 0) + seconds
    return found


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def zone_of(learner: Any) -> ZoneInfo:
    try:
        return ZoneInfo(learner.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _by_day(learner_id: int, zone: ZoneInfo, since: date, until: date | None = None) -> dict[date, int]:
    """Of the sessions that had a report since then; only these are looked into."""
    start = _midnight(since, zone)
    sessions = {"session__learner_id": learner_id, "session__reported_at__gte": start}
    reports = WatchReport.objects.filter(received_at__gte=start, **sessions)
    if until is not None:
        reports = reports.filter(received_at__lt=_midnight(until, zone))
    days = reports.annotate(day=TruncDate("received_at", tzinfo=zone)).values("day").annotate(total=Sum("accepted_s"))
    return {row["day"]: row["total"] for row in days.order_by()}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
