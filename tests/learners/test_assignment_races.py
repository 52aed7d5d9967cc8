"""Many ask for a work at once, hand in twice, give marks together. Without the lock, the same collide."""

import pytest
from django.db import IntegrityError

from accounts.models import User
from courses.models import Lesson
from learners.assignments import assessing, handing_in, peers
from learners.assignments.peers import NothingToReview
from learners.models import HandIn, HandInResult, PeerTurn
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.faults.taken_away import lingering, taken_away
from tests.learners.factories import enroll
from tests.learners.works import WORDS, hand_in
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@pytest.fixture
def crowd() -> tuple[Lesson, list[User]]:
    """Eight who have handed in, but whose works have gone to the creator; and one work that waits."""
    return one_work_for_many("Raced")


def one_work_for_many(title: str) -> tuple[Lesson, list[User]]:
    lesson = assignment_of(make_assignment_course(title, reviewing="peers", own_reviews=0))
    crowd = [cast.person(f"Runner{n}") for n in range(MANY)]
    for person in crowd:
        work = hand_in(person, lesson)
        work.handling.give_to_creator(work.handed_in_at)
    hand_in(cast.lin(), lesson)
    return lesson, crowd


def test_a_work_never_has_more_than_three_however_many_ask_at_once(crowd: tuple[Lesson, list[User]]) -> None:
    lesson, people = crowd
    answers = at_once(lambda n: peers.take(people[n], lesson), MANY)
    assert sum(isinstance(each, PeerTurn) for each in answers) == 3
    assert sum(isinstance(each, NothingToReview) for each in answers) == MANY - 3
    assert PeerTurn.objects.count() == 3


def test_without_the_lock_they_collide() -> None:
    """The negative control: the database still lets three through only, but others break."""
    with taken_away(lingering("learners_peerturn")):
        lesson, people = one_work_for_many("Unlocked")
        with pytest.raises(IntegrityError):
            at_once(lambda n: peers.take(people[n], lesson), 2, without_locks=True)


def test_three_marks_at_once_settle_a_work_once(crowd: tuple[Lesson, list[User]]) -> None:
    lesson, people = crowd
    work = HandIn.objects.get(learner=cast.lin())
    turns = [PeerTurn.objects.give(work, person, work.handed_in_at) for person in people[:3]]
    told = marks(lesson, "Round", "Even")
    at_once(lambda n: assessing.assess(people[n], turns[n].pk, told, WORDS), 3)
    assert HandInResult.objects.get(hand_in=work).percent == 100


def test_without_the_lock_a_work_stays_without_result() -> None:
    """The negative control: each sees her own marks only and leaves it to another."""
    with taken_away(lingering("learners_assessment")):
        lesson, people = one_work_for_many("Unsettled")
        work = HandIn.objects.get(learner=cast.lin())
        turns = [PeerTurn.objects.give(work, person, work.handed_in_at) for person in people[:3]]
        told = marks(lesson, "Round", "Even")
        at_once(lambda n: assessing.assess(people[n], turns[n].pk, told, WORDS), 3, without_locks=True)
        assert work.assessments.count() == 3
        assert not HandInResult.objects.exists()


def test_handed_in_from_many_tabs_it_is_one_work() -> None:
    lesson = assignment_of(make_assignment_course("Tabs"))
    lin = cast.lin()
    enroll(lin, lesson.version.course)
    handing_in.keep_text(lin, lesson, "My bowl")
    answers = at_once(lambda _n: handing_in.hand_in(lin, lesson), MANY)
    assert sum(isinstance(each, HandIn) for each in answers) == 1
    assert HandIn.objects.count() == 1
