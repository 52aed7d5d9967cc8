"""What a quiz is: its rules and its questions. Written as one document on its lesson; see docs/decisions/0037."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import code

MOST_QUESTIONS, MOST_OPTIONS, MOST_ACCEPTED = 100, 12, 20
LONGEST_TEXT, LONGEST_LINE, LONGEST_CODE = 4000, 500, 8000


class Kind(StrEnum):
    """How a question is answered. Code may be shown above any of them."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"
    ORDER = "order"
    LINES = "lines"
    OUTPUT = "output"


class Reveal(StrEnum):
    """When a learner is shown what was right."""

    CLOSED = "closed"
    FINAL = "final"


KIND_LABELS = {
    Kind.SINGLE: _("One answer"),
    Kind.MULTIPLE: _("Several answers"),
    Kind.NUMBER: _("A number"),
    Kind.TEXT: _("A few words"),
    Kind.ORDER: _("An order"),
    Kind.LINES: _("Lines of code"),
    Kind.OUTPUT: _("What code prints"),
}
REVEAL_LABELS = {
    Reveal.CLOSED: _("After every attempt"),
    Reveal.FINAL: _("Once the quiz is passed or no attempt is left"),
}


@dataclass(frozen=True)
class Option:
    """For ORDER, options stand in the right order and `is_right` says nothing."""

    id: str
    text: str
    is_right: bool = False
    explanation: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a question's code. `key` is what an answer names it by."""

    number: int
    text: str
    is_right: bool

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Question:
    """`text` and `explanation` are Markdown. `number` and `tolerance` are decimal texts: no float rounds them.

    `lines`: which of the code's are right, as "3, 5-7"; `output`: what the code prints.
    """

    id: str
    kind: Kind
    text: str = ""
    code: str = ""
    language: str = ""
    pool: str = ""
    points: int = 1
    explanation: str = ""
    options: tuple[Option, ...] = ()
    number: str = ""
    tolerance: str = "0"
    accepted: tuple[str, ...] = ()
    lines: str = ""
    output: str = ""

    HAS_OPTIONS: ClassVar = (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER)
    TAKES_MANY: ClassVar = (Kind.MULTIPLE, Kind.ORDER, Kind.LINES)

    @property
    def has_options(self) -> bool:
        return self.kind in self.HAS_OPTIONS

    @property
    def takes_many(self) -> bool:
        """Whether its answer is a list."""
        return self.kind in self.TAKES_MANY

    @property
    def kind_label(self) -> Any:
        return KIND_LABELS[self.kind]

    @property
    def fingerprint(self) -> str:
        """The same as long as the question asks the same: a new wording is another item to its figures."""
        told = [self.kind, self.text, self.code, self.number, self.tolerance, sorted(self.accepted)]
        # Only where they are used: questions that were asked before there were such kinds stay the items they are.
        told += [each for each in (self.lines, self.output) if each]
        options = [(option.text, option.is_right) for option in self.options]
        return hashlib.sha256(json.dumps([*told, options], ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def option_ids(self) -> list[str]:
        return [option.id for option in self.options]

    @property
    def right_ids(self) -> list[str]:
        if self.kind == Kind.LINES:
            return [line.key for line in self.code_lines if line.is_right]
        return [option.id for option in self.options if self.kind == Kind.ORDER or option.is_right]

    @property
    def code_lines(self) -> list[Line]:
        right = set(code.numbers(self.lines) or ())
        return [Line(number, text, number in right) for number, text in enumerate(code.lines(self.code), 1)]

    @property
    def right(self) -> list[str]:
        """What is right, as an answer would say it: ids, numbers of lines, or each text that is accepted."""
        by_kind = {Kind.NUMBER: [self.number], Kind.TEXT: list(self.accepted), Kind.OUTPUT: [self.output]}
        return by_kind.get(self.kind, self.right_ids)


@dataclass(frozen=True)
class Quiz:
    """`attempts` and `limit_minutes` None: without limit. `draws`: how many questions of a pool are asked."""

    intro: str = ""
    pass_percent: int = 70
    attempts: int | None = None
    wait_minutes: int = 0
    limit_minutes: int | None = None
    reveal: Reveal = Reveal.CLOSED
    shuffle: bool = True
    draws: Mapping[str, int] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    SETTINGS: ClassVar = (
        "intro", "pass_percent", "attempts", "wait_minutes", "limit_minutes", "reveal", "shuffle", "draws",
    )  # fmt: skip

    @property
    def pools(self) -> dict[str, int]:
        """Each pool with how many questions it has, in the order in which they first appear."""
        sizes: dict[str, int] = {}
        for question in self.questions:
            if question.pool:
                sizes[question.pool] = sizes.get(question.pool, 0) + 1
        return sizes

    @property
    def asked(self) -> int:
        """How many questions an attempt asks."""
        sizes = self.pools
        alone = sum(not question.pool for question in self.questions)
        return alone + sum(min(self.draws.get(pool, size), size) for pool, size in sizes.items())

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.id == key), None)


