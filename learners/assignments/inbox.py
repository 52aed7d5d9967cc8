"""What a creator has to look at: works to mark, appeals to answer, and reviewers who stand apart from the others."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from courses.assignments import scoring
from courses.assignments.shape import Criterion
from learners.models import Agreement, Assessment, Enrollment, HandIn, HandInAppeal

# So many works with a result, and so many of them apart, before a reviewer is named.
LEAST_SEEN, FAR_SHARE_PERCENT = 3, 50
WAITING, WITH_PEERS, DONE = "waiting", "peers", "done"


def works(creator_user: Any, show: str = WAITING) -> QuerySet[HandIn]:
    """Works of this creator's assignments; appeals first, then the oldest. `show`: waiting, peers or done."""
    rows = HandIn.objects.reviewed_by(creator_user).whole().select_related("learner")
    appeals = Exists(HandInAppeal.objects.waiting().filter(hand_in=OuterRef("pk")))
    learning = Exists(Enrollment.objects.active().filter(learner=OuterRef("learner"), course=OuterRef("course")))
    to_mark = Q(learning, handling__settled_at=None, handling__to_creator_at__isnull=False)
    rows = rows.annotate(has_appeal=appeals)
    if show == WITH_PEERS:
        return rows.filter(learning, handling__settled_at=None, handling__to_creator_at=None).order_by("handed_in_at")
    if show == DONE:
        return rows.filter(handling__settled_at__isnull=False, has_appeal=False).order_by("-handed_in_at")
    first = Case(When(has_appeal=True, then=Value(0)), default=Value(1))
    return rows.filter(Q(has_appeal=True) | to_mark).order_by(first, "handed_in_at")


def next_after(creator_user: Any, work: HandIn) -> HandIn | None:
    """What waits longest, beside this one."""
    return works(creator_user).exclude(pk=work.pk).first()


@dataclass(frozen=True)
class Apart:
    """A reviewer whose marks are mostly far from those of the others."""

    name: str
    seen: int
    far: int
    title: str


def apart(creator_user: Any) -> list[Apart]:
    """In this creator's assignments. A hint to a person, never a verdict: medians hold out against one of three."""
    rows = (
        Agreement.objects.filter(assessment__hand_in__course__creator__user=creator_user)
        .values("assessment__by__name", "assessment__by_id", "assessment__hand_in__lesson_key")
        .annotate(seen=Count("pk"), far=Count("pk", filter=Q(is_far=True)))
        .filter(seen__gte=LEAST_SEEN)
        .order_by("assessment__by_id")
    )
    found = [row for row in rows if row["far"] * 100 >= FAR_SHARE_PERCENT * row["seen"]]
    keys = {row["assessment__hand_in__lesson_key"] for row in found}
    named = HandIn.objects.filter(lesson_key__in=keys).order_by("lesson_key", "-id").distinct("lesson_key")
    titles = dict(named.values_list("lesson_key", "lesson__title"))
    return [
        Apart(
            row["assessment__by__name"], row["seen"], row["far"],
            titles.get(row["assessment__hand_in__lesson_key"], ""),
        )
        for row in found
    ]  # fmt: skip


def is_apart(reviewer: Any, lesson_key: Any) -> bool:
    """Whether this reviewer's marks in this assignment are mostly far from the others'."""
    rows = Agreement.objects.filter(assessment__by=reviewer, assessment__hand_in__lesson_key=lesson_key)
    told = rows.aggregate(seen=Count("pk"), far=Count("pk", filter=Q(is_far=True)))
    return told["seen"] >= LEAST_SEEN and told["far"] * 100 >= FAR_SHARE_PERCENT * told["seen"]


@dataclass(frozen=True)
class Given:
    """One assessment as others see it: a number, never a name."""

    number: int
    assessment: Assessment
    chosen: list[tuple[Criterion, Any]]
    percent: int
    is_far: bool


def given(work: HandIn) -> list[Given]:
    """All assessments of a work in an order that says nothing: by the place that each reviewer had."""
    rows = work.assessments.select_related("turn", "agreement").order_by("turn__place", "pk")
    told = []
    for number, row in enumerate(rows, 1):
        assignment = work.assignment
        chosen = [(each, each.level(row.marks.get(each.id, ""))) for each in assignment.criteria]
        score = scoring.score(assignment, scoring.points_of(assignment, row.marks))
        agreement = getattr(row, "agreement", None)
        told.append(Given(number, row, chosen, score.percent, agreement is not None and agreement.is_far))
    return told
