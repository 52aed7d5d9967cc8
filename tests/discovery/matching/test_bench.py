"""What bench/matching.py measures is what people get: the same lists, reckoned there without a database."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from bench.asked import Product, Reader
from courses.models import Course
from discovery.matching import choosing, learning, pacing
from discovery.models import LinksReading, Newcomer, Taste
from learners.models import Enrollment
from tests.cast import person
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db
COURSES, PEOPLE, NEW = 32, 16, 4


@pytest.fixture
def shop(ada: User, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[User], list[list[int]]]:
    """Everybody has finished some courses of one half of the shop, popular ones more often; the last ones are new."""
    # On the site courses of fewer than three people lead nowhere, and there are more courses than candidates.
    monkeypatch.setattr(learning, "FEWEST_LEARNERS", 1)
    monkeypatch.setattr(choosing, "FROM_EACH", 6)
    monkeypatch.setattr(choosing, "FROM_LINKS", 12)
    dice = random.Random(7)
    courses = [make_course(title=f"Course {n}") for n in range(COURSES)]
    Course.objects.filter(pk__in=[one.pk for one in courses[:-NEW]]).update(
        published_at=timezone.now() - timedelta(days=90)
    )
    people, baskets = [person(f"Learner{n}") for n in range(PEOPLE)], []
    for n, learner in enumerate(people):
        half = range(n % 2, COURSES - NEW, 2)
        basket = list({half[min(dice.randrange(len(half)), dice.randrange(len(half)))] for _ in range(9)})
        dice.shuffle(basket)
        baskets.append(basket)
        Enrollment.objects.bulk_create(
            Enrollment(learner=learner, course=courses[course], source="staff", completed_at=timezone.now())
            for course in basket
        )
    for course, learners in Counter(course for basket in baskets for course in basket).items():
        Course.objects.filter(pk=courses[course].pk).update(learners_count=learners)
    return [one.pk for one in courses], people, baskets


def shown(learner: User, courses: list[int], count: int = 16) -> list[tuple[int, float]]:
    found = choosing.for_learner(learner, Taste.objects.of(learner), count)
    return [(courses.index(one.course.pk), pytest.approx(one.match.score)) for one in found]


def test_the_bench_shows_what_the_page_shows(shop: tuple[list[int], list[User], list[list[int]]]) -> None:
    courses, people, baskets = shop
    assert learning.learn()
    product = Product(baskets, COURSES)
    assert LinksReading.objects.get().ridge == product.ridge
    for learner, basket in zip(people, baskets, strict=True):
        asked, usual = product.scored(basket)
        assert usual == set(asked)
        expected = product.list_of(basket, count=16)
        assert shown(learner, courses) == [(course, asked[course]) for course in expected]
        assert Reader(product, basket, ()).plain() == product.list_of(basket)


def test_granted_places_too(shop: tuple[list[int], list[User], list[list[int]]]) -> None:
    courses, people, baskets = shop
    learning.learn()
    Newcomer.objects.follow(timezone.now())
    product, new = Product(baskets, COURSES), list(range(COURSES - NEW, COURSES))[::-1]
    for learner, basket in zip(people, baskets, strict=True):
        places = [course for course, _score in shown(learner, courses, 8)]
        assert places == product.list_of(basket, new, count=8)
        assert set(places[3::4]) <= set(new)
        places = pacing.places(1, choosing.SHOWN, 0)
        assert Reader(product, basket, new).granted(new, places) == product.list_of(basket, new)
