"""The sample's learners have watched a little: through the same evidence that players send, over the last days."""

import random
import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Lesson
from courses.quizzes import grading
from learners import attempts, completion, evidence, intervals, shelf
from learners.models import Enrollment, WatchMeter
from learners.report_tokens import Ticket
from learners.reports import Received, Report

DAYS = 6


def fill(learners: list[User]) -> None:
    """Each course of each learner is begun; some lessons of it are done, one film stands somewhere in its middle."""
    dice = random.Random(9)
    for learner in learners:
        if WatchMeter.objects.filter(learner=learner).exists():
            continue
        at = timezone.now() - timedelta(days=DAYS)
        for enrollment in list(shelf.enrollments_of(learner)):
            at = _watch(learner, enrollment, dice, at)


def _watch(learner: User, enrollment: Enrollment, dice: random.Random, at: datetime) -> datetime:
    """One evening with one course; answers when it was over."""
    lessons = list(enrollment.course.live_lessons())
    done = dice.randint(1, max(1, len(lessons) - 1))
    for number, lesson in enumerate(lessons[: done + 1]):
        if lesson.is_article:
            completion.mark_read(learner, enrollment.course, lesson)
        elif lesson.kind == Lesson.Kind.QUIZ:
            take_quiz(learner, lesson, dice)
        elif lesson.video is not None:
            share = 1.0 if number < done else dice.uniform(0.3, 0.7)
            at = _play(learner, enrollment, lesson, share, at)
    return at + timedelta(hours=dice.randint(2, 18))


def take_quiz(learner: User, lesson: Lesson, dice: random.Random) -> None:
    """One attempt; most questions answered rightly, some not at all."""
    attempt = attempts.start(learner, lesson, dice)
    known = {each.id: grading.right_answer(each) for each in attempt.questions if dice.random() < 0.8}
    attempts.submit(learner, attempt.pk, known)


def _play(learner: User, enrollment: Enrollment, lesson: Lesson, share: float, at: datetime) -> datetime:
    assert lesson.video is not None
    length_s = intervals.length_s(lesson.video.duration_ms or 0)
    seen_s = max(1, round(length_s * share))
    over = at + timedelta(seconds=seen_s)
    ticket = Ticket(
        session_id=uuid.uuid4().hex,
        learner_id=learner.pk,
        course_id=enrollment.course_id,
        lesson_key=lesson.key.hex,
        asset=lesson.video.asset.hex,
        length_s=length_s,
        started_ms=round(at.timestamp() * 1000),
    )
    evidence.merge([Received(Report(ticket, ((0, seen_s),), float(seen_s), 1.0), over)])
    return over + timedelta(seconds=30)
