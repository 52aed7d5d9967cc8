"""Where a learner is with one assignment. Pages, API and the rules themselves ask here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from courses.assignments.shape import Assignment
from courses.models import Lesson
from learners.models import Assessment, Enrollment, HandIn, HandInDraft, PeerTurn
from learners.models.assessment import APPEAL
from learners.rights import learning


@dataclass(frozen=True)
class Standing:
    lesson: Lesson
    assignment: Assignment
    enrollment: Enrollment | None
    hand_ins: list[HandIn]
    draft: HandInDraft | None
    turn: PeerTurn | None
    given: int
    now: datetime

    @property
    def last(self) -> HandIn | None:
        return self.hand_ins[-1] if self.hand_ins else None

    @property
    def shown(self) -> list[HandIn]:
        return [each for each in self.hand_ins if each.is_shown]

    @property
    def is_passed(self) -> bool:
        return any(each.outcome.passed for each in self.shown)

    @property
    def best(self) -> int | None:
        return max((each.outcome.percent for each in self.shown), default=None)

    @property
    def waiting(self) -> HandIn | None:
        """What is handed in and has no result that she may see."""
        return self.last if self.last is not None and not self.last.is_shown else None

    @property
    def left(self) -> int | None:
        """How often she may still hand in; None: as often as she likes."""
        allowed = self.assignment.attempts
        return None if allowed is None else max(0, allowed - len(self.hand_ins))

    @property
    def appeal_waits(self) -> bool:
        appeal = getattr(self.last, "appeal", None)
        return appeal is not None and getattr(appeal, "ruling", None) is None

    @property
    def may_hand_in(self) -> bool:
        """The first time, or to improve what was shown and has not passed."""
        is_free = self.waiting is None and not self.is_passed and not self.appeal_waits
        return self.enrollment is not None and is_free and self.left != 0 and bool(self.assignment.criteria)

    @property
    def is_improving(self) -> bool:
        return bool(self.hand_ins)

    @property
    def due_at(self) -> datetime | None:
        days = self.assignment.due_days
        return self.enrollment.granted_at + timedelta(days=days) if days and self.enrollment else None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.now > self.due_at

    @property
    def owed(self) -> int:
        """How many works of others she still has to review before she sees her own result."""
        waiting = self.waiting
        return max(0, waiting.assignment.owed - self.given) if waiting and waiting.handling.by_peers else 0

    @property
    def may_review(self) -> bool:
        """Who has handed in herself reviews others, of whatever version."""
        return self.enrollment is not None and bool(self.hand_ins) and self.assignment.is_by_peers

    def may_appeal(self, hand_in: HandIn) -> bool:
        shown_at = hand_in.handling.shown_at
        if self.enrollment is None or shown_at is None or getattr(hand_in, "appeal", None) is not None:
            return False
        is_last = self.last is not None and hand_in.pk == self.last.pk
        return is_last and not hand_in.outcome.passed and self.now <= shown_at + APPEAL


def of(learner: Any, lesson: Lesson, now: datetime | None = None) -> Standing:
    rows = HandIn.objects.of(learner).filter(lesson_key=lesson.key).whole()
    drafts = HandInDraft.objects.of(learner).filter(lesson_key=lesson.key).prefetch_related("files")
    turns = PeerTurn.objects.of(learner).live().filter(lesson_key=lesson.key)
    return Standing(
        lesson=lesson,
        assignment=lesson.assigned,
        enrollment=learning(learner.pk, lesson.version.course_id) if learner.pk else None,
        hand_ins=list(rows),
        draft=drafts.first(),
        turn=turns.select_related("hand_in__lesson__version").first(),
        given=given_by(learner, lesson),
        now=now or timezone.now(),
    )


def given_by(learner: Any, lesson: Lesson) -> int:
    return Assessment.objects.of(learner).by_peers().filter(hand_in__lesson_key=lesson.key).count()
