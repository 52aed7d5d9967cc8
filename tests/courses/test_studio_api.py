"""The creators' side of the API: doors and answers."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.courses.factories import RUBRIC, make_category, make_course, make_picture, make_video

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/studio"


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(ada: User) -> APIClient:
    return as_(ada)


def draft(**facts: Any) -> Any:
    return make_course(title="Glazes", live=False, **facts)


class TestTheDoor:
    def test_is_closed_to_strangers_and_to_people_who_are_no_creators(self, cole: User) -> None:
        assert APIClient().get(f"{ROOT}/courses/").status_code == 401
        assert as_(cole).get(f"{ROOT}/courses/").status_code == 403

    def test_hides_the_courses_of_others(self, ada: User, cole: User) -> None:
        from tests.creators.factories import make_creator

        course = draft()
        lesson = course.draft.lessons.first()
        make_creator(cole, "Cole")
        other = as_(User.objects.get(pk=cole.pk))
        for address in ("courses/glazes/", f"sections/{lesson.section_id}/", f"lessons/{lesson.pk}/"):
            assert other.patch(f"{ROOT}/{address}", {"title": "Mine"}).status_code == 404
        assert other.get(f"{ROOT}/courses/").json()["results"] == []


class TestACourse:
    def test_is_started_and_read_with_its_draft(self, api: APIClient) -> None:
        made = api.post(f"{ROOT}/courses/", {"title": "Glazes"})
        assert made.status_code == 201
        assert made.json() == api.get(f"{ROOT}/courses/glazes/").json()
        assert (made.json()["state"], made.json()["revision"], made.json()["price"]) == ("draft", 0, None)

    def test_is_listed_with_its_state(self, api: APIClient) -> None:
        make_course(title="Kilns")
        draft()
        listed = api.get(f"{ROOT}/courses/").json()["results"]
        assert [(each["title"], each["state"]) for each in listed] == [("Glazes", "draft"), ("Kilns", "live")]

    def test_is_edited_with_the_revision_that_was_seen(self, api: APIClient) -> None:
        course = draft()
        seen = api.get(f"{ROOT}/courses/glazes/").json()["revision"]
        changes = {"subtitle": "New", "outcomes": ["One", " "], "category": make_category("design").slug}
        answer = api.patch(f"{ROOT}/courses/glazes/", {**changes, "revision": seen})
        assert answer.json() == {"revision": seen + 1}
        version = course.draft
        assert (version.subtitle, version.outcomes, version.category.slug) == ("New", ["One"], "design")

    def test_refuses_the_edit_of_a_second_window_and_keeps_the_first(self, api: APIClient) -> None:
        course = draft()
        seen = course.draft.revision
        api.patch(f"{ROOT}/courses/glazes/", {"subtitle": "First", "revision": seen})
        answer = api.patch(f"{ROOT}/courses/glazes/", {"subtitle": "Second", "revision": seen})
        assert (answer.status_code, answer.json()["code"]) == (409, "edited_elsewhere")
        assert answer.json()["revision"] == seen + 1
        assert course.draft.subtitle == "First"

    def test_names_the_field_that_is_wrong(self, api: APIClient) -> None:
        draft()
        answer = api.patch(f"{ROOT}/courses/glazes/", {"level": "guru", "revision": 0})
        assert answer.status_code == 400
        assert "level" in answer.json()["errors"]

    def test_takes_a_cover_and_refuses_what_is_no_picture(self, api: APIClient) -> None:
        course = draft(cover=False)
        sent = api.post(f"{ROOT}/courses/glazes/cover/", {"cover": make_picture()}, format="multipart")
        assert sent.status_code == 200
        assert course.draft.cover
        text = make_picture()
        text.file.seek(0)
        text.file.write(b"no picture at all")
        refused = api.post(f"{ROOT}/courses/glazes/cover/", {"cover": text}, format="multipart")
        assert refused.status_code == 400

    @pytest.mark.parametrize(
        ("amount", "status"),
        [
            ({"minor": "2000", "currency": "JPY"}, 200),
            ({"minor": "0", "currency": "USD"}, 200),
            ({"minor": "-5", "currency": "USD"}, 400),
            ({"minor": "99999999999", "currency": "USD"}, 400),
            ({"minor": "100", "currency": "XXX"}, 400),
            ({"minor": 19.99, "currency": "USD"}, 400),
        ],
    )
    def test_takes_only_prices_that_can_be_charged(self, api: APIClient, amount: dict[str, Any], status: int) -> None:
        draft()
        answer = api.post(f"{ROOT}/courses/glazes/price/", {"amount": amount})
        assert answer.status_code == status
        if status == 200:
            assert answer.json() == {"amount": amount, "suggested": None}


class TestSubmitting:
    def test_says_what_is_missing(self, api: APIClient) -> None:
        draft(price=None)
        readiness = api.get(f"{ROOT}/courses/glazes/readiness/").json()
        assert readiness["is_ready"] is False
        assert [item["code"] for item in readiness["items"] if not item["done"]] == ["price"]
        answer = api.post(f"{ROOT}/courses/glazes/submit/", {})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
        assert [item["code"] for item in answer.json()["missing"]] == ["price"]

    def test_closes_the_draft_until_it_is_withdrawn(self, api: APIClient) -> None:
        course = draft()
        assert api.post(f"{ROOT}/courses/glazes/submit/", {"note": "Hello"}).status_code == 201
        edit = {"subtitle": "Late", "revision": course.versions.get().revision}
        assert api.patch(f"{ROOT}/courses/glazes/", edit).json()["code"] == "version_closed"
        assert api.post(f"{ROOT}/courses/glazes/withdraw/").status_code == 200
        assert api.patch(f"{ROOT}/courses/glazes/", edit).status_code == 200

    def test_shows_the_findings_of_a_return(self, api: APIClient, ada: User, sam: User) -> None:
        submission = draft().draft.submit(by=ada)
        found = {"rule_code": "sound_quality", "text": "Hum", "at_second": 3}
        submission.send_back(by=sam, reason="Mend it", findings=[found], rubric_version=RUBRIC)
        decision = api.get(f"{ROOT}/courses/glazes/").json()["submissions"][0]["decision"]
        assert (decision["verdict"], decision["findings"][0]["at_second"]) == ("return", 3)

    def test_of_a_live_course_needs_a_new_version(self, api: APIClient) -> None:
        make_course(title="Glazes")
        closed = api.patch(f"{ROOT}/courses/glazes/", {"subtitle": "x", "revision": 2})
        assert closed.json()["code"] == "version_closed"
        opened = api.post(f"{ROOT}/courses/glazes/draft/").json()
        assert (opened["state"], opened["draft"]["number"], opened["is_on_sale"]) == ("draft", 2, True)


class TestTheCurriculum:
    def test_is_built_from_sections_and_lessons(self, api: APIClient, ada: User) -> None:
        api.post(f"{ROOT}/courses/", {"title": "Glazes"})
        section = api.post(f"{ROOT}/courses/glazes/sections/", {"title": "Start"}).json()
        film = make_video(ada, seconds=12)
        lesson = api.post(f"{ROOT}/sections/{section['id']}/lessons/", {"title": "Ash", "video": str(film.pk)}).json()
        assert (lesson["video"], lesson["duration_s"]) == (str(film.pk), 12)
        tree = api.get(f"{ROOT}/courses/glazes/").json()["draft"]["sections"]
        assert [(each["title"], [x["key"] for x in each["lessons"]]) for each in tree] == [("Start", [lesson["key"]])]

    def test_edits_title_preview_and_film_of_a_lesson_in_one_call(self, api: APIClient, ada: User) -> None:
        lesson = draft().draft.lessons.first()
        film = make_video(ada, seconds=7)
        answer = api.patch(f"{ROOT}/lessons/{lesson.pk}/", {"title": "Ash", "is_preview": True, "video": str(film.pk)})
        assert answer.status_code == 200
        lesson.refresh_from_db()
        assert (lesson.title, lesson.is_preview, lesson.video, lesson.duration_s) == ("Ash", True, film, 7)

    def test_refuses_a_film_of_somebody_else(self, api: APIClient, cole: User) -> None:
        lesson = draft().draft.lessons.first()
        answer = api.patch(f"{ROOT}/lessons/{lesson.pk}/", {"video": str(make_video(cole).pk)})
        assert answer.status_code == 400
        assert "video" in answer.json()["errors"]

    def test_refuses_the_edit_of_a_lesson_by_a_second_window(self, api: APIClient) -> None:
        lesson = draft().draft.lessons.first()
        api.patch(f"{ROOT}/lessons/{lesson.pk}/", {"title": "First", "revision": 0})
        answer = api.patch(f"{ROOT}/lessons/{lesson.pk}/", {"title": "Second", "revision": 0})
        assert (answer.status_code, answer.json()["code"]) == (409, "edited_elsewhere")

    def test_makes_a_lesson_of_each_film_that_is_dropped(self, api: APIClient, ada: User) -> None:
        api.post(f"{ROOT}/courses/", {"title": "Glazes"})
        for name in ("01_wood-ash.mp4", "02_salt.mp4"):
            film = make_video(ada, name=name, ready=False)
            assert api.post(f"{ROOT}/courses/glazes/films/", {"video": str(film.pk)}).status_code == 201
        section = api.get(f"{ROOT}/courses/glazes/").json()["draft"]["sections"][0]
        assert [lesson["title"] for lesson in section["lessons"]] == ["01 wood ash", "02 salt"]

    def test_is_arranged_as_a_whole(self, api: APIClient) -> None:
        course = draft()
        section = api.post(f"{ROOT}/courses/glazes/sections/", {"title": "End"}).json()["id"]
        first, *rest = course.draft.lessons.order_by("position")
        order = [{"section": section, "lessons": [first.pk]},
                 {"section": first.section_id, "lessons": [x.pk for x in reversed(rest)]}]  # fmt: skip
        assert api.post(f"{ROOT}/courses/glazes/arrange/", {"order": order}).status_code == 204
        tree = api.get(f"{ROOT}/courses/glazes/").json()["draft"]["sections"]
        assert [[x["id"] for x in each["lessons"]] for each in tree] == [each["lessons"] for each in order]

    def test_refuses_an_order_that_forgets_a_lesson(self, api: APIClient) -> None:
        course = draft()
        lesson = course.draft.lessons.first()
        order = [{"section": lesson.section_id, "lessons": [lesson.pk]}]
        assert api.post(f"{ROOT}/courses/glazes/arrange/", {"order": order}).json()["code"] == "edited_elsewhere"

    def test_loses_sections_and_lessons_but_not_their_films(self, api: APIClient) -> None:
        course = draft()
        lesson = course.draft.lessons.first()
        assert api.delete(f"{ROOT}/lessons/{lesson.pk}/").status_code == 204
        assert api.delete(f"{ROOT}/sections/{lesson.section_id}/").status_code == 204
        lesson.video.refresh_from_db()
        assert course.draft.lessons_count == 0
