"""The night's reading: links from enrollments, of courses that enough people learn."""

import pytest

from accounts.models import User
from courses.models import Course
from discovery.matching import learning
from discovery.models import Links
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
    links = Links.objects.from_courses([pots.pk])
    assert dict(links[kilns.pk])[pots.pk] > 0.3
    assert abs(dict(links.get(python.pk, [])).get(pots.pk, 0)) < 0.01
    learning.learn()
    assert Links.objects.count() == 3


@pytest.mark.django_db
def test_courses_of_very_few_people_are_left_out(ada: User, lin: User) -> None:
    for title in ("Pots", "Kilns"):
        enroll(lin, make_course(title=title))
    assert learning.learn() == 0
    assert Course.objects.count() == 2


def test_the_strength_is_chosen_by_what_it_foretells() -> None:
    baskets = [[n % 5, 5 + n % 5] for n in range(200)] + [[n % 10, (n * 7) % 10] for n in range(40)]
    chosen = learning.choose_ridge(baskets, 10)
    assert chosen in learning.RIDGES
    assert learning.choose_ridge(baskets, 10) == chosen
