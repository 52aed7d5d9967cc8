"""What moderation writes to people: one place for the words, so that a preview is what will be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from courses.models import Decision, Lesson, Version
from marketplace.lib import links

from . import impartial, rulebook
from .models import Appeal, AppealAnswer, Measure, RefundWave, Report, SecondJudgment

if TYPE_CHECKING:
    from .measures.wish import Wish

TEMPLATES = {Decision.Verdict.APPROVE: "moderation/approved", Decision.Verdict.RETURN: "moderation/sent_back"}


@dataclass(frozen=True)
class Message:
    """A mail before it is sent, in its reader's language."""

    to: str
    subject: str
    text: str


def preview(version: Version, verdict: str, reason: str, findings: Iterable[Mapping[str, Any]]) -> Message:
    """The mail that this decision would send."""
    context = _outcome(version, verdict, reason, findings)
    return written(version.course.creator.user, TEMPLATES[Decision.Verdict(verdict)], context)


def written(reader: User, template: str, context: Mapping[str, Any]) -> Message:
    """What `notices.tell` would send her of it."""
    with translation.override(reader.language):
        words = render_to_string(f"mail/{template}.txt", {**context, "reader": reader})
    subject, _newline, text = words.strip().partition("\n")
    return Message(reader.email, subject.strip(), text.strip())


def mail_outcome(decision: Decision) -> None:
    version = decision.submission.version
    findings = list(decision.findings.values("rule_code", "rule_version", "lesson_key", "at_second", "text"))
    notices.tell(
        f"decision:{decision.pk}",
        version.course.creator.user,
        TEMPLATES[Decision.Verdict(decision.verdict)],
        _outcome(version, decision.verdict, decision.reason, findings),
    )


def mail_second_look(judgment: SecondJudgment) -> None:
    """To a creator whose version was sent back, though a second reader would have let it through."""
    version = judgment.look.decision.submission.version
    context = {
        "title": version.title,
        "number": version.number,
        "action_url": links.absolute(reverse("studio:publish", args=[version.course.slug])),
    }
    notices.tell(f"second_look:{judgment.pk}", version.course.creator.user, "moderation/second_look", context)


def preview_measure(wish: "Wish") -> Message:
    """The mail that its owner would get."""
    return written(wish.target.owner, "moderation/measure_notice", _measure_context(wish))


def mail_measure(measure: Measure, wish: "Wish") -> None:
    if measure.action != Measure.Action.DISMISS:
        notices.tell(f"measure:{measure.pk}", measure.owner, "moderation/measure_notice", _measure_context(wish))


def _measure_context(wish: "Wish") -> dict[str, Any]:
    assert wish.rule is not None
    return {
        "action": wish.action,
        "title": wish.target.title,
        "course": wish.target.course,
        "rule": _Title(wish.rule.code, wish.rule.number),
        "rule_url": links.absolute(reverse("rules:rule", args=[wish.rule.code])),
        "reason": wish.reason.strip(),
        "days": wish.days if wish.ends_at() else None,
        "takes_back": wish.takes_back,
        "action_url": links.absolute(reverse("reports:about_me")),
        "action_label": _("See the decision, or appeal"),
    }


def mail_second_wanted(wave: RefundWave) -> None:
    """To every senior moderator who may agree."""
    measure = wave.measure
    for person in impartial.others(User.objects.with_role("senior"), impartial.anew(measure)):
        notices.tell(
            f"refund-second:{wave.pk}:{person.pk}",
            person,
            "moderation/refund_second",
            {
                "title": measure.title,
                "decided_by": measure.decided_by,
                "reason": measure.reason,
                "action_url": links.absolute(reverse("moderation:refunds")),
                "action_label": _("See what waits"),
            },
        )