def read(document: Mapping[str, Any] | None) -> Quiz:
    """The quiz of a document that `written` made; None is a new quiz."""
    if not document:
        return Quiz()
    named = {each.name for each in fields(Quiz)} - {"questions", "reveal"}
    questions = tuple(_question(each) for each in document.get("questions", ()))
    told = {name: value for name, value in document.items() if name in named}
    return Quiz(**told, reveal=Reveal(document.get("reveal", "closed")), questions=questions)


def _question(told: Mapping[str, Any]) -> Question:
    plain = {name: value for name, value in told.items() if name not in ("kind", "options", "accepted")}
    options = tuple(Option(**each) for each in told.get("options", ()))
    return Question(**plain, kind=Kind(told["kind"]), options=options, accepted=tuple(told.get("accepted", ())))


def written(quiz: Quiz) -> dict[str, Any]:
    """As JSON; `read` gives the same quiz back."""
    return {
        **{name: getattr(quiz, name) for name in Quiz.SETTINGS if name != "draws"},
        "reveal": quiz.reveal.value,
        "draws": dict(quiz.draws),
        "questions": [_as_json(question) for question in quiz.questions],
    }


def _as_json(question: Question) -> dict[str, Any]:
    told = {each.name: getattr(question, each.name) for each in fields(Question)}
    options = [{each.name: getattr(option, each.name) for each in fields(Option)} for option in question.options]
    return {**told, "kind": question.kind.value, "options": options, "accepted": list(question.accepted)}


def new_id() -> str:
    return str(uuid.uuid4())


def new_option_id(taken: Iterable[str]) -> str:
    """Eight signs that no other option of the question has."""
    used = set(taken)
    while (drawn := uuid.uuid4().hex[:8]) in used:
        pass
    return drawn


def must_hold(quiz: Quiz) -> None:
    """Bounds that even a draft keeps. Raises ValidationError by field."""
    if len(quiz.questions) > MOST_QUESTIONS:
        raise ValidationError({"questions": _("A quiz has at most 100 questions.")})
    if not 1 <= quiz.pass_percent <= 100:
        raise ValidationError({"pass_percent": _("The pass mark is between 1 and 100 percent.")})
    if quiz.attempts is not None and not 1 <= quiz.attempts <= 100:
        raise ValidationError({"attempts": _("Allow between 1 and 100 attempts, or leave it empty.")})
    if not 0 <= quiz.wait_minutes <= 60 * 24 * 30:
        raise ValidationError({"wait_minutes": _("The wait between attempts is at most 30 days.")})
    if quiz.limit_minutes is not None and not 1 <= quiz.limit_minutes <= 600:
        raise ValidationError({"limit_minutes": _("The time limit is between 1 and 600 minutes, or empty.")})
    if len(quiz.intro) > LONGEST_TEXT:
        raise ValidationError({"intro": _("This text is too long.")})
    for question in quiz.questions:
        _must_be_short(question)


def _must_be_short(question: Question) -> None:
    lines = [*question.accepted, *(option.text for option in question.options), question.pool, question.language]
    whys = [question.text, question.explanation, *(option.explanation for option in question.options)]
    too_long = any(len(line) > LONGEST_LINE for line in lines) or any(len(text) > LONGEST_TEXT for text in whys)
    too_long = too_long or len(question.lines) > LONGEST_LINE or len(question.output) > code.LONGEST_OUTPUT
    if too_long or len(question.code) > LONGEST_CODE:
        raise ValidationError({"text": _("This text is too long.")})
    if len(question.options) > MOST_OPTIONS:
        raise ValidationError({"options": _("A question has at most 12 options.")})
    if len(question.accepted) > MOST_ACCEPTED:
        raise ValidationError({"accepted": _("A question has at most 20 accepted answers.")})
    if not 1 <= question.points <= 20:
        raise ValidationError({"points": _("A question counts between 1 and 20 points.")})
