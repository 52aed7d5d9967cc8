"""A path as one reader sees it: its stages, what of them she has mastered and why, and what is left. For a visitor the
same without her.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Q, Sum, When

from courses.models import Course, Lesson, Path, PathEdition, TaughtSkill
from courses.models.path_edition import Stage
from marketplace.lib.money import Money

from . import skill_evidence, skills_shown
from .models import Enrollment, LessonProgress, PathFollow
from .skill_profile import Known, masters
from .skills_shown import Reason


@dataclass(frozen=True)
class Stop:
    """One course of a path. `finished_at` or `known` say why it is mastered; `done_s` are seconds of lessons done."""

    course: Course
    is_sold: bool
    is_hers: bool = False
    finished_at: datetime | None = None
    known: tuple[Reason, ...] = ()
    done_s: int = 0

    @property
    def is_mastered(self) -> bool:
        return self.finished_at is not None or bool(self.known)

    @property
    def remaining_s(self) -> int:
        return 0 if self.is_mastered else max(self.course.duration_s - self.done_s, 0)

    @property
    def is_to_buy(self) -> bool:
        return self.is_sold and not self.is_hers and not self.is_mastered and bool(self.course.price_minor)

    @property
    def is_begun(self) -> bool:
        return self.done_s > 0 and not self.is_mastered


@dataclass(frozen=True)
class Part:
    """A stage with its stops."""

    title: str
    words: str
    stops: list[Stop]

    @property
    def is_mastered(self) -> bool:
        return all(stop.is_mastered for stop in self.stops)


@dataclass(frozen=True)
class Journey:
    path: Path
    edition: PathEdition
    parts: list[Part]
    is_followed: bool = False

    @property
    def stops(self) -> list[Stop]:
        return [stop for part in self.parts for stop in part.stops]

    @property
    def total_s(self) -> int:
        return sum(stop.course.duration_s for stop in self.stops)

    @property
    def remaining_s(self) -> int:
        return sum(stop.remaining_s for stop in self.stops)

    @property
    def mastered(self) -> int:
        return sum(stop.is_mastered for stop in self.stops)

    @property
    def percent(self) -> int:
        """By time; a path of courses without a film counts its courses."""
        if not self.total_s:
            return self.mastered * 100 // len(self.stops) if self.stops else 0
        return (self.total_s - self.remaining_s) * 100 // self.total_s

    @property
    def prices(self) -> list[Money]:
        """What its courses cost together, a sum each currency: those that she has not and need not buy are left out."""
        sums: dict[str, int] = defaultdict(int)
        for stop in self.stops:
            if stop.is_to_buy:
                sums[stop.course.currency] += stop.course.price_minor or 0
        return [Money(minor, currency) for currency, minor in sorted(sums.items())]

    @property
    def named_currencies(self) -> set[str]:
        """Those in which buyers name one of the prices: the sum is then the least."""
        return {stop.course.currency for stop in self.stops if stop.is_to_buy and stop.course.is_price_named}

    @property
    def next_stop(self) -> Stop | None:
        return next((stop for stop in self.stops if not stop.is_mastered and (stop.is_sold or stop.is_hers)), None)


def of(path: Path, reader: Any) -> Journey:
    """The live edition. A constant number of queries, fewer for a visitor."""
    return journeys([path], reader)[0]


def journeys(paths: Iterable[Path], reader: Any) -> list[Journey]:
    """Those of these paths that are published, each with its live edition (`select_related`)."""
    live = [(path, path.live_edition, path.live_edition.ordered()) for path in paths if path.live_edition]
    courses = {course.pk: course for _path, _edition, stages in live for s in stages for course in s.courses}
    look = _Look(courses, reader)
    followed = set(PathFollow.objects.of(reader).values_list("path_id", flat=True))
    return [
        Journey(path, edition, [look.part(s) for s in stages], path.pk in followed) for path, edition, stages in live
    ]


def followed(learner: Any) -> list[Journey]:
    """Hers, the one followed last first."""
    follows = PathFollow.objects.of(learner).select_related("path__live_edition", "path__creator")
    return journeys([follow.path for follow in follows], learner)


def preview(edition: PathEdition) -> Journey:
    """An edition that is not public, as a visitor would see it."""
    stages = edition.ordered()
    look = _Look({course.pk: course for stage in stages for course in stage.courses}, AnonymousUser())
    return Journey(edition.path, edition, [look.part(stage) for stage in stages])


class _Look:
    """What must be known of these courses and of the reader, in one go."""

    def __init__(self, courses: dict[int, Course], reader: Any) -> None:
        self.sold = set(Course.objects.listed().filter(pk__in=courses).values_list("pk", flat=True))
        held = Enrollment.objects.active().of(reader).filter(course__in=courses)
        # Finished by what was no true watching masters nothing, as it shows no skill.
        is_true = ~Q(course__in=skill_evidence.untrue_of(reader))
        finished_at = Case(When(is_true, then=F("completed_at")))
        self.held = dict(held.annotate(finished_at=finished_at).values_list("course_id", "finished_at"))
        self.known = skill_evidence.known_by(reader)
        self.taught = _taught(courses.values()) if self.known else {}
        self.done = _done(courses.values(), reader) if self.held else {}
        self.names = skills_shown.courses_of(self.known.values()) if self.known else {}

    def part(self, stage: Stage) -> Part:
        shown = [self._stop(course) for course in stage.courses]
        return Part(stage.title, stage.words, [stop for stop in shown if stop.is_sold or stop.is_hers])

    def _stop(self, course: Course) -> Stop:
        finished_at = self.held.get(course.pk)
        covering: list[Known] = [] if finished_at else masters(self.known, self.taught.get(course.pk, {}))
        return Stop(
            course,
            is_sold=course.pk in self.sold,
            is_hers=course.pk in self.held,
            finished_at=finished_at,
            known=tuple(skills_shown.reason_of(one.by, self.names) for one in covering),
            done_s=self.done.get(course.pk, 0),
        )


def _taught(courses: Iterable[Course]) -> dict[int, dict[int, int]]:
    """By course what its live version teaches: level by skill."""
    taught: dict[int, dict[int, int]] = defaultdict(dict)
    rows = TaughtSkill.objects.filter(version__in=[course.live_version_id for course in courses])
    for course, skill, level in rows.values_list("version__course_id", "skill_id", "level"):
        taught[course][skill] = level
    return taught


def _done(courses: Iterable[Course], reader: Any) -> dict[int, int]:
    """By course the seconds of live lessons that she has done."""
    live = [course.live_version_id for course in courses]
    keys = LessonProgress.objects.of(reader).done().values("lesson_key")
    rows = Lesson.objects.filter(key__in=keys, version__in=live).values("version__course_id")
    return dict(rows.annotate(done=Sum("duration_s")).values_list("version__course_id", "done"))
