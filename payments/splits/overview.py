"""What a creator sees of sharing: what waits for her answer, where she has a part, and how her own courses stand."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from courses.models import Course
from creators.models import Creator

from ..models import CourseSplit, SplitLine


@dataclass(frozen=True)
class OwnCourse:
    """One of her courses: who has a part now, and the proposal that waits, if there is one."""

    course: Course
    present: list[SplitLine]
    proposal: CourseSplit | None

    @property
    def own_bps(self) -> int:
        return 10_000 - sum(line.bps for line in self.present)


def waiting_for(creator: Creator) -> QuerySet[SplitLine]:
    """Lines that she has not answered yet, with all that a line shows."""
    asked = SplitLine.objects.filter(creator=creator, accepted_at=None, split__in=CourseSplit.objects.open())
    return asked.select_related("split__course__creator").prefetch_related("split__lines__creator")


def shared_with(creator: Creator, at: datetime) -> QuerySet[SplitLine]:
    """Her parts in other creators' courses that hold now."""
    hers = Course.objects.filter(splits__lines__creator=creator).distinct()
    lines = SplitLine.objects.present(*hers, at=at).filter(creator=creator)
    return lines.select_related("split__course__creator")


def own_courses(creator: Creator, at: datetime) -> list[OwnCourse]:
    """All of hers, in a constant number of queries."""
    courses = list(Course.objects.filter(creator=creator).order_by("title"))
    present: dict[int, list[SplitLine]] = {}
    for line in SplitLine.objects.present(*courses, at=at).select_related("creator", "split"):
        present.setdefault(line.split.course_id, []).append(line)
    proposals = CourseSplit.objects.open().filter(course__creator=creator).prefetch_related("lines__creator")
    by_course = {split.course_id: split for split in proposals}
    return [OwnCourse(course, present.get(course.pk, []), by_course.get(course.pk)) for course in courses]


def own_course(course: Course, at: datetime) -> OwnCourse:
    present = list(SplitLine.objects.present(course, at=at).select_related("creator", "split"))
    proposal = CourseSplit.objects.open().filter(course=course).prefetch_related("lines__creator").first()
    return OwnCourse(course, present, proposal)


def history(course: Course) -> QuerySet[CourseSplit]:
    """Every proposal of a course, newest first."""
    return CourseSplit.objects.filter(course=course).prefetch_related("lines__creator").order_by("-id")


def concerning(creator: Creator) -> QuerySet[CourseSplit]:
    """Every proposal of her courses, and every one that names her."""
    own, named = CourseSplit.objects.filter(course__creator=creator), SplitLine.objects.filter(creator=creator)
    seen = own | CourseSplit.objects.filter(pk__in=named.values("split"))
    return seen.select_related("course__creator").prefetch_related("lines__creator").order_by("-id")
