"""What a learner has shown, read from her rows: five queries, however much she has done."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from courses.models import Lesson, TaughtSkill, Version

from .models import Certificate, CertificateRevocation, Enrollment, QuizAttempt
from .skill_profile import Evidence, Kind, Known, profile, shown_level

# A deed before it is known what its version teaches: (kind, version, course, when).
Deed = tuple[Kind, int, int, datetime]


def known_by(learner: Any) -> dict[int, Known]:
    """Her skills by their ids; nobody's for a visitor."""
    return profile(evidence_of(learner)) if learner.pk else {}


def evidence_of(learner: Any) -> list[Evidence]:
    """Courses that she may no longer watch (a refund) show nothing, nor do those whose evidence was found untrue."""
    deeds = [*_certified(learner), *_completed(learner)]
    finished = {course for _kind, _version, course, _at in deeds}
    deeds += [deed for deed in _quizzes(learner) if deed[2] not in finished]
    return list(_shown(deeds))


def _shown(deeds: list[Deed]) -> Iterable[Evidence]:
    taught: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = TaughtSkill.objects.filter(version__in={deed[1] for deed in deeds})
    for version, skill, level in rows.values_list("version_id", "skill_id", "level"):
        taught[version].append((skill, level))
    for kind, version, course, at in deeds:
        for skill, level in taught[version]:
            if shown := shown_level(level, kind):
                yield Evidence(skill, shown, kind, course, at)


def untrue_of(learner: Any) -> Any:
    """Courses of which her evidence was found untrue, as ids for a query."""
    untrue = CertificateRevocation.objects.filter(
        certificate__learner=learner.pk, cause=CertificateRevocation.Cause.EVIDENCE
    )
    return untrue.values("certificate__course")


def _active(learner: Any) -> Any:
    return Enrollment.objects.active().of(learner).exclude(course__in=untrue_of(learner))


def _certified(learner: Any) -> Iterable[Deed]:
    held = Certificate.objects.of(learner).filter(revocation=None, course__in=_active(learner).values("course"))
    for version, course, at in held.values_list("version_id", "course_id", "issued_at"):
        yield Kind.CERTIFICATE, version, course, at


def _completed(learner: Any) -> Iterable[Deed]:
    """By the version that was live when she finished: a later one that promises more gives her nothing."""
    then = Version.objects.filter(course=OuterRef("course"), live_at__lte=OuterRef("completed_at"))
    rows = _active(learner).filter(completed_at__isnull=False)
    rows = rows.annotate(version=Subquery(then.order_by("-live_at", "-pk").values("pk")[:1]))
    for version, course, at in rows.values_list("version", "course_id", "completed_at"):
        if version:
            yield Kind.COMPLETED, version, course, at


def _quizzes(learner: Any) -> Iterable[Deed]:
    """Versions of which she passed every quiz; the time is that of the last one."""
    passed: dict[int, dict[Any, datetime]] = defaultdict(dict)
    versions: dict[int, int] = {}
    rows = QuizAttempt.objects.of(learner).filter(result__passed=True, course__in=_active(learner).values("course"))
    told = rows.order_by("result__closed_at", "pk")
    for course, key, version, at in told.values_list(
        "course_id", "lesson_key", "lesson__version_id", "result__closed_at"
    ):
        passed[course].setdefault(key, at)
        versions[course] = version
    asked: dict[int, set[Any]] = defaultdict(set)
    quizzes = Lesson.objects.filter(version__in=versions.values(), kind=Lesson.Kind.QUIZ)
    for version, key in quizzes.values_list("version_id", "key"):
        asked[version].add(key)
    for course, version in versions.items():
        if asked[version] <= passed[course].keys():
            yield Kind.QUIZZES, version, course, max(passed[course][key] for key in asked[version])
