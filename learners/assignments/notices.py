"""Mails about assignments. No name of a learner is in any of them: a mail stays where it was sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from learners.models import HandIn, HandInAppeal, HandInRuling, PeerTurn
from marketplace.lib import links


def handed_in(work: HandIn) -> None:
    """To the creator, when she is the one to mark it."""
    if not work.assignment.is_by_peers:
        _to_creator(f"hand-in:{work.pk}", work, "handed_in", _("Review it"))


def given_to_creator(work: HandIn) -> None:
    """To the creator, since three peers were not found in time; and to the learner."""
    _to_creator(f"hand-in-given:{work.pk}", work, "hand_in_given", _("Review it"))
    _to_learner(f"hand-in-moved:{work.pk}", work, "hand_in_moved", _("Open the assignment"))


def kept_from_peers(work: HandIn, hiding_pk: int) -> None:
    """To the creator: a moderator wants no peer to have it. Its learner hears of the measure."""
    _to_creator(f"hand-in-kept:{hiding_pk}", work, "handed_in", _("Review it"))


def turn_expired(turn: PeerTurn) -> None:
    lesson = turn.hand_in.lesson
    _post(
        f"turn-expired:{turn.pk}", turn.reviewer, "assignments/turn_expired", lesson, _lesson_url(lesson),
        _("Open the assignment"),
    )  # fmt: skip


def result_shown(work: HandIn) -> None:
    _to_learner(f"hand-in-result:{work.pk}", work, "result_shown", _("See the result"))


def appealed(appeal: HandInAppeal) -> None:
    _to_creator(f"hand-in-appeal:{appeal.pk}", appeal.hand_in, "appealed", _("Answer the appeal"))


def ruled(ruling: HandInRuling) -> None:
    _to_learner(f"hand-in-ruling:{ruling.pk}", ruling.appeal.hand_in, "ruled", _("Read the answer"))


def _to_creator(key: str, work: HandIn, template: str, label: Any) -> None:
    creator = work.lesson.version.course.creator.user
    _post(key, creator, f"assignments/{template}", work.lesson, reverse("learners:hand_in", args=[work.pk]), label)


def _to_learner(key: str, work: HandIn, template: str, label: Any) -> None:
    _post(key, work.learner, f"assignments/{template}", work.lesson, _lesson_url(work.lesson), label)


def _lesson_url(lesson: Any) -> str:
    return reverse("learners:lesson", args=[lesson.version.course.slug, lesson.key])


def _post(key: str, to: Any, template: str, lesson: Any, address: str, label: Any) -> None:
    context = {
        "lesson": lesson, "course": lesson.version.course, "action_url": links.absolute(address), "action_label": label
    }  # fmt: skip
    notices.tell(key, to, template, context)
