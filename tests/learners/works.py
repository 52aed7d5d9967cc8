"""Works for tests: people who hand in and review one another."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from courses.models import Lesson
from learners.assignments import assessing, handing_in, peers
from learners.models import HandIn, PeerTurn
from tests import cast
from tests.courses.assignments import marks
from tests.learners.factories import enroll

WORDS = "The rim is even; the foot could be thinner."
NAMES = ("Mia", "Noa", "Oto", "Pia", "Quy", "Rui")


def pdf(name: str = "bowl.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 a bowl")


def hand_in(learner: User, lesson: Lesson, text: str = "My bowl") -> HandIn:
    if not learner.enrollments.active().filter(course=lesson.version.course).exists():
        enroll(learner, lesson.version.course, "staff")
    return handing_in.hand_in(learner, lesson, text)


def people(count: int) -> list[User]:
    return [cast.person(name) for name in NAMES[:count]]


def review(reviewer: User, lesson: Lesson, *levels: str, text: str = WORDS, **told: Any) -> PeerTurn:
    """Take a work and mark it."""
    turn = peers.take(reviewer, lesson, **told)
    assessing.assess(reviewer, turn.pk, marks(turn.hand_in.lesson, *(levels or ("Round", "Even"))), text)
    return turn


def review_work(work: HandIn, reviewers: list[User], levels: list[tuple[str, str]]) -> None:
    """These reviewers mark this work, whatever else waits."""
    for reviewer, chosen in zip(reviewers, levels, strict=True):
        turn = PeerTurn.objects.give(work, reviewer, work.handed_in_at)
        assessing.assess(reviewer, turn.pk, marks(work.lesson, *chosen), WORDS)
