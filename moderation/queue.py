"""The submissions that wait, as a moderator sees them. Reading only; as many queries however many wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Lesson, Submission
from courses.paging import Page, page_of

from . import narrowing, sla
from .models import Claim

ORDER = ("submitted_at", "id")


@dataclass(frozen=True)
class Row:
    submission: Submission
    wait: sla.Wait
    claim: Claim | None
    is_update: bool
    is_own: bool
    # A film of it runs beside another creator's.
    has_twin: bool


def page(reader: User, filters: dict[str, Any], **marks: str) -> Page:
    """Some that wait, from a mark on. All together they are counted up to a bound; what is filtered is not counted."""
    asked = waiting(reader, filters)
    return page_of(asked, ORDER, counted=0 if any(filters.values()) else None, **marks)


def waiting(reader: User, filters: dict[str, Any] | None = None) -> QuerySet[Submission]:
    """Oldest first. `filters`: kind (new, update), language, age, promise and claim (see `narrowing`)."""
    rows = Submission.objects.waiting().select_related("version__course__creator", "version__category")
    rows = rows.prefetch_related(
        Prefetch("claims", queryset=Claim.objects.open().select_related("moderator"), to_attr="open_claims")
    )
    filters = filters or {}
    if (kind := filters.get("kind")) in ("new", "update"):
        rows = rows.filter(is_update=kind == "update")
    if language := filters.get("language"):
        rows = rows.filter(language=language)
    if claim := filters.get("claim"):
        rows = rows.filter(narrowing.claimed(claim, Claim.objects.open(), "submission", reader))
        if claim == "free":
            rows = rows.exclude(version__course__creator__user=reader)
    rows = rows.filter(narrowing.aged(filters.get("age"), "submitted_at", timezone.now()))
    return rows.filter(_promised(filters.get("promise")))


def _promised(promise: str | None) -> Q:
    """By how long it has waited of the time that creators are promised."""
    late_from = timezone.now() - sla.REVIEW_WITHIN
    soon_from = timezone.now() - sla.REVIEW_WITHIN * sla.WARN_SHARE
    asked = {
        "late": Q(submitted_at__lte=late_from),
        "soon": Q(submitted_at__gt=late_from, submitted_at__lte=soon_from),
        "kept": Q(submitted_at__gt=late_from),
    }
    return asked.get(promise or "", Q())


def rows_of(submissions: Iterable[Any], reader: User, now: datetime | None = None) -> list[Row]:
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
            submission.is_update,
            submission.version.course.belongs_to(reader),
            submission.version_id in twins,
        )
        for submission in submissions
    ]


def next_for(reader: User) -> Submission | None:
    """What the reader should look at now: what she holds already, else the longest waiting that nobody holds."""
    return waiting(reader, {"claim": "mine"}).first() or waiting(reader, {"claim": "free"}).first()
