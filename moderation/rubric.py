"""What a course is judged by. A rubric is code with a version; a decision names the version that it applied, so an old
decision is read with the words of its day. Rules are never edited in place: add a version instead.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError


class UnknownRule(DomainError):
    code = "unknown_rule"
    status = 400
    message = _("There is no such rule in this rubric.")


@dataclass(frozen=True)
class Rule:
    """`about` says what a finding can point to: the course as a whole, or a lesson and a second in it."""

    code: str
    title: str | Promise
    text: str | Promise
    about: str = "lesson"


@dataclass(frozen=True)
class Rubric:
    version: str
    rules: tuple[Rule, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(rule.code for rule in self.rules)

    def rule(self, code: str) -> Rule:
        """Raises UnknownRule."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise UnknownRule(rule_code=code)


_FIRST = Rubric(
    "2026-01",
    (
        Rule(
            "honest_title",
            _("The title and the promise are honest"),
            _("The lessons hold what title, subtitle and outcomes promise. No guaranteed income or results."),
            about="course",
        ),
        Rule(
            "outcomes_taught",
            _("The outcomes are taught"),
            _("Each listed outcome can be pointed to in a lesson."),
            about="course",
        ),
        Rule(
            "language_matches",
            _("The language is the one stated"),
            _("Speech and articles are in the course's language, and the level fits what is taught."),
        ),
        Rule(
            "picture_quality",
            _("The picture can be followed"),
            _("Text on the screen can be read, the picture is not frozen, black, or shaken."),
        ),
        Rule(
            "sound_quality",
            _("The sound can be followed"),
            _("Speech is clear and even; no clipping, hum, or silence where there should be speech."),
        ),
        Rule(
            "rights",
            _("The creator may use what is shown"),
            _("No copied films, music, pictures or texts without a right to them; sources are named."),
        ),
        Rule(
            "no_selling_in_lessons",
            _("Lessons teach and do not sell"),
            _("No advertising, no links to buy elsewhere, no asking for contact outside the lesson's purpose."),
        ),
        Rule(
            "safe_content",
            _("The content is safe and lawful"),
            _("No hatred, no harassment, no sexual content, no instructions for harm; risks of practice are named."),
        ),
        Rule(
            "privacy",
            _("Nobody is shown against their will"),
            _("No personal data of others, no recognizable people who did not agree."),
        ),
    ),
)

RUBRICS: dict[str, Rubric] = {rubric.version: rubric for rubric in (_FIRST,)}
CURRENT = _FIRST


def rule_title(version: str, code: str) -> str:
    """The rule's title in the words of that version; the bare code for a rule that is no longer known."""
    try:
        return str(RUBRICS[version].rule(code).title)
    except (KeyError, UnknownRule):
        return code
