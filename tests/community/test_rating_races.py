"""Two tabs at once, two workers at once: one rating, one reply, one mail. Without the lock, the same collide."""

from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from community import notices, rating
from community.models import Rating, RatingNotice, RatingReply, RatingRevision
from community.models.rating import RatedElsewhere, clean_text
from courses.models import Course
from learners.models import WatchMeter
from tests import cast
from tests.community.factories import crowd, rate, see
from tests.courses.factories import make_course
from tests.faults.meeting import wait_here
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
# Who writes a course's number waits for the other one, with what she has reckoned in her hands.
SLOW_NUMBER = meeting("courses_course", "BEFORE UPDATE")


@pytest.fixture
def course() -> Course:
    cast.ada()
    return make_course()


def ready(course: Course, *people: User) -> None:
    """Nothing is left that one of two would do first, so that both come to the course together."""
    clean_text("Words", 100)  # the word lists are read
    for person in people:
        see(person, course)
        WatchMeter.objects.get_or_create(learner=person)


def two_tabs(course: Course, *, without_locks: bool = False) -> list[object]:
    lin = cast.lin()
    ready(course, lin)
    return at_once(
        lambda n: rating.rate(lin, course, {"stars": n + 1}, revision=0).stars, 2, without_locks=without_locks
    )


def test_of_two_tabs_one_rates_and_the_other_is_told(course: Course) -> None:
    with taken_away(meeting("community_rating")):
        given = two_tabs(course)
        refused = [one for one in given if isinstance(one, RatedElsewhere)]
        assert len(refused) == 1
        assert Rating.objects.count() == RatingRevision.objects.count() == 1


def test_without_the_lock_they_collide(course: Course) -> None:
    """The negative control: the database still lets one through only, but the other breaks."""
    with taken_away(meeting("community_rating")), pytest.raises(DatabaseError):
        two_tabs(course, without_locks=True)


def test_two_learners_at_once_are_both_counted(course: Course) -> None:
    people = [cast.lin(), cast.cole()]
    ready(course, *people)
    with taken_away(SLOW_NUMBER):
        at_once(lambda n: rating.rate(people[n], course, {"stars": 5}), 2)
        course.refresh_from_db()
        assert course.rating_spread == [0, 0, 0, 0, 2]


def test_without_the_lock_one_of_them_is_not(course: Course) -> None:
    """The negative control: each reckons with her own alone."""
    people = [cast.lin(), cast.cole()]
    ready(course, *people)
    with taken_away(SLOW_NUMBER):
        at_once(lambda n: rating.rate(people[n], course, {"stars": 5}), 2, without_locks=True)
        course.refresh_from_db()
        assert course.rating_spread == [0, 0, 0, 0, 1]


def votes_after_one_came_between(course: Course, *, without_locks: bool = False) -> int:
    """Lin has read her row and lingers before she writes it; Cole finds it helpful meanwhile."""
    lin, cole, has_read = cast.lin(), cast.cole(), Event()
    row = rate(lin, course, 3)
    ready(course, lin)

    def linger(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "community_rating"'):
            has_read.set()
            wait_here()
        return execute(sql, *rest)

    def act(n: int) -> None:
        if n:
            assert has_read.wait(30)
            row.find_helpful(cole)
        else:
            with connection.execute_wrapper(linger):
                rating.rate(lin, course, {"stars": 4})

    at_once(act, 2, without_locks=without_locks)
    kept = Rating.objects.get()
    assert (kept.stars, kept.votes.count()) == (4, 1)
    return kept.helpful_count


def test_a_vote_that_comes_between_stays_counted(course: Course) -> None:
    with taken_away():
        assert votes_after_one_came_between(course) == 1


def test_without_the_lock_it_is_written_over(course: Course) -> None:
    """The negative control."""
    with taken_away():
        assert votes_after_one_came_between(course, without_locks=True) == 0


def test_of_two_windows_one_replies(course: Course) -> None:
    row, ada = rate(cast.lin(), course, 3), cast.ada()
    with taken_away(meeting("community_ratingreply")):
        told = at_once(lambda n: rating.reply(row, f"Answer {n}", by=ada, number=0), 2)
        assert sum(isinstance(one, RatedElsewhere) for one in told) == 1
        assert RatingReply.objects.count() == 1


def test_two_workers_write_one_mail(course: Course) -> None:
    crowd(course, 4, 5)
    now = timezone.now() + notices.SETTLED
    with taken_away(meeting("community_ratingnotice")):
        assert sorted(at_once(lambda _n: notices.send_due(now), 2)) == [0, 1]
        assert RatingNotice.objects.count() == 1


def test_without_the_lock_they_write_two(course: Course) -> None:
    """The negative control."""
    crowd(course, 4, 5)
    now = timezone.now() + notices.SETTLED
    with taken_away(meeting("community_ratingnotice")):
        assert at_once(lambda _n: notices.send_due(now), 2, without_locks=True) == [1, 1]
