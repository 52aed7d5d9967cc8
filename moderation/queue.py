"""The submissions that wait, as a moderator sees them. Reading only; as many queries however many wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Decision, Finding, Lesson, Submission
from courses.paging import Page, page_of
from videos.models import VideoFinding

from . import impartial, narrowing, rulebook, sla
from .models import Claim, SecondLook

_IS_TWIN = Q(video__findings__code=VideoFinding.Code.TWIN)
ORDER = ("submitted_at", "id")


@dataclass(frozen=True)
class Row:
    submission: Submission
    wait: sla.Wait
    claim: Claim | None
    is_update: bool
    is_own: bool
    # How much the machine noticed in its films; whether one of them runs beside another creator's.
    noticed: int
    has_twin: bool


def page(reader: User, filters: dict[str, Any], **marks: str) -> Page:
    """Some that wait, from a mark on. All together they are counted up to a bound; what is filtered is not counted."""
    asked = waiting(reader, filters)
    return page_of(asked, ORDER, counted=0 if any(filters.values()) else None, **marks)


def waiting(reader: User, filters: dict[str, Any] | None = None) -> QuerySet[Submission]:
    """Oldest first. `filters`: kind (new, update), language, age, promise and claim (see `narrowing`); signs (what the
    machine found); rule and severity of what its course was sent back for.
    """
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
            rows = rows.exclude(version__course__in=impartial.courses(reader))
    rows = rows.filter(narrowing.aged(filters.get("age"), "submitted_at", timezone.now()))
    rows = rows.filter(_signed(filters.get("signs")), _sent_back(filters.get("rule"), filters.get("severity")))
    return rows.filter(_promised(filters.get("promise")))


def _signed(signs: str | None) -> Q:
    """By what the machine found in the films of the version: looked up for each row that is passed, by keys."""
    lessons = Lesson.objects.filter(version=OuterRef("version"))
    found = Q(Exists(lessons.filter(video__findings__isnull=False)))
    sells = Q(lures_count__gt=0)
    asked = {"twin": Q(Exists(lessons.with_twins())), "film": found, "selling": sells, "none": ~found & ~sells}
    return asked.get(signs or "", Q())


def _sent_back(rule: str | None, severity: int | None) -> Q:
    """Courses that were sent back under this rule, or under one that weighs so much in the present book."""
    if not rule and not severity:
        return Q()
    findings = Finding.objects.filter(decision__submission__version__course=OuterRef("version__course"))
    if rule:
        findings = findings.filter(rule_code=rule)
    if severity:
        codes = [each.code for each in rulebook.book().rules if each.severity == severity]
        findings = findings.filter(rule_code__in=codes)
    return Q(Exists(findings))


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
    found = Lesson.objects.filter(version__in=versions, video__findings__isnull=False).values_list("version_id")
    counted = found.annotate(notes=Count("video__findings"), twins=Count("video__findings", filter=_IS_TWIN)).order_by()
    noticed = {version: (number, twins > 0) for version, number, twins in counted}
    own = set(impartial.courses(reader))
    return [
        Row(
            submission,
            sla.wait_of(submission.submitted_at, now),
            next(iter(submission.open_claims), None),
            submission.is_update,
            submission.version.course_id in own,
            *noticed.get(submission.version_id, (0, False)),
        )
        for submission in submissions
    ]


def decided(reader: User) -> QuerySet[Decision]:
    """Every decision, but for those of which the reader may still give the second answer."""
    rows = Decision.objects.select_related("decided_by", "submission__version__course__creator")
    return rows.exclude(second_look__in=SecondLook.objects.waiting_for(reader))


def next_for(reader: User) -> Submission | None:
    """What the reader should look at now: what she holds already, else the longest waiting that nobody holds."""
    return waiting(reader, {"claim": "mine"}).first() or waiting(reader, {"claim": "free"}).first()
