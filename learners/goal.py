"""How far a learner is in her week, and how many weeks in a row she has reached her goal.

Weeks begin on Monday, midnight, where she is: days come from her own time zone, so a week with a clock change has 167
or 169 hours. What counts is the film's seconds as they were believed. The week that runs cannot break a streak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from .models import WatchReport, WeeklyGoal

# No streak is told beyond a year: nothing older is read.
WEEKS_READ = 53
WEEK = timedelta(days=7)


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
    """None for who has set no goal, by one query; two otherwise."""
    goal = WeeklyGoal.objects.filter(learner_id=learner.pk).first()
    if goal is None:
        return None
    zone = zone_of(learner)
    today = (now or timezone.now()).astimezone(zone).date()
    by_week = by_weeks(_by_day(learner, zone, today))
    this = monday(today)
    return Week(goal.minutes, by_week.get(this, 0), streak(by_week, this, goal.minutes * 60))


def streak(by_week: Mapping[date, int], this: date, needed_s: int) -> int:
    """Weeks in a row up to the one that begins on `this`, which counts when it has reached `needed_s`."""
    count = int(by_week.get(this, 0) >= needed_s)
    week = this - WEEK
    while by_week.get(week, 0) >= needed_s:
        count, week = count + 1, week - WEEK
    return count


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


def _by_day(learner: Any, zone: ZoneInfo, today: date) -> dict[date, int]:
    first = monday(today) - WEEKS_READ * WEEK
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    reports = WatchReport.objects.filter(session__learner_id=learner.pk, received_at__gte=since)
    days = reports.annotate(day=TruncDate("received_at", tzinfo=zone)).values("day").annotate(total=Sum("accepted_s"))
    return {row["day"]: row["total"] for row in days.order_by()}
