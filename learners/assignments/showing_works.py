"""What the page of an assignment shows its learner: the task, where she is, her works with what came of each."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from courses.lesson_text import LessonText
from courses.models import Lesson
from learners.models import HandIn
from marketplace.lib import markdown

from . import drawing, inbox, standing
from .drawing import Drawing
from .inbox import Given


@dataclass(frozen=True)
class Work:
    """One hand-in. `drawing` and `given` are empty until the result may be seen."""

    hand_in: HandIn
    text: SafeString
    drawing: Drawing | None
    given: list[Given]
    may_appeal: bool


def context(learner: Any, lesson: Lesson) -> dict[str, Any]:
    here = standing.of(learner, lesson)
    works = [_work(each, here) for each in reversed(here.hand_ins)]
    return {
        "assignment": here.assignment, "here": here, "works": works,
        "task": LessonText(lesson.key).html(here.assignment.task),
    }  # fmt: skip


def _work(hand_in: HandIn, here: standing.Standing) -> Work:
    text = markdown.render_rich(hand_in.text)
    if not hand_in.is_shown:
        return Work(hand_in, text, None, [], may_appeal=False)
    return Work(hand_in, text, drawing.of(hand_in), inbox.given(hand_in), here.may_appeal(hand_in))
