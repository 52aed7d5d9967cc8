"""What matching may know of a person: her switches decide what is read at all."""

from collections import Counter
from collections.abc import Mapping

from accounts.models import User
from discovery.models import Dismissal, Follow, Taste
from learners.models import Enrollment, LessonProgress

from .scoring import Person, strength

LATEST = 500  # courses of hers that count: the latest
# Of a course that she has not finished she has not watched all, whatever its seconds say.
UNFINISHED = 0.99


def person_of(learner: User, taste: Taste) -> Person:
    rows = _learned(learner) if taste.uses_history else []
    history = _shares(learner, rows)
    return Person(
        goals=taste.goal_ids() if taste.uses_goals else (),
        follows=set(Follow.objects.of(learner).values_list("creator_id", flat=True)) if taste.uses_follows else (),
        language=learner.language if taste.uses_language else "",
        history=history,
        skills=_skills(rows, history) if taste.uses_skills else (),
        counts_popularity=taste.uses_popularity,
    )


def _learned(learner: User) -> list[Enrollment]:
    rows = Enrollment.objects.active().of(learner).select_related("course").order_by("-granted_at", "-pk")
    of_course = ("skill_ids", "duration_s", "lessons_count")
    return list(rows.only("course_id", "completed_at", *(f"course__{name}" for name in of_course))[:LATEST])


def _shares(learner: User, rows: list[Enrollment]) -> dict[int, float]:
    """By course of hers, how much of it she has watched: 1 when she finished it, 0 when she only has it."""
    open_ones = [row.course_id for row in rows if row.completed_at is None]
    seen = LessonProgress.objects.of(learner).by_course(open_ones) if open_ones else {}
    return {row.course_id: _share(row, *seen.get(row.course_id, (0, 0))) for row in rows}


def _share(row: Enrollment, covered_s: int, lessons_done: int) -> float:
    """Of its seconds; of its lessons where it has no film."""
    if row.completed_at is not None:
        return 1.0
    of_all = (covered_s, row.course.duration_s) if row.course.duration_s else (lessons_done, row.course.lessons_count)
    return min(UNFINISHED, of_all[0] / max(1, of_all[1]))


def _skills(rows: list[Enrollment], history: Mapping[int, float]) -> list[int]:
    """What her courses teach, what she watched most of first."""
    taught = Counter[int]()
    for row in rows:
        taught.update(dict.fromkeys(row.course.skill_ids, strength(history[row.course_id])))  # type: ignore[arg-type]
    return [skill for skill, _much in taught.most_common()]


def not_for(learner: User) -> set[int]:
    """Courses that she has, and those that she does not want to see."""
    return {*Enrollment.objects.active().of(learner).values_list("course_id", flat=True), *not_wanted(learner)}


def not_wanted(learner: User) -> set[int]:
    return set(Dismissal.objects.of(learner).values_list("course_id", flat=True))
