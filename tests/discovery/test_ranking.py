"""What stands higher among courses that have the same words: the better, the fresher, the better visited."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from discovery import asking, index
from discovery.asking import Wish
from discovery.finding import matching
from discovery.models import Entry
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db

GOOD = {"score": 4700, "low": 4300, "high": 4900, "counts": [0, 0, 1, 9, 30]}
BAD = {"score": 2100, "low": 1700, "high": 2500, "counts": [15, 10, 5, 0, 0]}


@pytest.fixture
def twins(ada: User) -> tuple[Course, Course]:
    """Alike but for their names, and at the same age. Of two that are alike the second stands first: it is newer."""
    first, second = (make_course(title="Kilns", lessons=1) for _twice in range(2))
    Course.objects.filter(pk__in=[first.pk, second.pk]).update(renewed_at=timezone.now())
    index.refresh(everything=True)
    assert found() == [second.pk, first.pk]
    return first, second


def found(words: str = "kilns") -> list[int]:
    """As the page shows them; the API's list says the same."""
    page = [hit.course_id for hit in asking.ask(words, Wish({}, ("-rank", "-id"))).hits]
    assert page == list(matching(Course.objects.on_sale(), words).values_list("pk", flat=True))
    return page


def test_the_better_rated_stands_higher(twins: tuple[Course, Course]) -> None:
    first, second = twins
    first.be_rated(**GOOD)
    index.refresh(everything=True)
    assert found() == [first.pk, second.pk]


def test_the_badly_rated_stands_lower(twins: tuple[Course, Course]) -> None:
    first, second = twins
    second.be_rated(**BAD)
    index.refresh(everything=True)
    assert found() == [first.pk, second.pk]


def test_what_they_surely_think_counts_and_not_their_number_of_stars(twins: tuple[Course, Course]) -> None:
    first, second = twins
    first.be_rated(score=4400, low=4200, high=4600, counts=[0, 0, 10, 40, 50])
    second.be_rated(score=5000, low=2500, high=5000, counts=[0, 0, 0, 0, 3])
    index.refresh(everything=True)
    assert found() == [first.pk, second.pk]


def test_two_ratings_are_no_crowd(twins: tuple[Course, Course]) -> None:
    first, second = twins
    first.be_rated(score=5000, low=4000, high=5000, counts=[0, 0, 0, 0, 2])
    index.refresh(everything=True)
    assert found() == [second.pk, first.pk]


def test_the_fresher_stands_higher(twins: tuple[Course, Course]) -> None:
    first, second = twins
    Course.objects.filter(pk=second.pk).update(renewed_at=timezone.now() - timedelta(days=730))
    index.refresh(everything=True)
    assert found() == [first.pk, second.pk]


def test_the_better_visited_stands_higher(twins: tuple[Course, Course]) -> None:
    first, second = twins
    Course.objects.filter(pk=first.pk).update(learners_count=500)
    index.refresh(everything=True)
    assert found() == [first.pk, second.pk]


def test_what_the_words_are_about_weighs_more_than_all_of_it(twins: tuple[Course, Course], ada: User) -> None:
    other = make_course(title="Clay", subtitle="With a word on kilns", lessons=1)
    other.be_rated(**GOOD)
    twins[0].be_rated(**BAD)
    Course.objects.filter(pk=other.pk).update(learners_count=1_000, renewed_at=timezone.now())
    Course.objects.filter(pk=twins[0].pk).update(renewed_at=timezone.now() - timedelta(days=730))
    index.refresh(everything=True)
    assert found()[-1] == other.pk


def test_quality_stays_in_its_bounds(twins: tuple[Course, Course]) -> None:
    first, second = twins
    first.be_rated(score=5000, low=5000, high=5000, counts=[0, 0, 0, 0, 900])
    second.be_rated(score=1000, low=1000, high=1000, counts=[900, 0, 0, 0, 0])
    Course.objects.filter(pk=first.pk).update(learners_count=2_000_000_000)
    Course.objects.filter(pk=second.pk).update(renewed_at=timezone.now() - timedelta(days=36_500))
    index.refresh(everything=True)
    qualities = Entry.objects.in_bulk()
    assert 1.2 < qualities[first.pk].quality <= 1.2501
    assert 0.649 < qualities[second.pk].quality < 0.7
