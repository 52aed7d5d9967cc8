"""Quizzes for tests."""

from collections.abc import Callable
from typing import Any

from courses import quiz_writing
from courses.models import Course, Lesson
from courses.quizzes import grading
from tests.courses.factories import make_course, publish


def options(*texts: str, right: str | tuple[str, ...] = ()) -> list[dict[str, Any]]:
    marked = (right,) if isinstance(right, str) else right
    return [{"text": text, "is_right": text in marked, "explanation": f"Why {text}"} for text in texts]


def add_quiz(section: Any, title: str = "Check yourself", **rules: Any) -> Lesson:
    """Five questions, one of each kind that needs no code."""
    lesson = section.add_lesson(title, "quiz")
    quiz_writing.add_question(
        lesson, "single", {"text": "Which fires hotter?", "options": options("Clay", "Kiln", "Glaze", right="Kiln")}
    )
    quiz_writing.add_question(
        lesson,
        "multiple",
        {"text": "Which are tools?", "options": options("Wire", "Rain", "Rib", right=("Wire", "Rib"))},
    )
    quiz_writing.add_question(lesson, "number", {"text": "What is 1/3?", "number": "0.333", "tolerance": "0.001"})
    quiz_writing.add_question(lesson, "text", {"text": "Name it", "accepted": ["Slip Glaze", "化妆土"]})
    quiz_writing.add_question(lesson, "order", {"text": "Put in order", "options": options("Throw", "Dry", "Fire")})
    if rules:
        quiz_writing.change_rules(lesson, rules)
    return lesson


def add_code_quiz(section: Any) -> Lesson:
    """Two questions about code that is read."""
    lesson = section.add_lesson("Read the code", "quiz")
    quiz_writing.add_question(
        lesson, "lines", {"text": "Where is the mistake?", "code": "a = 1\nb = a +\nprint(b)", "lines": "2"}
    )
    quiz_writing.add_question(
        lesson, "output", {"text": "What comes out?", "code": "for k in (1, 10):\n    say(k)", "output": " 1\n10"}
    )
    return lesson


def make_quiz_course(add: Callable[..., Lesson] = add_quiz, **rules: Any) -> Course:
    """Ada's live course: one film, then a quiz."""
    course = make_course(live=False, lessons=1)
    add(course.draft.sections.first(), **rules)
    publish(course.draft)
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def quiz_of(course: Course) -> Lesson:
    return course.live_lessons().select_related("version__course").get(kind="quiz")


def right_answers(lesson: Lesson) -> dict[str, Any]:
    """By question id."""
    return {each.id: grading.right_answer(each) for each in lesson.questions.questions}
