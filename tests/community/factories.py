"""Learners who have seen enough of a course to rate it, and ratings; questions and answers under lessons."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from community import asking, rating
from community.models import Post, Rating
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


def ask(author: User, course: Course, title: str = "Why does it crack?", **said: Any) -> Post:
    """Under the first lesson that is no preview; she is enrolled, unless she made it. `at_s`: a second of its film."""
    at_s = said.pop("at_s", None)
    have(author, course)
    lesson: Any = course.live_lessons().filter(is_preview=False).first()
    return asking.ask(author, course, lesson.key, {"title": title, **said}, at_s=at_s)


def answer(author: User, question: Post, text: str = "It dried too fast.", **said: Any) -> Post:
    have(author, question.course)
    return asking.answer(author, question, {"text": text, **said})


def comment(author: User, parent: Post, text: str = "How fast?", **said: Any) -> Post:
    have(author, parent.course)
    return asking.comment(author, parent, {"text": text, **said})


def have(person: User, course: Course) -> None:
    if not course.belongs_to(person) and not person.enrollments.active().filter(course=course).exists():
        enroll(person, course)
