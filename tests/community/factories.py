"""Learners who have seen enough of a course to rate it, and ratings."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from community import rating
from community.models import Rating
from courses.models import Course
from learners.models import LessonProgress
from tests import cast
from tests.learners.factories import enroll


def see(learner: User, course: Course, percent: int = 100) -> None:
    """She has watched so many percent of every film, and is enrolled."""
    if not learner.enrollments.active().filter(course=course).exists():
        enroll(learner, course)
    for lesson in course.live_lessons():
        LessonProgress.objects.update_or_create(
            learner=learner,
            lesson_key=lesson.key,
            defaults={
                "course": course,
                "covered_s": lesson.duration_s * percent // 100,
                "length_s": lesson.duration_s,
                "touched_at": timezone.now(),
            },
        )


def rate(learner: User, course: Course, stars: int = 5, *, seen: int = 100, **said: Any) -> Rating:
    see(learner, course, seen)
    return rating.rate(learner, course, {"stars": stars, **said})


def crowd(course: Course, *stars: int) -> list[Rating]:
    """One learner for each."""
    return [rate(cast.person(f"Rater{at}of{course.pk}"), course, each) for at, each in enumerate(stars)]
