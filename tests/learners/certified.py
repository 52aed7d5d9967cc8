"""Certificates for tests: a course that somebody has done, and the certificate that she asked for."""

from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners.certificates import issuing
from learners.models import Certificate, LessonProgress
from tests.learners.factories import enroll


def do_all(learner: User, course: Course, covered_s: int = 30) -> None:
    """Every lesson of the live version is done, with so many seconds watched of its present film."""
    now = timezone.now()
    for lesson in course.live_lessons():
        LessonProgress.objects.update_or_create(
            learner=learner,
            lesson_key=lesson.key,
            defaults={"course": course, "covered_s": covered_s, "length_s": 30, "done_at": now},
        )


def make_certificate(learner: User, course: Course, name: str = "Lin Wei 林薇") -> Certificate:
    if not learner.enrollments.active().filter(course=course).exists():
        enroll(learner, course)
    do_all(learner, course)
    return Certificate.objects.shown().get(pk=issuing.issue(learner, course, name).pk)
