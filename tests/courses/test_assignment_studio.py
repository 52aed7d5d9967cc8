"""An assignment in the studio: written by pages and API, complete or not, closed with its version."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import assignment_writing, comparing
from courses.models import Course, Lesson
from courses.models.version import EditedElsewhere, NotReady, VersionClosed
from tests.courses.assignments import add_assignment, assignment_of, make_assignment_course
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada: User) -> Course:
    return make_course(live=False, lessons=1)


@pytest.fixture
def lesson(draft: Course) -> Lesson:
    return add_assignment(draft.draft.sections.first())


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def form(**changes: Any) -> dict[str, Any]:
    return {"title": "Bowl", "task": "Throw it", "answer": "both", "most_files": 3, "most_mb": 20, "reviewing": "peers",
            "own_reviews": 2, "fallback_days": 5, "pass_percent": 60, "due_days": "", "attempts": "",
            "endings": ["PDF", ".zip", ""], **changes}  # fmt: skip


class TestWriting:
    def test_rules_and_criteria_are_kept(self, lesson: Lesson) -> None:
        assignment_writing.change_rules(lesson, {"reviewing": "peers", "due_days": 10, "endings": [".PDF", "pdf"]})
        told = lesson.assigned
        assert (told.is_by_peers, told.due_days, told.endings, told.most_points) == (True, 10, ("pdf",), 10)
        assert lesson.is_complete

    def test_a_level_keeps_its_id_while_it_is_renamed(self, lesson: Lesson) -> None:
        criterion = lesson.assigned.criteria[0]
        rows = [{"id": each.id, "title": f"{each.title}!", "points": each.points} for each in criterion.levels]
        changed = assignment_writing.change_criterion(lesson, criterion.id, {"levels": rows})
        assert [each.id for each in changed.levels] == [each.id for each in criterion.levels]

    def test_criteria_move_and_go(self, lesson: Lesson) -> None:
        first, second = (each.id for each in lesson.assigned.criteria)
        assignment_writing.move_criterion(lesson, first, "down")
        assert [each.id for each in lesson.assigned.criteria] == [second, first]
        assignment_writing.move_criterion(lesson, first, "down")
        assignment_writing.remove_criterion(lesson, second)
        assert [each.id for each in lesson.assigned.criteria] == [first]

    def test_two_windows_do_not_overwrite_each_other(self, lesson: Lesson) -> None:
        seen = lesson.revision
        assignment_writing.change_rules(lesson, {"task": "One"}, seen)
        with pytest.raises(EditedElsewhere):
            assignment_writing.change_rules(lesson, {"task": "Two"}, seen)

    def test_it_is_no_free_preview(self, lesson: Lesson) -> None:
        with pytest.raises(ValidationError):
            lesson.mark_preview(True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Lesson.objects.filter(pk=lesson.pk).update(is_preview=True)

    def test_a_course_waits_until_it_can_be_done(self, draft: Course, ada: User) -> None:
        lesson = draft.draft.sections.first().add_lesson("Empty", "assignment")
        assert not lesson.is_complete
        with pytest.raises(NotReady) as refusal:
            draft.draft.submit(by=ada)
        assert [each["code"] for each in refusal.value.as_problem()["missing"]] == ["assignments"]

    def test_what_is_live_is_closed_and_a_new_version_has_the_same_criteria(self, ada: User) -> None:
        course = make_assignment_course()
        live = assignment_of(course)
        with pytest.raises(VersionClosed):
            assignment_writing.change_rules(live, {"task": "Other"})
        new = course.open_draft(by=ada)
        copy = new.lessons.get(key=live.key)
        assert copy.assigned == live.assigned
        assignment_writing.change_rules(copy, {"pass_percent": 90})
        [change] = comparing.with_live(new).lessons  # type: ignore[union-attr]
        assert change.kinds == ("assignment",)


class TestPages:
    def test_rules_are_saved_and_mistakes_are_said(self, as_ada: Client, lesson: Lesson) -> None:
        address = reverse("studio:lesson", args=[lesson.version.course.slug, lesson.pk])
        assert "Three other learners review it" in as_ada.get(address).content.decode()
        assert as_ada.post(address, form(revision=lesson.revision)).status_code == 302
        lesson.refresh_from_db()
        assert (lesson.assigned.owed, lesson.assigned.endings) == (2, ("pdf", "zip"))
        wrong = as_ada.post(address, form(revision=lesson.revision, endings=["exe"], pass_percent=60))
        assert wrong.status_code == 422
        assert "exe" in wrong.content.decode()
        assert as_ada.post(address, form(revision=0)).status_code == 409

    def test_a_criterion_is_written_without_javascript(self, as_ada: Client, lesson: Lesson) -> None:
        slug = lesson.version.course.slug
        address = as_ada.post(reverse("studio:add_criterion", args=[slug, lesson.pk])).url
        lesson.refresh_from_db()
        told = {
            "revision": lesson.revision, "title": "Foot", "text": "", "levels-0-title": "Thin", "levels-0-points": "5",
            "levels-1-title": "Thick", "levels-1-points": "", "levels-2-title": "",
        }  # fmt: skip
        assert as_ada.post(address, told).status_code == 302
        lesson.refresh_from_db()
        assert [(each.title, each.points) for each in lesson.assigned.criteria[-1].levels] == [
            ("Thin", 5),
            ("Thick", 0),
        ]
        for points in ("-1", "101", "many"):
            wrong = {**told, "revision": lesson.revision, "levels-0-points": points}
            assert as_ada.post(address, wrong).status_code == 422

    def test_the_preview_shows_task_and_rubric(self, as_ada: Client, lesson: Lesson) -> None:
        address = reverse("studio:preview", args=[lesson.version.course.slug])
        shown = as_ada.get(address, {"lesson": lesson.pk}).content.decode()
        assert "<strong>show</strong>" in shown
        assert "What is Round" in shown


class TestApi:
    def patch(self, client: Client, address: str, body: Any) -> Any:
        return client.patch(address, json.dumps(body), content_type="application/json")

    def test_it_is_read_and_written(self, as_ada: Client, lesson: Lesson) -> None:
        address = reverse("api-studio-assignment", args=[lesson.pk])
        told = as_ada.get(address).json()
        assert (told["rules"]["answer"], len(told["criteria"]), told["lacks"]) == ("both", 2, {})
        changed = self.patch(
            as_ada, address, {"endings": ["pdf"], "due_days": None, "revision": told["revision"]}
        ).json()
        assert changed["rules"]["endings"] == ["pdf"]
        assert self.patch(as_ada, address, {"task": "x", "revision": told["revision"]}).status_code == 409
        for wrong in ({"pass_percent": 0}, {"answer": "song"}, {"endings": ["exe"]}, {"most_mb": "²"}):
            assert self.patch(as_ada, address, wrong).status_code == 400

    def test_the_autosave_of_a_criterion_sends_rows_of_text(self, as_ada: Client, lesson: Lesson) -> None:
        key = lesson.assigned.criteria[0].id
        address = reverse("api-studio-criterion", args=[lesson.pk, key])
        rows = [
            {"id": "", "title": "Yes", "points": "3", "text": ""},
            {"id": "", "title": "", "points": "", "text": ""},
        ]
        told = self.patch(as_ada, address, {"title": "Rim", "levels": rows, "revision": lesson.revision}).json()
        assert [(each["title"], each["points"]) for each in told["levels"]] == [("Yes", 3)]
        assert self.patch(as_ada, address, {"levels": [{"title": "x", "points": 101}]}).status_code == 400