def mail_refund_declined(wave: RefundWave, reason: str) -> None:
    """To the owner: the course stays off the sale, and nobody's money goes back."""
    notices.tell(
        f"refund-declined:{wave.pk}",
        wave.measure.owner,
        "moderation/refund_declined",
        {
            "title": wave.measure.title,
            "reason": reason,
            "action_url": links.absolute(reverse("reports:about_me")),
            "action_label": _("See the decision"),
        },
    )


def mail_reversal(reversal: Measure) -> None:
    """To the owner, that a measure has ended: taken back, overturned, or over."""
    context = _reversal_context(reversal, reversal.cause, reversal.reason)
    notices.tell(f"measure:{reversal.pk}", reversal.owner, "moderation/measure_ended", context)


def preview_reversal(measure: Measure, cause: str, reason: str) -> Message:
    """The mail that its owner would get."""
    return written(measure.owner, "moderation/measure_ended", _reversal_context(measure, cause, reason.strip()))


def _reversal_context(measure: Measure, cause: str, reason: str) -> dict[str, Any]:
    return {
        "action": measure.action,
        "cause": cause,
        "title": measure.title,
        "reason": reason,
        "action_url": links.absolute(reverse("reports:about_me")),
        "action_label": _("See the decision"),
    }


def mail_appeal(appeal: Appeal) -> None:
    """That it has come in, and by when another person answers."""
    notices.tell(
        f"appeal:{appeal.pk}",
        appeal.by,
        "moderation/appeal_received",
        {
            "title": appeal.measure.title,
            "due_at": appeal.due_at,
            "action_url": links.absolute(reverse("reports:about_me")),
            "action_label": _("See the decision"),
        },
    )


def mail_appeal_answer(answer: AppealAnswer) -> None:
    context = _answer_context(answer.appeal, answer.verdict, answer.reason)
    notices.tell(f"appeal-answer:{answer.pk}", answer.appeal.by, "moderation/appeal_answer", context)


def preview_appeal_answer(appeal: Appeal, verdict: str, reason: str) -> Message:
    """The mail that whoever appealed would get."""
    return written(appeal.by, "moderation/appeal_answer", _answer_context(appeal, verdict, reason.strip()))


def _answer_context(appeal: Appeal, verdict: str, reason: str) -> dict[str, Any]:
    return {
        "title": appeal.measure.title,
        "is_overturned": verdict == AppealAnswer.Verdict.OVERTURNED,
        "reason": reason,
        "action_url": links.absolute(reverse("reports:about_me")),
        "action_label": _("See the decision"),
    }


def mail_answer(report: Report, measure: Measure) -> None:
    """To somebody who reported: what became of it."""
    assert report.reporter is not None
    notices.tell(
        f"report-answer:{report.pk}",
        report.reporter,
        "moderation/report_answer",
        {
            "title": report.case.title,
            "is_upheld": measure.action != Measure.Action.DISMISS,
            "done": Measure.Action(measure.action).label,
            "rule": _Title(measure.rule.code, measure.rule.number) if measure.rule else "",
            "action_url": links.absolute(reverse("reports:mine")),
            "action_label": _("Your reports"),
        },
    )


def _outcome(version: Version, verdict: str, reason: str, findings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    course = version.course
    is_approval = verdict == Decision.Verdict.APPROVE
    page = "courses:detail" if is_approval else "studio:publish"
    return {
        "course": course,
        "title": version.title,
        "reason": reason.strip(),
        "findings": _told(version, findings),
        "action_url": links.absolute(reverse(page, args=[course.slug])),
        "action_label": _("See the course page") if is_approval else _("See the findings in the studio"),
    }


def _told(version: Version, findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(section__version=version)}
    told = []
    for found in findings:
        key = found.get("lesson_key")
        lesson = lessons.get(UUID(str(key))) if key else None
        told.append(
            {
                "rule": _Title(found["rule_code"], found.get("rule_version")),
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

    code: str
    number: int | None

    def __str__(self) -> str:
        return rulebook.rule_title(self.code, self.number)
