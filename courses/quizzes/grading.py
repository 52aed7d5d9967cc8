"""How an answer is graded. Pure: the same answer always gets the same share, on the server alone.

An answer is what JSON can hold: an option's id (single), ids (multiple; order, in the order given), numbers of lines
(lines), or a text (number, text, output). None is no answer.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import code
from .shape import Kind, Question

LONGEST_ANSWER = 500
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SPACE_AT_WIDE = re.compile(rf"(?<=[{_WIDE}]) | (?=[{_WIDE}])")

Answer = str | list[str] | None


def readable(question: Question, told: Any) -> Answer:
    """What was told, brought into the shape of an answer; what is none of this question's is no answer."""
    if question.takes_many:
        return _chosen(question, told)
    if not isinstance(told, str):
        return None
    told = _storable(told)
    if question.kind == Kind.SINGLE:
        return told if told in {option.id for option in question.options} else None
    if question.kind == Kind.OUTPUT:
        return code.printed(told)[: code.LONGEST_OUTPUT] or None
    return told.strip()[:LONGEST_ANSWER] or None


def _storable(text: str) -> str:
    """Without what PostgreSQL keeps in no JSON, and no keyboard types: NUL, and halves of signs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _chosen(question: Question, told: Any) -> list[str] | None:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        return None
    known = [line.key for line in question.code_lines] if question.kind == Kind.LINES else question.option_ids
    chosen = list(dict.fromkeys(each for each in told if each in known))
    if question.kind == Kind.ORDER:
        return chosen if len(chosen) == len(known) else None
    return [each for each in known if each in chosen] or None


def right_answer(question: Question) -> Answer:
    """An answer that is whole."""
    return question.right if question.takes_many else question.right[0]


def share(question: Question, answer: Answer) -> Fraction:
    """Between 0 and 1: how much of the question was answered rightly."""
    if answer is None:
        return Fraction(0)
    if question.kind == Kind.SINGLE:
        return Fraction(answer in question.right_ids)
    if question.kind in (Kind.MULTIPLE, Kind.LINES):
        right = set(question.right_ids)
        return Fraction(max(0, len(right & set(answer)) - len(set(answer) - right)), len(right) or 1)
    if question.kind == Kind.ORDER:
        in_place = sum(told == right for told, right in zip(answer, question.right_ids, strict=False))
        return Fraction(in_place, len(question.options) or 1)
    is_right = {Kind.NUMBER: _is_number, Kind.TEXT: _is_said, Kind.OUTPUT: _is_printed}[question.kind]
    return Fraction(is_right(question, str(answer)))


def number_of(text: str) -> Decimal | None:
    """A number as people type it: full-width digits, "1,000.5", "3,14", "1.2e3"; None for anything else."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").lower()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def folded(text: Any) -> str:
    """Case, width and spaces do not count: "ＰＹＴＨＯＮ  3" is "python 3", and "过 拟合" is "过拟合"."""
    plain = " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())
    return _SPACE_AT_WIDE.sub("", plain)


def _is_number(question: Question, text: str) -> bool:
    told, right = number_of(text), number_of(question.number)
    if told is None or right is None:
        return False
    return abs(told - right) <= (number_of(question.tolerance) or Decimal(0))


def _is_said(question: Question, text: str) -> bool:
    return folded(text) in {folded(each) for each in question.accepted}


def _is_printed(question: Question, text: str) -> bool:
    return code.printed(text) == code.printed(question.output)


@dataclass(frozen=True)
class Graded:
    """One question with what was answered. `points` of `question.points`, as an exact share."""

    question: Question
    answer: Answer
    share: Fraction

    @property
    def is_right(self) -> bool:
        return self.share == 1

    @property
    def points(self) -> Fraction:
        return self.share * self.question.points


@dataclass(frozen=True)
class Grade:
    items: tuple[Graded, ...]

    @property
    def most(self) -> int:
        return sum(item.question.points for item in self.items)

    @property
    def exact_percent(self) -> Fraction:
        return sum((item.points for item in self.items), Fraction(0)) * 100 / (self.most or 1)

    @property
    def percent(self) -> int:
        """Cut, never rounded up: 69.9 is not yet 70."""
        return int(self.exact_percent)


def grade(questions: list[Question], answers: Mapping[str, Any]) -> Grade:
    graded = []
    for question in questions:
        answer = readable(question, answers.get(question.id))
        graded.append(Graded(question, answer, share(question, answer)))
    return Grade(tuple(graded))
