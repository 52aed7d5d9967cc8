"""Tells people of new courses by creators whom they follow, and of lower prices of courses that they saved.

At most one message a day, for all of it: mail and notice. Each course is told of once, each fall of a price once; who
wants none of a topic is told nothing of it, and one click in the mail (RFC 8058) ends both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import notices, unsubscribing
from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import links, sweeps
from marketplace.lib.money import Money

from . import price_drops
from .models import Follow, NewsLine, NewsStop, NewsTopic, SavedCourse
from .price_drops import Fall

REST = timedelta(hours=24)
# What is older is no news any more.
TOLD_FOR = timedelta(days=7)
BATCH = 200
KIND = "discovery:news"


@dataclass(frozen=True)
class Drop:
    """A saved course whose price fell; `saved`: what it cost when she saved it."""

    course: Course
    fall: Fall
    saved: Money


def send_due(now: datetime) -> int:
    """All messages that are due; how many were written."""
    return sum(sweeps.each("saved_and_followed", _waiting(now), lambda pk: _tell(pk, now)))


def _waiting(now: datetime) -> Iterator[int]:
    after = 0
    while batch := _learners(now, after):
        yield from batch
        after = batch[-1]


def _learners(now: datetime, after: int) -> list[int]:
    """Who may have news, in order."""
    found: set[int] = set()
    for rows in (_new_courses(now), _changed_prices(now)):
        later = rows.filter(learner__gt=after).order_by("learner_id")
        found |= set(later.values_list("learner_id", flat=True).distinct()[:BATCH])
    return sorted(found)[:BATCH]


def _new_courses(now: datetime) -> QuerySet[Follow, Any]:
    """Followed creators' courses, `new`, that were first published since, that she does not have, and that she was not
    told of yet.
    """
    listed = Course.objects.listed().filter(published_at__range=(now - TOLD_FOR, now)).values("pk")
    rows = Follow.objects.annotate(new=F("creator__courses"), sold_at=F("creator__courses__published_at"))
    rows = rows.filter(new__in=listed, sold_at__gt=F("followed_at")).exclude(creator__user=F("learner"))
    told = NewsLine.objects.filter(learner=OuterRef("learner"), course=OuterRef("new"), change=None)
    hers = Enrollment.objects.active().filter(learner=OuterRef("learner"), course=OuterRef("new"))
    return _wanted(rows, now, NewsTopic.NEW_COURSES).filter(~Exists(told), ~Exists(hers))


def _changed_prices(now: datetime) -> QuerySet[SavedCourse, Any]:
    """Savings whose course had another price since then, not told of yet; whether it is a fall, `price_drops` says."""
    rows = SavedCourse.objects.annotate(
        change=F("course__price_changes"), changed_at=F("course__price_changes__changed_at")
    )
    rows = rows.filter(changed_at__range=(now - TOLD_FOR, now), changed_at__gt=F("saved_at"))
    rows = rows.filter(course__in=Course.objects.listed().values("pk"), course__price_minor__lt=F("price_minor"))
    rows = rows.exclude(course__creator__user=F("learner"))
    told = NewsLine.objects.filter(learner=OuterRef("learner"), change=OuterRef("change"))
    hers = Enrollment.objects.active().owned().filter(learner=OuterRef("learner"), course=OuterRef("course"))
    return _wanted(rows, now, NewsTopic.PRICE_DROPS).filter(~Exists(told), ~Exists(hers))


def _wanted(rows: Any, now: datetime, topic: NewsTopic) -> Any:
    """Of people who are here, want to hear of it, and were told nothing today."""
    stopped = NewsStop.objects.open().filter(learner=OuterRef("learner"), topic=topic)
    rested = NewsLine.objects.filter(learner=OuterRef("learner"), told_at__gt=now - REST)
    return rows.filter(~Exists(stopped), ~Exists(rested), learner__is_active=True)


@transaction.atomic
def _tell(learner_id: int, now: datetime) -> bool:
    """Two workers at once: the second waits for the first, and finds that she was told."""
    learner = User.objects.select_for_update(no_key=True).get(pk=learner_id)
    fresh = _new_courses(now).filter(learner=learner).values("new")
    courses = list(Course.objects.filter(pk__in=fresh).select_related("creator").order_by("-published_at", "pk"))
    drops = _drops(learner, now)
    if not courses and not drops:
        return False
    told = [*((course, None) for course in courses), *((drop.course, drop.fall.change) for drop in drops)]
    NewsLine.objects.note(learner, told, now)
    _write(learner, courses, drops, now)
    return True


def _drops(learner: User, now: datetime) -> list[Drop]:
    rows = _changed_prices(now).filter(learner=learner).order_by().values("pk")
    drops = []
    for row in SavedCourse.objects.filter(pk__in=rows).select_related("course__creator").order_by("pk"):
        changes = list(row.course.price_changes.order_by("changed_at", "pk"))
        sold_at = row.course.published_at or now
        fall = price_drops.fall(changes, first_sold_at=sold_at, saved=row.price, saved_at=row.saved_at)
        # What was suggested may have changed since: the fall itself must be news.
        is_news = fall and fall.change.changed_at >= now - TOLD_FOR
        if fall and is_news and not NewsLine.objects.filter(learner=learner, change=fall.change).exists():
            drops.append(Drop(row.course, fall, row.price))
    return drops


def _write(learner: User, courses: list[Course], drops: list[Drop], now: datetime) -> None:
    first = [*courses, *(drop.course for drop in drops)][0]
    notices.tell(
        f"news:{learner.pk}:{now:%Y%m%d%H%M%S}",
        learner,
        "discovery/news",
        {
            "courses": courses,
            "drops": drops,
            "first": first,
            "count": len(courses) + len(drops),
            "action_url": links.absolute(first.get_absolute_url()),
            "action_label": _("Look at it"),
            "unsubscribe_url": unsubscribing.address(learner, KIND),
        },
    )
