"""A learner's skills in words: each with its level and its reasons, for her own page and for the one that she shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Course, Skill, SkillLevel

from . import skill_evidence
from .skill_profile import Evidence, Kind, Known


@dataclass(frozen=True)
class Reason:
    text: str
    level: SkillLevel
    at: datetime
    course: Course


@dataclass(frozen=True)
class ShownSkill:
    skill: Skill
    level: SkillLevel
    reasons: list[Reason]


def of(learner: Any) -> list[ShownSkill]:
    """In the order of the list of skills."""
    known = skill_evidence.known_by(learner)
    courses = courses_of(known.values())
    return [_shown(skill, known[skill.pk], courses) for skill in Skill.objects.known() if skill.pk in known]


def courses_of(known: Any) -> dict[int, Course]:
    """The courses that the reasons speak of, in one query."""
    return Course.objects.in_bulk({reason.course for one in known for reason in one.reasons})


def reason_of(evidence: Evidence, courses: dict[int, Course]) -> Reason:
    course = courses[evidence.course]
    return Reason(_words(evidence.kind) % {"course": course.title}, SkillLevel(evidence.level), evidence.at, course)


def _shown(skill: Skill, known: Known, courses: dict[int, Course]) -> ShownSkill:
    return ShownSkill(skill, SkillLevel(known.level), [reason_of(one, courses) for one in known.reasons])


def _words(kind: Kind) -> str:
    match kind:
        case Kind.CERTIFICATE:
            return _("Certificate for “%(course)s”")
        case Kind.COMPLETED:
            return _("Finished “%(course)s”")
        case Kind.QUIZZES:
            return _("Passed every quiz of “%(course)s”")
