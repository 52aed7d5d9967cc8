"""Two who choose an answer at once, two clicks at a vote, two answers at once. Without the lock, the same collide."""

from typing import Any

import pytest
from django.db import DatabaseError

from community import asking
from community.models import Acceptance, Post
from community.models.around_post import AcceptedElsewhere
from tests import cast
from tests.community.factories import answer, ask, have
from tests.courses.factories import make_course
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
# Who writes a post's counts waits for the other one, with what she has counted in her hands.
SLOW_COUNT = meeting("community_post", "BEFORE UPDATE")


@pytest.fixture
def asked() -> Post:
    cast.ada()
    return ask(cast.lin(), make_course())


def two_choose(asked: Post, *, without_locks: bool = False) -> list[Any]:
    """Who asked and who made the course, each another answer."""
    choosers = [cast.lin(), cast.ada()]
    said = [answer(cast.cole(), asked, f"Answer {n}") for n in range(2)]
    return at_once(lambda n: asking.accept(asked, said[n], by=choosers[n], number=0), 2, without_locks=without_locks)


def test_of_two_who_choose_at_once_one_is_told(asked: Post) -> None:
    with taken_away(meeting("community_acceptance")):
        given = two_choose(asked)
        assert len([one for one in given if isinstance(one, AcceptedElsewhere)]) == 1
        asked.refresh_from_db()
        assert asked.accepted_id == Acceptance.objects.get().answer_id


def test_without_the_lock_they_collide(asked: Post) -> None:
    """The negative control: the database still lets one through only, but the other breaks."""
    with taken_away(meeting("community_acceptance")), pytest.raises(DatabaseError):
        two_choose(asked, without_locks=True)


def two_vote(asked: Post, *, without_locks: bool = False) -> int:
    people = [cast.cole(), cast.person("Mia")]
    for person in people:
        have(person, asked.course)
    with taken_away(SLOW_COUNT):
        at_once(lambda n: asking.vote(asked, by=people[n]), 2, without_locks=without_locks)
        return Post.objects.get(pk=asked.pk).votes_count


def test_two_votes_at_once_are_both_counted(asked: Post) -> None:
    assert two_vote(asked) == 2


def test_without_the_lock_one_of_them_is_not(asked: Post) -> None:
    """The negative control: each counts with her own alone."""
    assert two_vote(asked, without_locks=True) == 1


def test_one_person_who_votes_twice_at_once_has_one_vote(asked: Post) -> None:
    cole = cast.cole()
    have(cole, asked.course)
    with taken_away(meeting("community_postvote")):
        at_once(lambda _n: asking.vote(asked, by=cole), 2)
        asked.refresh_from_db()
        assert (asked.votes_count, asked.votes.count()) == (1, 1)


def two_answer(asked: Post, *, without_locks: bool = False) -> int:
    people = [cast.cole(), cast.person("Mia")]
    for person in people:
        have(person, asked.course)
    with taken_away(SLOW_COUNT):
        at_once(lambda n: asking.answer(people[n], asked, {"text": f"Answer {n}"}), 2, without_locks=without_locks)
        return Post.objects.get(pk=asked.pk).answers_count


def test_two_answers_at_once_are_both_counted(asked: Post) -> None:
    assert two_answer(asked) == 2


def test_without_the_lock_one_answer_is_not(asked: Post) -> None:
    """The negative control."""
    assert two_answer(asked, without_locks=True) == 1
