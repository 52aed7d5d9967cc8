"""What a course is judged by before it is published: the rules of the book that are asked for in review."""

from dataclasses import dataclass

from . import rulebook
from .models import RuleVersion
from .models.rule import UnknownRule
from .rulebook import rule_title

__all__ = ["Rubric", "UnknownRule", "current", "rule_title"]


@dataclass(frozen=True)
class Rubric:
    """`version` is the edition of the book; decisions name it, and their findings name the rule's wording."""

    version: str
    rules: tuple[RuleVersion, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(rule.code for rule in self.rules)

    def rule(self, code: str) -> RuleVersion:
        """Raises UnknownRule."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise UnknownRule(rule_code=code)


def current() -> Rubric:
    book = rulebook.book()
    return Rubric(book.edition, tuple(rule for rule in book.rules if rule.is_reviewed))
