"""Courses are found by their ratings: a filter and an order of the catalogue, of search and of the API alike."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.facets import AT_LEAST
from courses.models import Course
from discovery import index
from discovery.models import Entry
from tests.community.factories import crowd
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db
# Enough five stars that even the bound of the category leaves more than 4.5.
MANY = 12


@pytest.fixture
def courses(ada: User) -> None:
    """Of bowls: one rated best by many, one well by some, one badly, one by two friends, one by nobody."""
    for title, stars in [("Best", [5] * MANY), ("Good", [4] * 6), ("Poor", [2] * 6), ("Friends", [5, 5]), ("New", [])]:
        crowd(make_course(title=f"{title} bowl", lessons=1), *stars)
    index.refresh()


def titles(address: str, **asked: str) -> list[str]:
    page = Client().get(address, asked).content.decode()
    return re.findall(r'course-card__title"[^>]*><a href="[^"]*">(\w+) bowl', page)


@pytest.mark.parametrize("name", ["courses:catalogue", "discovery:search", "api"])
@pytest.mark.parametrize(
    ("rating", "left"), [("4.5", {"Best"}), ("4", {"Best", "Good"}), ("3", None), ("4.50", None), ("٤", None)]
)
def test_a_filter_leaves_those_of_so_many_stars_at_least(courses, name, rating, left) -> None:
    if name == "api":
        answer = Client().get(reverse("api-courses"), {"rating": rating})
        found = {row["title"].removesuffix(" bowl") for row in answer.json().get("results", [])}
        assert answer.status_code == (200 if left else 400)
    else:
        words = {"q": "bowl"} if name == "discovery:search" else {}
        found = set(titles(reverse(name), rating=rating, **words))
    assert found == (left or (set() if name == "api" else {"Best", "Good", "Poor", "Friends", "New"}))


@pytest.mark.parametrize("name", ["courses:catalogue", "discovery:search"])
def test_the_order_is_by_the_lower_end_with_those_without_a_number_last(courses, name: str) -> None:
    words = {"q": "bowl"} if name == "discovery:search" else {}
    found = titles(reverse(name), sort="rating", **words)
    assert found[:3] == ["Best", "Good", "Poor"]
    assert set(found[3:]) == {"Friends", "New"}


@pytest.mark.parametrize("name", ["courses:catalogue", "discovery:search"])
def test_the_filter_counts_what_it_would_leave(courses, name: str) -> None:
    words = {"q": "bowl"} if name == "discovery:search" else {}
    page = Client().get(reverse(name), words).content.decode()
    counts = re.findall(r'rating=(4(?:\.5)?)"[^>]*>[^<]*<span class="muted small">(\d+)', page)
    assert dict(counts) == {"4.5": "1", "4": "2"}


def test_a_new_rating_is_followed_by_the_next_refresh(courses) -> None:
    course, address = Course.objects.get(title="New bowl"), reverse("discovery:search")
    crowd(course, *[5] * MANY)
    assert "=r4.5" not in Entry.objects.get(pk=course.pk).facts
    index.refresh()
    assert "=r4.5" in Entry.objects.get(pk=course.pk).facts
    assert set(titles(address, q="bowl", rating="4.5")) == {"Best", "New"}


def test_each_choice_of_at_least_names_values_that_facets_have() -> None:
    assert all(asked in fits for asked, fits in AT_LEAST.items())
