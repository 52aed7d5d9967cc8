"""Writing a quiz: its rules, and its questions one by one. The lesson is held, so nothing is written over unseen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from .models import Lesson
from .ordering import stepped
from .quizzes.shape import Kind, Option, Question, Quiz, Reveal, new_id, new_option_id

WORDS = ("text", "code", "language", "pool", "explanation", "number", "tolerance", "lines", "output")


@transaction.atomic
def change_rules(lesson: Lesson, changes: Mapping[str, Any], revision: int | None = None) -> None:
    """Any of Quiz.SETTINGS, and the lesson's title. Raises EditedElsewhere, VersionClosed, ValidationError."""
    quiz = _held(lesson)
    told = {name: changes[name] for name in Quiz.SETTINGS if name in changes}
    if "reveal" in told:
        told["reveal"] = Reveal(told["reveal"])
    if "draws" in told:
        told["draws"] = _draws(quiz, told["draws"])
    lesson.edit(title=changes.get("title"), quiz=replace(quiz, **told), revision=revision)


@transaction.atomic
def add_question(lesson: Lesson, kind: str, told: Mapping[str, Any] | None = None) -> Question:
    """A new last question. Raises VersionClosed, ValidationError."""
    quiz = _held(lesson)
    if kind not in set(Kind):
        raise ValidationError({"kind": _("Choose how the question is answered.")})
    question = _with(Question(id=new_id(), kind=Kind(kind)), told or {})
    lesson.edit(quiz=replace(quiz, questions=(*quiz.questions, question)))
    return question


@transaction.atomic
def change_question(lesson: Lesson, key: str, told: Mapping[str, Any], revision: int | None = None) -> Question:
    """`told`: WORDS, points, accepted (texts) and options ({id?, text, is_right, explanation}).

    Raises EditedElsewhere, VersionClosed, ValidationError; Http404 when the question is gone.
    """
    quiz = _held(lesson)
    changed = _with(_asked(quiz, key), told)
    questions = tuple(changed if each.id == key else each for each in quiz.questions)
    lesson.edit(quiz=replace(quiz, questions=questions), revision=revision)
    return changed


@transaction.atomic
def move_question(lesson: Lesson, key: str, direction: str) -> None:
    """One place up or down; at the end: the same."""
    quiz = _held(lesson)
    questions = tuple(stepped(quiz.questions, quiz.questions.index(_asked(quiz, key)), direction))
    if questions != quiz.questions:
        lesson.edit(quiz=replace(quiz, questions=questions))


@transaction.atomic
def remove_question(lesson: Lesson, key: str) -> None:
    quiz = _held(lesson)
    gone = _asked(quiz, key)
    lesson.edit(quiz=replace(quiz, questions=tuple(each for each in quiz.questions if each != gone)))


def _held(lesson: Lesson) -> Quiz:
    lesson.hold_open()
    if lesson.kind != Lesson.Kind.QUIZ:
        raise Http404
    return lesson.questions


def _asked(quiz: Quiz, key: str) -> Question:
    question = quiz.question(key)
    if question is None:
        raise Http404
    return question


def _with(question: Question, told: Mapping[str, Any]) -> Question:
    plain = {name: told[name] for name in (*WORDS, "points") if name in told}
    question = replace(question, **{name: _tidy(name, value) for name, value in plain.items()})
    if "accepted" in told:
        question = replace(question, accepted=tuple(each.strip() for each in told["accepted"] if each.strip()))
    if "options" in told and question.has_options:
        question = replace(question, options=_options(question, told["options"]))
    return question


def _tidy(name: str, value: Any) -> Any:
    # Code and what it prints keep their indentation, and Markdown its line ends.
    return value if name in ("code", "output", "text", "explanation", "points") else value.strip()


def _options(question: Question, rows: list[Mapping[str, Any]]) -> tuple[Option, ...]:
    """An option keeps its id: the one that was sent, or that of the option which says the same."""
    by_text = {option.text: option.id for option in question.options}
    known = {option.id for option in question.options}
    options: list[Option] = []
    for row in rows:
        text = row.get("text", "").strip()
        if not text:
            continue
        taken = {option.id for option in options}
        wanted = [row.get("id", ""), by_text.get(text, "")]
        key = next((each for each in wanted if each in known - taken), "") or new_option_id(known | taken)
        options.append(Option(key, text, bool(row.get("is_right")), row.get("explanation", "").strip()))
    return tuple(options)


def _draws(quiz: Quiz, told: Mapping[str, int]) -> dict[str, int]:
    """Only of pools that are there, and never more than they have."""
    return {pool: max(1, min(told[pool], size)) for pool, size in quiz.pools.items() if pool in told}
