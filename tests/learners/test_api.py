"""The learners' API: doors and answers."""

import json
import uuid

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from tests.courses.factories import make_course
from tests.learners.factories import enroll, settle_reports, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def playback(course: Course, at: int) -> str:
    return reverse("api-lesson-playback", args=[course.live_lessons()[at].key])


def test_a_stranger_gets_no_address_of_a_paid_film(api: APIClient, course: Course, cole: User) -> None:
    for user in (None, cole):
        api.force_authenticate(user)
        answer = api.get(playback(course, 1))
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "may_not_watch"


def test_a_learner_gets_address_place_and_token(api: APIClient, course: Course, lin: User) -> None:
    enroll(lin, course)
    api.force_authenticate(lin)
    answer = api.get(playback(course, 1)).json()
    assert answer["master_url"].startswith("http://testserver/hls/")
    assert (answer["duration_s"], answer["resume_at"]) == (30, 0)
    report = {"token": answer["report_token"], "intervals": [[0, 1]], "position": 1}
    api.force_authenticate(None)
    assert api.post("/api/v1/watch/reports/", report).status_code == 202
    settle_reports()
    told = api.post("/api/v1/watch/standing/", {"token": answer["report_token"]}).json()
    assert told["standing"]["covered_s"] == 1


def test_a_preview_has_an_address_for_everyone_and_no_token(api: APIClient, course: Course) -> None:
    answer = api.get(playback(course, 0)).json()
    assert answer["report_token"] is None


def test_an_unknown_lesson_is_not_found(api: APIClient, db: None) -> None:
    assert api.get(reverse("api-lesson-playback", args=[uuid.uuid4()])).status_code == 404


def test_after_a_refund_the_reason_is_told(api: APIClient, course: Course, lin: User) -> None:
    enroll(lin, course).end("refunded")
    api.force_authenticate(lin)
    answer = api.get(playback(course, 1))
    assert answer.status_code == 403
    assert "refunded" in answer.json()["detail"]


def test_a_beacon_is_read_though_it_calls_itself_text(api: APIClient, course: Course, lin: User) -> None:
    enroll(lin, course)
    lesson = course.live_lessons().select_related("version")[1]
    body = json.dumps({"token": token_of(lin, lesson, 20), "intervals": [[0, 9.6]], "position": 9.6})
    answer = api.generic("POST", "/api/v1/watch/reports/", body, "text/plain;charset=UTF-8")
    assert answer.status_code == 202
    settle_reports()
    assert lin.lesson_progress.get().covered_s == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "forged"},
        {"intervals": "all of it"},
        {"intervals": [[0]]},
        {"intervals": [[0, float("nan")]]},
        {"position": float("inf")},
        {"position": True},
        {"speed": "3"},
        {"speed": None},
        {"elapsed": float("nan")},
        {"intervals": [[0, 10**400]]},
        {"intervals": [[0, 1]] * 401},
        {"token": None},
    ],
)
def test_a_report_that_makes_no_sense_changes_nothing(api: APIClient, course: Course, lin: User, changes: dict) -> None:
    enroll(lin, course)
    lesson = course.live_lessons().select_related("version")[1]
    told = {"token": token_of(lin, lesson, 20), "intervals": [[0, 5]], "position": 5, **changes}
    answer = api.generic("POST", "/api/v1/watch/reports/", json.dumps(told), "application/json")
    assert answer.status_code in (400, 403)
    assert answer["Content-Type"] == "application/problem+json"
    settle_reports()
    assert not lin.lesson_progress.exists()


def test_progress_and_library_tell_the_same(api: APIClient, course: Course, lin: User) -> None:
    enroll(lin, course)
    lesson = course.live_lessons().select_related("version")[1]
    api.post("/api/v1/watch/reports/", {"token": token_of(lin, lesson, 40), "intervals": [[0, 30]], "position": 12})
    settle_reports()
    api.force_authenticate(lin)
    progress = api.get(reverse("api-course-progress", args=[course.slug])).json()
    assert (progress["done"], progress["total"]) == (1, 3)
    assert progress["lessons"][1]["is_done"]
    assert progress["current_lesson"] == str(course.live_lessons()[2].key)
    listed = api.get(reverse("api-library")).json()["results"]
    assert [(one["course"], one["lessons_done"], one["lessons_count"]) for one in listed] == [(course.slug, 1, 3)]


def test_a_free_course_is_started_once(api: APIClient, lin: User, ada: User, course: Course) -> None:
    free = make_course(title="Free to all", price=Money(0, "USD"))
    api.force_authenticate(lin)
    assert api.post("/api/v1/enrollments/", {"course": free.slug}).status_code == 201
    assert api.post("/api/v1/enrollments/", {"course": free.slug}).json()["code"] == "already_enrolled"
    assert api.post("/api/v1/enrollments/", {"course": course.slug}).json()["code"] == "course_not_free"
