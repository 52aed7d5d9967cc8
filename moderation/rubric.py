"""What a course is judged by before it is published: the rules of the book that are asked for in review."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import rulebook
from .models import RuleVersion
from .models.rule import UnknownRule
from .rulebook import rule_title

__all__ = ["Rubric", "UnknownRule", "current", "rule_title"]

JUDGE_ALL = _("To approve, judge every rule as holding. What has a finding is sent back.")


@dataclass(frozen=True)
class Rubric:
    """`version` is the edition of the book; decisions name it, and their findings name the rule's wording."""

    version: str
    rules: tuple[RuleVersion, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(rule.code for rule in self.rules)

    def is_held_whole(self, codes: Iterable[str]) -> bool:
        """Whether these are all of its rules. To approve takes each of them judged as holding, on the page and over
        the API.
        """
        return self.codes == frozenset(codes)

    def rule(self, code: str) -> RuleVersion:
        """Raises UnknownRule."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise UnknownRule(rule_code=code)


def current() -> Rubric:
    book = rulebook.book()
    return Rubric(book.edition, tuple(rule for rule in book.rules if rule.is_reviewed))
