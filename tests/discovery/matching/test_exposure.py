"""What is public of looks: reckoned by a job, once at a time, and read by whoever likes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from discovery import tasks
from discovery.matching import exposure
from discovery.models import Attention, Exposure, Newcomer
from discovery.models.attention import LOOKS_GRANTED
from tests.courses.factories import make_course
from tests.discovery.test_beside import elsewhere

pytestmark = pytest.mark.django_db


def month_old(*courses: Course, days: int = 45) -> None:
    Course.objects.filter(pk__in=[course.pk for course in courses]).update(
        published_at=timezone.now() - timedelta(days=days)
    )


def test_evenness_is_public_on_the_page_and_over_the_api(client: Client, ada: User) -> None:
    assert client.get("/api/v1/exposure/").status_code == 404
    assert "The first figures come within an hour" in client.get("/exposure/").content.decode()
    courses = [make_course(title=f"Course {n}") for n in range(4)]
    tasks.write_down_looks()
    Attention.objects.add(timezone.now().date(), {courses[0].pk: 30})
    tasks.reckon_exposure()
    page = client.get("/exposure/").content.decode()
    assert "0.75" in page
    assert "polyline" in page
    told = client.get("/api/v1/exposure/").json()
    assert (told["gini"], told["looks"], told["new_share"]) == (0.75, 30, 1.0)
    assert (told["courses_share"], told["looks_granted"]) == (None, LOOKS_GRANTED)
    assert told["curve"][0] == [0, 0]


def test_without_a_look_nothing_is_said_of_evenness(client: Client, ada: User) -> None:
    make_course(title="Course")
    exposure.reckon()
    page = client.get("/exposure/").content.decode()
    assert ("Nothing to reckon yet" in page, "polyline" in page, "0.00" in page, "0 %" in page) == (True, *[False] * 3)
    told = client.get("/api/v1/exposure/").json()
    assert [told[name] for name in ("looks", "gini", "lower_half_share", "new_share", "curve")] == [0, *[None] * 3, []]


def test_how_many_of_last_months_new_had_their_looks_is_public(client: Client, ada: User, lin: User) -> None:
    bea = Creator.objects.create(user=lin, name="Bea", slug="bea")
    firsts, more = [make_course(title="First"), make_course(bea, title="First of Bea")], make_course(title="Second")
    month_old(*firsts, days=29)
    Newcomer.objects.follow(timezone.now())
    today = timezone.now().date()
    Attention.objects.add(today, {firsts[0].pk: LOOKS_GRANTED, firsts[1].pk: LOOKS_GRANTED - 1, more.pk: LOOKS_GRANTED})
    Newcomer.objects.update(published_at=timezone.now() - timedelta(days=45))
    month_old(*firsts, more)
    exposure.reckon()
    told = client.get("/api/v1/exposure/").json()
    assert (told["courses_ended"], told["courses_had"]) == (3, 2)
    assert (told["creators_ended"], told["creators_had"], told["creators_share"]) == (2, 1, 0.5)
    page = client.get("/exposure/").content.decode()
    assert "66 % (2 / 3)" in page
    assert "50 % (1 / 2)" in page


def test_looks_after_the_first_days_do_not_count_for_them(ada: User) -> None:
    course = make_course(title="Late")
    Newcomer.objects.follow(timezone.now())
    Newcomer.objects.update(published_at=timezone.now() - timedelta(days=31))
    Attention.objects.add(timezone.now().date(), {course.pk: LOOKS_GRANTED})
    row = Newcomer.objects.get()
    assert (row.looks, row.had_at) == (0, None)


def test_a_visitor_reads_what_stands_and_reckons_nothing(client: Client, ada: User) -> None:
    make_course(title="Course")
    exposure.reckon()
    client.get("/exposure/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/exposure/")
    statements = " ".join(one["sql"] for one in asked)
    assert "discovery_exposure" in statements
    assert "courses_course" not in statements
    assert "discovery_attention" not in statements


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_reckon_at_once(ada: User) -> None:
    with elsewhere("SELECT pg_advisory_xact_lock(%s)", [exposure._LOCK]):
        assert not exposure.reckon()
    assert not Exposure.objects.exists()
    assert exposure.reckon()
    assert exposure.reckon()
    assert Exposure.objects.count() == 1
