"""What moderation writes to creators: one place for the words, so that a preview is what will be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses.models import Decision, Lesson, Takedown, Version
from creators.models import Suspension
from marketplace.lib import emails, links

from . import rubric

TEMPLATES = {Decision.Verdict.APPROVE: "moderation/approved", Decision.Verdict.RETURN: "moderation/sent_back"}


@dataclass(frozen=True)
class Message:
    """A mail before it is sent, in its reader's language."""

    to: str
    subject: str
    text: str


def preview(version: Version, verdict: str, reason: str, findings: Iterable[Mapping[str, Any]]) -> Message:
    """The mail that this decision would send."""
    reader = version.course.creator.user
    context = _outcome(version, verdict, reason, findings, rubric.CURRENT.version)
    with translation.override(reader.language):
        words = render_to_string(f"mail/{TEMPLATES[Decision.Verdict(verdict)]}.txt", {**context, "reader": reader})
    subject, _newline, text = words.strip().partition("\n")
    return Message(reader.email, subject.strip(), text.strip())


def mail_outcome(decision: Decision) -> None:
    version = decision.submission.version
    findings = list(decision.findings.values("rule_code", "lesson_key", "at_second", "text"))
    emails.post(
        f"decision:{decision.pk}",
        version.course.creator.user,
        TEMPLATES[Decision.Verdict(decision.verdict)],
        _outcome(version, decision.verdict, decision.reason, findings, decision.rubric_version),
    )


def mail_takedown(takedown: Takedown) -> None:
    course = takedown.course
    emails.post(
        f"takedown:{takedown.pk}",
        course.creator.user,
        "moderation/takedown_notice",
        {
            "course": course,
            "rule": _Title(rubric.CURRENT.version, takedown.rule_code),
            "reason": takedown.reason,
            "action_url": links.absolute(reverse("studio:publish", args=[course.slug])),
            "action_label": _("Open the course in the studio"),
        },
    )


def mail_lifted(takedown: Takedown) -> None:
    course = takedown.course
    emails.post(
        f"takedown-lifted:{takedown.pk}",
        course.creator.user,
        "moderation/takedown_lifted",
        {
            "course": course,
            "reason": takedown.lift_reason,
            "action_url": links.absolute(reverse("courses:detail", args=[course.slug])),
            "action_label": _("See the course page"),
        },
    )


def mail_suspension(suspension: Suspension) -> None:
    emails.post(
        f"suspension:{suspension.pk}",
        suspension.creator.user,
        "moderation/suspension_notice",
        {"rule": _Title(rubric.CURRENT.version, suspension.rule_code), "reason": suspension.reason},
    )


def mail_suspension_lifted(suspension: Suspension) -> None:
    emails.post(
        f"suspension-lifted:{suspension.pk}",
        suspension.creator.user,
        "moderation/suspension_lifted",
        {
            "reason": suspension.lift_reason,
            "action_url": links.absolute(reverse("studio:courses")),
            "action_label": _("Open the studio"),
        },
    )


def _outcome(
    version: Version, verdict: str, reason: str, findings: Iterable[Mapping[str, Any]], rubric_version: str
) -> dict[str, Any]:
    course = version.course
    is_approval = verdict == Decision.Verdict.APPROVE
    page = "courses:detail" if is_approval else "studio:publish"
    return {
        "course": course,
        "title": version.title,
        "reason": reason.strip(),
        "findings": _told(version, findings, rubric_version),
        "action_url": links.absolute(reverse(page, args=[course.slug])),
        "action_label": _("See the course page") if is_approval else _("See the findings in the studio"),
    }


def _told(version: Version, findings: Iterable[Mapping[str, Any]], rubric_version: str) -> list[dict[str, Any]]:
    lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(section__version=version)}
    told = []
    for found in findings:
        key = found.get("lesson_key")
        lesson = lessons.get(UUID(str(key))) if key else None
        told.append(
            {
                "rule": _Title(rubric_version, found["rule_code"]),
                "lesson": lesson.title if lesson else "",
                "at": clock_text(found.get("at_second")),
                "text": found.get("text", ""),
                "url": links.absolute(reverse("studio:lesson", args=[version.course.slug, lesson.pk]))
                if lesson
                else "",
            }
        )
    return told


def clock_text(second: int | None) -> str:
    """75 as 1:15, 3675 as 1:01:15; empty for None."""
    if second is None:
        return ""
    minutes, rest = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True)
class _Title:
    """A rule's title, said in the language that is active when it is written down."""

    version: str
    code: str

    def __str__(self) -> str:
        return rubric.rule_title(self.version, self.code)
