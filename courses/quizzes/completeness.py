"""What a quiz still lacks before anybody can take it."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import code
from .grading import folded, number_of
from .shape import Kind, Question, Quiz


def lacks(quiz: Quiz) -> dict[str, list[str | Promise]]:
    """By the question's id what is to mend; "" is the quiz itself. Empty: it can be taken."""
    found: dict[str, list[str | Promise]] = {}
    if not quiz.questions:
        found[""] = [_("Write at least one question.")]
    for question in quiz.questions:
        if missing := list(_of(question)):
            found[question.id] = missing
    return found


def is_complete(quiz: Quiz) -> bool:
    return not lacks(quiz)


def _of(question: Question) -> Iterator[str | Promise]:
    if not question.text.strip() and not question.code.strip():
        yield _("Write the question.")
    if question.has_options:
        yield from _of_options(question)
    elif question.kind == Kind.NUMBER:
        yield from _of_number(question)
    elif question.kind == Kind.LINES:
        yield from _of_lines(question)
    elif question.kind == Kind.OUTPUT:
        yield from _of_output(question)
    elif not any(folded(each) for each in question.accepted):
        yield _("Write at least one accepted answer.")


def _of_options(question: Question) -> Iterator[str | Promise]:
    texts = [folded(option.text) for option in question.options]
    if len(texts) < 2:
        yield _("Write at least two options.")
    if len(set(texts)) < len(texts):
        yield _("Two options say the same.")
    if question.kind == Kind.SINGLE and len(question.right_ids) != 1:
        yield _("Mark exactly one option as right.")
    if question.kind == Kind.MULTIPLE and not question.right_ids:
        yield _("Mark at least one option as right.")


def _of_number(question: Question) -> Iterator[str | Promise]:
    if number_of(question.number) is None:
        yield _("Write the right number.")
    tolerance = number_of(question.tolerance)
    if tolerance is None or tolerance < 0:
        yield _("The tolerance is a number from 0 on.")


def _of_lines(question: Question) -> Iterator[str | Promise]:
    count = len(question.code_lines)
    if not code.LEAST_LINES <= count <= code.MOST_LINES:
        yield _("Write code of 2 to 100 lines.")
    right = code.numbers(question.lines)
    if right is None:
        yield _("Name the right lines by their numbers, such as 3, 5-7.")
    elif right[-1] > count:
        yield _("The code has no line %(number)s.") % {"number": right[-1]}
    elif len(right) == count:
        yield _("Leave at least one line that is not right.")


def _of_output(question: Question) -> Iterator[str | Promise]:
    if not question.code.strip():
        yield _("Write the code that is read.")
    if not code.printed(question.output):
        yield _("Write what the code prints.")
