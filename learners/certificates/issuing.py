"""A certificate is asked for by its learner, never given unasked: from then on nothing of the price comes back.

What it rests on is read where nothing can move: under the lock of what she has watched, by which refunds are decided
too, and under that of her right to the course. So of a refund and a certificate at once, one wins.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from courses.models import Course, Lesson
from learners import completion, watched
from learners.models import Certificate, Enrollment, LessonProgress, QuizResult
from marketplace.lib import fit_words, links
from marketplace.lib.errors import DomainError


class CourseNotComplete(DomainError):
    """`facts["left"]`: how many lessons are still to be done."""

    code = "course_not_complete"
    message = _("The certificate is for the whole course: some of its lessons are not done yet.")


class NoLessonCounts(DomainError):
    code = "no_lesson_counts"
    message = _("No lesson of this course can be opened at the moment: there is nothing that a certificate could say.")


class NoRightToCourse(DomainError):
    code = "no_right_to_course"
    message = _("A certificate is for those who have the course. You do not have it now.")


def present(learner: Any, course: Course) -> Certificate | None:
    """The learner's certificate of the version that is live."""
    return Certificate.objects.of(learner).shown().filter(version_id=course.live_version_id).first()


@transaction.atomic
def issue(learner: Any, course: Course, name: str) -> Certificate:
    """The certificate of the live version; asked for again, the same. The course counts as complete from now on.

    Raises NoRightToCourse, CourseNotComplete, NoLessonCounts, ValidationError for a name that is none.
    """
    watched.hold(learner)
    rights = Enrollment.objects.active().of(learner).filter(course=course)
    enrollment = rights.select_for_update(of=("self",), no_key=True).first()
    if enrollment is None:
        raise NoRightToCourse
    if found := present(learner, course):
        return found
    left = completion.what_is_left(learner, course).count()
    if left or course.live_version is None:
        raise CourseNotComplete(left=left)
    if not completion.has_lessons(course):
        raise NoLessonCounts
    enrollment.complete()
    fit_words.must_be_fit(name=name)
    return Certificate.objects.issue(enrollment, course.live_version, evidence_of(learner, course), name)


def evidence_of(learner: Any, course: Course) -> dict[str, Any]:
    """What the learner has done in each lesson of the live version, and in all; which quizzes she passed. Plain JSON,
    without her name. Lessons that a moderator has hidden are not among them.
    """
    lessons = list(course.live_lessons().not_hidden())
    rows = LessonProgress.objects.of(learner).filter(lesson_key__in=[lesson.key for lesson in lessons])
    by_key = {row.lesson_key: row for row in rows}
    told = [_told(lesson, by_key.get(lesson.key)) for lesson in lessons]
    return {
        "rule": "every lesson done; a film is done when nine tenths of its seconds were played",
        "watched_s": sum(_seen_s(lesson, by_key.get(lesson.key)) for lesson in lessons),
        "length_s": sum(lesson.duration_s for lesson in lessons), "lessons": told,
        "quizzes": _passed(learner, [lesson for lesson in lessons if lesson.kind == Lesson.Kind.QUIZ]),
    }  # fmt: skip


def _seen_s(lesson: Lesson, row: LessonProgress | None) -> int:
    return watched.seconds_of(lesson.kind, lesson.duration_s, row.covered_s, row.done_at) if row else 0


def _passed(learner: Any, quizzes: list[Lesson]) -> list[dict[str, Any]]:
    """Of each quiz, in the course's order, the first attempt that passed it. One query, if there are quizzes."""
    passed = QuizResult.objects.filter(
        attempt__learner=learner, attempt__lesson_key__in=[quiz.key for quiz in quizzes], passed=True
    )
    first: dict[Any, QuizResult] = {}
    for result in passed.select_related("attempt").order_by("-attempt__number") if quizzes else ():
        first[result.attempt.lesson_key] = result
    return [
        {
            "key": str(quiz.key), "title": quiz.title, "percent": first[quiz.key].percent,
            "attempt": first[quiz.key].attempt.number, "passed_on": first[quiz.key].closed_at.date().isoformat(),
        }
        for quiz in quizzes if quiz.key in first
    ]  # fmt: skip


def _told(lesson: Lesson, row: LessonProgress | None) -> dict[str, Any]:
    done_at = row.done_at if row else None
    return {
        "key": str(lesson.key), "kind": lesson.kind, "length_s": lesson.duration_s,
        "watched_s": row.covered_s if row else 0, "done_on": done_at.date().isoformat() if done_at else None,
    }  # fmt: skip


def revoke(certificate: Certificate, *, by: Any, cause: str, reason: str) -> None:
    """It no longer holds, and its holder is told why. Raises NotAllowed, AlreadyRevoked, ValidationError."""
    with transaction.atomic():
        row = certificate.revoke(by=by, cause=cause, reason=reason)
        notices.tell(
            f"certificate-revoked:{certificate.pk}",
            certificate.learner,
            "certificate_revoked",
            {
                "certificate": certificate,
                "revocation": row,
                "action_url": links.absolute(certificate.get_absolute_url()),
                "action_label": _("Look at the certificate"),
            },
        )


def of_courses(learner: Any, courses: Iterable[Course]) -> dict[int, Certificate]:
    """By course: the certificates of the versions that are live. One query."""
    live = [course.live_version_id for course in courses]
    return {one.course_id: one for one in Certificate.objects.of(learner).filter(version_id__in=live)}


def address_of_asking(course: Course) -> str:
    return reverse("learners:ask_certificate", args=[course.slug])
