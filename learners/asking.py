"""Questions as a page asks them: their words, the names of their fields, and a form's fields back as answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from courses.lesson_text import LessonText
from courses.quizzes.grading import Answer, Graded
from courses.quizzes.shape import Kind, Line, Option, Question


@dataclass(frozen=True)
class Choice:
    """An option with its field. `place`: of an order, where the learner has put it (1 is first)."""

    option: Option
    field: str
    is_chosen: bool
    place: int | None


@dataclass(frozen=True)
class Asked:
    """One question on a page; nothing in here says what is right."""

    number: int
    question: Question
    text: SafeString
    given: Answer

    @property
    def field(self) -> str:
        return field_of(self.question)

    @property
    def choices(self) -> list[Choice]:
        given = self.given if isinstance(self.given, list) else [self.given]
        return [
            Choice(
                option,
                place_field(self.question, option),
                option.id in given,
                given.index(option.id) + 1 if option.id in given else None,
            )
            for option in self.question.options
        ]

    @property
    def lines(self) -> list[tuple[Line, bool]]:
        """The lines of the code, and whether each is marked."""
        marked = self.given if isinstance(self.given, list) else []
        return [(line, line.key in marked) for line in self.question.code_lines]

    @property
    def places(self) -> range:
        return range(1, len(self.question.options) + 1)


@dataclass(frozen=True)
class Corrected:
    """One question with what was answered and, where that may be seen, what is right and why."""

    number: int
    item: Graded
    text: SafeString
    explanation: SafeString

    @property
    def chosen(self) -> list[Option]:
        given = self.item.answer if isinstance(self.item.answer, list) else [self.item.answer]
        by_id = {option.id: option for option in self.item.question.options}
        return [by_id[str(key)] for key in given if key in by_id]

    @property
    def chosen_ids(self) -> set[str]:
        answer = self.item.answer
        return set(answer) if isinstance(answer, list) else {str(answer)}


def asked(questions: Iterable[Question], given: Mapping[str, Answer], words: LessonText) -> list[Asked]:
    return [
        Asked(number, question, words.html(question.text), given.get(question.id))
        for number, question in enumerate(questions, 1)
    ]


def corrected(items: Iterable[Graded], words: LessonText) -> list[Corrected]:
    return [
        Corrected(number, item, words.html(item.question.text), words.html(item.question.explanation))
        for number, item in enumerate(items, 1)
    ]


def field_of(question: Question) -> str:
    return f"q-{question.id}"


def place_field(question: Question, option: Option) -> str:
    return f"q-{question.id}-{option.id}"


def told(form: QueryDict, questions: Iterable[Question]) -> dict[str, Any]:
    """Answers by question id; none or an empty one takes it back. What the form does not name was not on the page."""
    found: dict[str, Any] = {}
    for question in questions:
        name = field_of(question)
        if question.kind == Kind.ORDER:
            if any(place_field(question, option) in form for option in question.options):
                found[question.id] = _order(form, question) or None
        elif name in form:
            # Boxes go with an empty one: where all were unticked, the answer is taken back.
            found[question.id] = list(filter(None, form.getlist(name))) if question.takes_many else form[name]
    return found


def _order(form: QueryDict, question: Question) -> list[str]:
    """The options by their places; nothing while two stand in one place or one stands nowhere."""
    places = {form.get(place_field(question, option), ""): option.id for option in question.options}
    wanted = [str(place) for place in range(1, len(question.options) + 1)]
    return [places[place] for place in wanted] if sorted(places) == sorted(wanted) else []
