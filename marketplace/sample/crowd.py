"""The sample's crowd: two dozen learners more of one course, so that its creator's figures have something to draw.

They bought it over three months, watched as people do (most leave somewhere, some play a part again), and nobody logs
in as one of them. Through the same evidence that players send, all in one batch.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from learners import completion, evidence, intervals
from learners.models import Enrollment
from learners.report_tokens import Ticket
from learners.reports import Received, Report
from payments import after_sale

from . import trade, watching

SIZE, MONTHS = 24, 3
STAYS, PLAYS_AGAIN = 0.88, 0.3
# The part that is played again.
HARD = (0.4, 0.6)
NAMES = ("Anna", "Bo", "Clara", "Deniz", "思琪", "Farid", "Greta", "浩然", "Ines", "Jakub", "佳怡", "Leo")


def fill(course: Course) -> None:
    """Done once."""
    dice = random.Random(10)
    if User.objects.filter(email=_email(0)).exists():
        return
    people = User.objects.bulk_create([_person(number) for number in range(SIZE)])
    lessons = list(course.live_lessons().select_related("video"))
    received: list[Received] = []
    for number, person in enumerate(people):
        came = timezone.now() - timedelta(days=31 * (number % MONTHS) + 8, minutes=7 * number)
        trade.buy(person, course)
        enrollment = Enrollment.objects.get(learner=person, course=course)
        Enrollment.objects.filter(pk=enrollment.pk).update(granted_at=came)
        received += _evening(enrollment, lessons, dice, came)
    evidence.merge(received)
    after_sale.catch_up()


def _evening(enrollment: Enrollment, lessons: list[Lesson], dice: random.Random, at: datetime) -> Iterator[Received]:
    """One lesson after the other, until she leaves."""
    for lesson in lessons:
        stays = dice.random() < STAYS
        if lesson.is_article and stays:
            completion.mark_read(enrollment.learner, enrollment.course, lesson)
        elif lesson.kind == Lesson.Kind.QUIZ and stays:
            watching.take_quiz(enrollment.learner, lesson, dice)
        elif lesson.video is not None:
            length_s = intervals.length_s(lesson.video.duration_ms or 0)
            seen_s = length_s if stays else max(1, round(length_s * dice.uniform(0.15, 0.85)))
            again = [HARD] if stays and dice.random() < PLAYS_AGAIN else []
            for start, end in [(0.0, seen_s / length_s), *again]:
                report = _played(enrollment, lesson, (round(start * length_s), round(end * length_s)), at)
                at += timedelta(seconds=length_s + 30)
                yield Received(report, at)
        if not stays:
            return


def _played(enrollment: Enrollment, lesson: Lesson, span: intervals.Span, at: datetime) -> Report:
    assert lesson.video is not None
    length_s = intervals.length_s(lesson.video.duration_ms or 0)
    place = (enrollment.learner_id, enrollment.course_id, lesson.key.hex, lesson.video.asset.hex)
    started_ms = round(at.timestamp() * 1000)
    return Report(Ticket(uuid.uuid4().hex, *place, length_s, started_ms), intervals.merged([span]), float(span[1]), 1.0)


def _person(number: int) -> User:
    name = NAMES[number % len(NAMES)]
    person = User(email=_email(number), name=name, language="en" if name.isascii() else "zh-hans")
    person.set_unusable_password()
    return person


def _email(number: int) -> str:
    return f"crowd{number}@kezhan.example"
