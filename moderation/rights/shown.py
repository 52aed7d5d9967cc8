"""A claim as its sides and a moderator see it. Reading only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from courses.models import Lesson, Version
from moderation import appeals, impartial, twins
from moderation.models import RightsClaim, RightsStep

from . import awards, strikes
from .filing import wrong_of
from .income import awarded, in_escrow

BPS = 10_000
# What learners saw once.
SHOWN = (Version.State.LIVE, Version.State.SUPERSEDED)


@dataclass(frozen=True)
class Clock:
    """How far the running clock is: `share` as "46.66%" of the time between the step that began it and its end."""

    begun_at: datetime
    due_at: datetime
    share: str
    left: timedelta

    @property
    def is_over(self) -> bool:
        return self.left <= timedelta(0)


def clock_of(claim: RightsClaim, steps: list[RightsStep], now: datetime) -> Clock | None:
    begun = next((step.at for step in reversed(steps) if step.due_at is not None and step.due_at == claim.due_at), None)
    if claim.due_at is None or begun is None:
        return None
    whole, passed = claim.due_at - begun, min(max(now - begun, timedelta(0)), claim.due_at - begun)
    bps = int(passed.total_seconds()) * BPS // max(1, int(whole.total_seconds()))
    return Clock(begun, claim.due_at, f"{bps // 100}.{bps % 100:02}%", claim.due_at - now)


def to_side(claim: RightsClaim, reader: User) -> dict[str, Any]:
    """For the claimant or the creator: what happened, and what she can do now."""
    steps = list(claim.steps.select_related("by", "measure"))
    is_claimant = claim.claimant_id == reader.pk
    verdict = claim.verdict
    measure = verdict.measure if verdict else None
    states = RightsClaim.State
    return {
        "claim": claim,
        "steps": steps,
        "clock": clock_of(claim, steps, timezone.now()),
        "is_claimant": is_claimant,
        "held": in_escrow(claim),
        "awarded": awarded(claim),
        "award": awards.of(claim) if is_claimant else None,
        "can_counter": not is_claimant and claim.state == states.ANSWERING,
        "can_go_on": is_claimant and claim.state == states.REPLYING,
        "can_withdraw": is_claimant and claim.is_open,
        "appealable": measure if measure and appeals.can_appeal(measure, reader) else None,
    }


def to_moderator(claim: RightsClaim, reader: User) -> dict[str, Any]:
    """All of it, with what the pre-check knows of the films and how often the claimant was wrong before."""
    steps = list(claim.steps.select_related("by", "measure"))
    return {
        "claim": claim,
        "steps": steps,
        "clock": clock_of(claim, steps, timezone.now()),
        "held": in_escrow(claim),
        "awarded": awarded(claim),
        "earlier": claim.earlier if claim.is_open else None,
        "films": films_of(claim),
        "wrong": wrong_of(claim.claimant),
        "strikes": strikes.of(claim.course.creator).count(),
        "part": impartial.part_of(impartial.of_claim(claim), reader),
        "days": settings.RIGHTS_DAYS,
        "can_admit": claim.state == RightsClaim.State.FILED,
    }


def films_of(claim: RightsClaim) -> list[tuple[Lesson, list[twins.Beside]]]:
    """The films of what is claimed about that run beside other creators' films: of what it showed when the claim was
    filed, and of what it shows now. A new version takes no evidence away, and a draft says nothing of either.
    """
    live = claim.course.live_version_id
    was_shown = Q(video__asset__in=_films_at_filing(claim), version__state__in=SHOWN)
    lessons = Lesson.objects.filter(Q(version=live) | was_shown, version__course=claim.course, video__isnull=False)
    if claim.kind == "lesson":
        lessons = lessons.filter(key=UUID(claim.key))
    rows = lessons.select_related("video", "version__course").order_by("version__number", "id")
    newest = {lesson.video_id: lesson for lesson in sorted(rows, key=lambda lesson: lesson.version_id == live)}
    found = ((lesson, twins.beside(lesson.video)) for lesson in newest.values() if lesson.video)
    return [(lesson, beside) for lesson, beside in found if beside]


def _films_at_filing(claim: RightsClaim) -> list[str]:
    """By their assets. Past versions keep the films that they show, whatever their creator removes."""
    assets = (claim.shown.get("film"), *(row[3] for row in claim.shown.get("lessons", [])))
    return [asset for asset in assets if asset]
