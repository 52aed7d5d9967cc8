"""What one attempt asks: which questions of each pool, in which order, and the order of their options."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .shape import Kind, Question, Quiz

# A question's id and its options' ids in the order shown.
Drawn = list[dict[str, Any]]


def draw(quiz: Quiz, dice: random.Random) -> Drawn:
    """Questions keep their places, also those drawn from a pool; options are shuffled where the quiz says so."""
    chosen: set[str] = set()
    for pool in ("", *quiz.pools):
        members = [question.id for question in quiz.questions if question.pool == pool]
        wanted = len(members) if not pool else min(quiz.draws.get(pool, len(members)), len(members))
        chosen.update(dice.sample(members, wanted))
    asked = [question for question in quiz.questions if question.id in chosen]
    return [{"question": question.id, "options": _shown(quiz, question, dice)} for question in asked]


def alone(quiz: Quiz, question: Question, dice: random.Random) -> Question:
    """One question outside of an attempt, its options in an order of its own. Not for grading."""
    by_id = {option.id: option for option in question.options}
    return replace(question, options=tuple(by_id[key] for key in _shown(quiz, question, dice)))


def _shown(quiz: Quiz, question: Question, dice: random.Random) -> list[str]:
    ids = [option.id for option in question.options]
    if question.kind == Kind.ORDER:
        return _disordered(ids, dice)
    return dice.sample(ids, len(ids)) if quiz.shuffle else ids


def _disordered(ids: list[str], dice: random.Random) -> list[str]:
    """Never the right order itself, which would be an answer given away."""
    if len(ids) < 2:
        return ids
    while (shown := dice.sample(ids, len(ids))) == ids:
        pass
    return shown


def graded(quiz: Quiz, drawn: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The drawn questions as they were written: an order's options stand as they should."""
    return [question for each in drawn if (question := quiz.question(each["question"]))]


def shown(quiz: Quiz, drawn: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The drawn questions as their learner sees them: options in the order of the draw. Not for grading."""
    found = []
    for each in drawn:
        question = quiz.question(each["question"])
        if question is not None:
            by_id = {option.id: option for option in question.options}
            options = tuple(by_id[key] for key in each["options"] if key in by_id)
            found.append(replace(question, options=options))
    return found
