"""A purchase shows to strangers within five seconds: on the course's page, and in the lists that are ordered by it."""

import re
import time

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from marketplace.lib import kept_pages, window
from payments import after_sale
from tests.courses.factories import make_category, make_course
from tests.payments.shop import buy

pytestmark = pytest.mark.django_db

# How long nginx may keep what it was sent (deploy/nginx.conf).
NGINX_SECONDS = 1


def first_of(address: str) -> str:
    """The course that stands first in a list, as a stranger sees it."""
    found = re.search(r'course-card__title"[^>]*><a href="/courses/([\w-]+)/', Client().get(address).content.decode())
    return found.group(1) if found else ""


def learners(course: Course) -> str:
    found = re.search(r"(\d+) learners?<", Client().get(course.get_absolute_url()).content.decode())
    return found.group(1) if found else "0"


def test_a_purchase_shows_to_strangers_within_five_seconds(ada: User, lin: User) -> None:
    shelf = make_category("programming")
    sold, other = (make_course(title=title, category=shelf, language="en") for title in ("Kilns", "Looms"))
    lists = ["/", "/courses/", "/courses/?price=paid"]
    assert [first_of(address) for address in lists] == [other.slug] * 3
    assert learners(sold) == "0"
    buy(lin, [sold])
    after_sale.catch_up()
    done = time.monotonic()
    assert [first_of(address) for address in lists] == [other.slug] * 3  # kept from before
    assert window.SOLD_SECONDS + NGINX_SECONDS + 1 <= 5
    time.sleep(max(0.0, done + window.SOLD_SECONDS + 0.2 - time.monotonic()))
    assert [first_of(address) for address in lists] == [sold.slug] * 3
    assert kept_pages.SECONDS <= 5
    time.sleep(max(0.0, done + kept_pages.SECONDS + 0.2 - time.monotonic()))
    assert learners(sold) == "1"
