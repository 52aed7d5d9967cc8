"""The submissions that wait, as a moderator sees them. Reading only; a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Lesson, Submission

from . import sla
from .models import Claim


@dataclass(frozen=True)
class Row:
    submission: Submission
    wait: sla.Wait
    claim: Claim | None
    is_update: bool
    is_own: bool
    # A film of it runs beside another creator's.
    has_twin: bool


def waiting(reader: User, filters: dict[str, Any] | None = None) -> QuerySet[Submission]:
    """Oldest first. `filters`: kind (new, update), claim (free, mine), language; unknown values filter nothing."""
    rows = Submission.objects.waiting().select_related("version__course__creator", "version__category")
    rows = rows.prefetch_related(
        Prefetch("claims", queryset=Claim.objects.open().select_related("moderator"), to_attr="open_claims")
    )
    filters = filters or {}
    if (kind := filters.get("kind")) in ("new", "update"):
        rows = rows.filter(version__course__live_version__isnull=kind == "new")
    held = Claim.objects.open()
    if filters.get("claim") == "free":
        rows = rows.filter(~Q(pk__in=held.values("submission")) & ~Q(version__course__creator__user=reader))
    elif filters.get("claim") == "mine":
        rows = rows.filter(pk__in=held.filter(moderator=reader).values("submission"))
    if language := filters.get("language"):
        rows = rows.filter(version__language=language)
    return rows


def rows_of(submissions: Any, reader: User, now: datetime | None = None) -> list[Row]:
    """What the queue draws for each; `submissions` come from `waiting`."""
    now = now or timezone.now()
    submissions = list(submissions)
    versions = {submission.version_id for submission in submissions}
    twins = set(Lesson.objects.with_twins().filter(version__in=versions).values_list("version_id", flat=True))
    return [
        Row(
            submission,
            sla.wait_of(submission.submitted_at, now),
            next(iter(submission.open_claims), None),
            submission.version.course.live_version_id is not None,
            submission.version.course.belongs_to(reader),
            submission.version_id in twins,
        )
        for submission in submissions
    ]


def next_for(reader: User) -> Submission | None:
    """What the reader should look at now: what she holds already, else the longest waiting that nobody holds."""
    return waiting(reader, {"claim": "mine"}).first() or waiting(reader, {"claim": "free"}).first()
