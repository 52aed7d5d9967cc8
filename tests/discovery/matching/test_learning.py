"""The night's reading: links from enrollments, of courses that enough people learn."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from discovery.matching import ease, learning
from discovery.matching.scoring import leading
from discovery.models import Links, LinksReading
from tests.cast import person
from tests.courses.factories import make_course
from tests.learners.factories import enroll


@pytest.mark.django_db
def test_courses_that_are_learned_together_are_linked(ada: User) -> None:
    pots, kilns, python = (make_course(title=title) for title in ("Pots", "Kilns", "Python"))
    for n in range(8):
        learner = person(f"Learner{n}")
        for course in (pots, kilns) if n < 5 else (python,):
            enroll(learner, course)
    assert learning.learn() > 0
    links = leading(Links.objects.of_courses([pots.pk]), [kilns.pk, python.pk])
    assert dict(links[kilns.pk])[pots.pk] > 0.3
    assert abs(dict(links[python.pk]).get(pots.pk, 0)) < 0.01
    learning.learn()
    assert Links.objects.count() == 3


@pytest.mark.django_db
def test_courses_of_very_few_people_are_left_out(ada: User, lin: User) -> None:
    for title in ("Pots", "Kilns"):
        enroll(lin, make_course(title=title))
    assert learning.learn() == 0
    assert Course.objects.count() == 2


def test_the_strength_is_chosen_by_what_it_foretells() -> None:
    dice, baskets = random.Random(1), []
    for n in range(150):  # five courses of her kind, and six by chance
        kind = 15 * (n % 4)
        basket = [*dice.sample(range(kind, kind + 15), 5), *dice.sample(range(60, 200), 6)]
        baskets.append(dice.sample(basket, len(basket)))
    chosen = learning.choose_ridge(baskets, 200)
    assert chosen > 20  # with less, chance is taken for a link
    assert learning.choose_ridge(baskets, 200) == chosen


def test_of_strengths_that_foretell_alike_the_least_is_chosen() -> None:
    baskets = [list(range(5 * (n % 4), 5 * (n % 4) + 5)) for n in range(100)]
    assert learning.choose_ridge(baskets, 40) == min(learning.RIDGES)


@pytest.mark.django_db
def test_the_strength_is_chosen_now_and_then_and_kept_in_between(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    pots, kilns = (make_course(title=title) for title in ("Pots", "Kilns"))
    for n in range(4):
        learner = person(f"Learner{n}")
        for course in (pots, kilns):
            enroll(learner, course)
    inversions = []
    monkeypatch.setattr(ease, "weights", lambda *asked, of=ease.weights: inversions.append(asked[1]) or of(*asked))
    for days, tried in ((0, len(learning.RIDGES)), (1, 0), (learning.RIDGE_KEPT_DAYS - 1, 0), (29, 6), (30, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            inversions.clear()
            learning.learn()
            assert len(inversions) == tried + 1, days
    assert list(LinksReading.objects.order_by("read_at").values_list("is_ridge_chosen", flat=True)) == [
        True, False, False, True, False,
    ]  # fmt: skip
    assert LinksReading.objects.values("ridge").distinct().count() == 1
