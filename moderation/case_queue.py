"""The reported things, as a moderator sees them. Reading only; a constant number of queries for any number of cases."""

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.paging import Page, page_of

from . import impartial, narrowing, sla
from .models import Case, CaseClaim

# What matters most first, of equals the oldest.
ORDER = ("rank", "id")
NEWEST_CLOSED = ("-closed_at", "-id")


def page(reader: User, filters: dict[str, Any], *, is_closed: bool, **marks: str) -> Page:
    """Some open cases, or some that were decided, from a mark on; filters are of open ones. Never counted exactly."""
    if is_closed:
        return page_of(closed(), NEWEST_CLOSED, counted=0, **marks)
    return page_of(waiting(reader, filters), ORDER, counted=0 if any(filters.values()) else None, **marks)


def closed() -> QuerySet[Case]:
    return Case.objects.exclude(closed_at=None).select_related("measure").prefetch_related("flags", *_held())


def _held() -> list[Prefetch]:
    return [Prefetch("claims", queryset=CaseClaim.objects.open().select_related("moderator"), to_attr="open_claims")]


def waiting(reader: User, filters: dict[str, Any] | None = None) -> QuerySet[Case]:
    """`filters`: kind, severity, rule (of the gravest report), language, age, promise, claim, advice (of community
    reviewers); empty ones narrow nothing.
    """
    filters = filters or {}
    rows = Case.objects.open().prefetch_related("flags", *_held())
    names = {"kind": "kind", "severity": "severity", "rule": "rule_code", "language": "language"}
    rows = rows.filter(**{column: filters[name] for name, column in names.items() if filters.get(name)})
    if claim := filters.get("claim"):
        rows = rows.filter(narrowing.claimed(claim, CaseClaim.objects.open(), "case", reader))
        if claim == "free":
            rows = rows.exclude(impartial.cases(reader))
    rows = rows.filter(narrowing.aged(filters.get("age"), "opened_at", timezone.now()))
    return rows.filter(_promised(filters.get("promise"))).filter(_advised(filters.get("advice")))


def next_for(reader: User) -> Case | None:
    """What the reader should look at now: what she holds already, else what matters most that nobody holds."""
    return waiting(reader, {"claim": "mine"}).first() or waiting(reader, {"claim": "free"}).first()


def _advised(advice: str | None) -> Q:
    """Unanimous one way or the other, not unanimous, or nothing yet."""
    all_agree = Q(community_advice__agreeing=F("community_advice__votes"))
    asked = {
        "fine": all_agree & Q(community_advice__verdict="fine"),
        "breaks": all_agree & Q(community_advice__verdict="breaks"),
        "split": Q(community_advice__agreeing__lt=F("community_advice__votes")),
        "none": Q(community_advice=None),
    }
    return asked.get(advice or "", Q())


def _promised(promise: str | None) -> Q:
    now = timezone.now()
    # A promise is a day to two weeks long: soon is what is due within a quarter of it.
    lengths = sla.CASE_WITHIN.items()
    soon = [Q(severity=grave, due_at__lte=now + (1 - sla.WARN_SHARE) * within) for grave, within in lengths]
    asked = {
        "late": Q(due_at__lte=now),
        "soon": Q(due_at__gt=now) & (soon[0] | soon[1] | soon[2] | soon[3]),
        "kept": Q(due_at__gt=now),
    }
    return asked.get(promise or "", Q())
