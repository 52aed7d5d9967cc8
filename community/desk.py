"""A creator's desk of questions: what waits for her over all her courses, and how fast she answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q

from courses.models import Course
from courses.paging import Page, page_of

from . import threads
from .models import Post
from .models.post import PostQuerySet

SPAN = timedelta(days=90)
# What waited longest first; of all of them the newest.
ORDERS = {"waiting": ("written_at", "id"), "all": ("-written_at", "-id")}


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Speed:
    """Of the questions of the last 90 days: how many, how many she has answered, and half of these within so long."""

    asked: int
    answered: int
    median: timedelta | None


def asked_of(creator: Any, course: Course | None = None) -> PostQuerySet:
    """What learners have asked under all her courses, or one of them."""
    rows = Post.objects.questions().shown().filter(is_by_creator=False, course__creator__user=creator)
    return rows.filter(course=course) if course else rows


def page(creator: Any, show: str, marks: dict[str, str], course: Course | None = None) -> Page:
    """`show` of ORDERS. Each with its lesson and its place in the film that is shown now."""
    rows = asked_of(creator, course).with_writers().select_related("course__live_version")
    if show == "waiting":
        rows = rows.waiting()
    found = page_of(rows, ORDERS[show], after=marks["after"], before=marks["before"])
    threads.place_all(found.rows)
    return found


def speed(creator: Any, now: datetime, course: Course | None = None) -> Speed:
    """One query."""
    answered = Q(answered_at__isnull=False)
    took = Median(F("answered_at") - F("written_at"), filter=answered)
    rows = asked_of(creator, course).filter(written_at__gt=now - SPAN)
    found = rows.aggregate(asked=Count("pk"), answered=Count("pk", filter=answered), median=took)
    return Speed(found["asked"], found["answered"], found["median"])
