"""Published versions: numbered, dated, explained; any two of them compared; nothing of a lesson's words gets out."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses import comparing, history, quiz_writing
from courses.models import Course, Lesson, Section, Version
from tests.courses.factories import RUBRIC, make_course, make_video
from tests.courses.quizzes import add_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, sam: User) -> Course:
    return make_course()


def draft_of(course: Course) -> Version:
    return fresh(course).open_draft(by=course.creator.user)


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def approve(version: Version, sam: User, **told: Any) -> Version:
    version.refresh_from_db()
    version.submit(by=version.course.creator.user, **told).approve(by=sam, reason="Fine.", rubric_version=RUBRIC)
    version.refresh_from_db()
    return version


def kinds(changes: Any) -> dict[str, tuple[str, ...]]:
    return {one.lesson.title: one.kinds for one in changes.lessons}


class TestAPublishedVersion:
    def test_has_number_date_and_what_its_creator_says_of_it(self, sam: User, course: Course) -> None:
        approve(draft_of(course), sam, change_note="  New\nkiln ")
        rows = fresh(course).versions.published()
        assert [(row.number, row.change_note) for row in rows] == [(2, "New kiln"), (1, "")]
        assert rows[0].live_at > rows[1].live_at

    def test_says_it_in_at_most_500_characters(self, course: Course) -> None:
        with pytest.raises(ValidationError):
            draft_of(course).submit(by=course.creator.user, change_note="x" * 501)

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE courses_version SET change_note = 'other' WHERE course_id = %s AND number = 1",
            "UPDATE courses_version SET live_at = now() WHERE course_id = %s AND number = 1",
            "UPDATE courses_version SET state = 'draft' WHERE course_id = %s AND number = 1",
            "DELETE FROM courses_version WHERE course_id = %s AND number = 1",
        ],
    )
    def test_stays_as_it_is_whoever_writes(self, sam: User, course: Course, sql: str) -> None:
        approve(draft_of(course), sam)
        with pytest.raises(DatabaseError, match="version"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [course.pk])

    def test_keeps_the_keys_of_its_sections(self, course: Course) -> None:
        keys = set(course.live_version.sections.values_list("key", flat=True))
        assert set(draft_of(course).sections.values_list("key", flat=True)) == keys


class TestTheDifference:
    def test_names_every_kind_of_change(self, ada: User, sam: User, course: Course) -> None:
        draft = draft_of(course)
        one, two, three = draft.lessons.in_order()
        one.edit(title="The first bowl", is_preview=False)
        two.attach_video(make_video(ada, seconds=45, name="again.mp4"))
        two.mark_preview(True)  # or there would be none, and nothing to publish
        three.remove()
        section = draft.add_section("More", by=ada)
        section.add_lesson("Notes on clay", "article").edit(article="Wedge it.")
        draft.edit({"description": "Another one."}, by=ada, revision=draft.revision)
        approve(draft, sam)
        _old, _new, changes = history.compared(fresh(course), 1, 2)
        assert kinds(changes) == {
            "The first bowl": ("renamed", "preview"), "Lesson 2": ("film", "preview"), "Lesson 3": ("removed",),
            "Notes on clay": ("added",),
        }  # fmt: skip
        film = next(one for one in changes.lessons if "film" in one.kinds)
        assert film.before is not None
        assert (film.before.length_s, film.lesson.length_s) == (30, 45)
        assert [(one.kind, one.title) for one in changes.sections] == [("added", "More")]
        assert [one.name for one in changes.fields] == ["description"]

    def test_lies_between_any_two_versions_in_any_order(self, sam: User, course: Course) -> None:
        for title in ("A", "B"):
            draft = draft_of(course)
            draft.lessons.in_order()[0].edit(title=title)
            approve(draft, sam)
        course = fresh(course)
        assert kinds(history.compared(course, 3, 1)[2]) == {"B": ("renamed",)}
        assert [kinds(one.changes) if one.changes else None for one in history.page(course, 1)[1]] == [
            {"B": ("renamed",)}, {"A": ("renamed",)}, None,
        ]  # fmt: skip
        with pytest.raises(Http404):
            history.compared(course, 1, 4)

    def test_of_texts_and_quizzes_is_said_without_a_word_of_them(self, ada: User, sam: User, course: Course) -> None:
        draft = draft_of(course)
        section = draft.sections.get()
        section.add_lesson("Reading", "article").edit(article="The secret glaze.")
        add_quiz(section, "Test")
        approve(draft, sam)
        draft = draft_of(course)
        draft.lessons.get(title="Reading").edit(article="The most secret glaze.")
        quiz_writing.change_rules(draft.lessons.get(title="Test"), {"pass_percent": 90})
        approve(draft, sam)
        course = fresh(course)
        changes = history.compared(course, 2, 3)[2]
        assert kinds(changes) == {"Reading": ("article",), "Test": ("quiz",)}
        assert "secret" not in repr(changes)
        client = Client()
        for address in (
            reverse("courses:versions", args=[course.slug]), reverse("courses:compare", args=[course.slug]),
            course.get_absolute_url(), reverse("api-course-versions", args=[course.slug]),
            reverse("api-compare-versions", args=[course.slug]) + "?before=1&after=3",
        ):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 200
            assert "secret" not in answer.content.decode()

    @given(st.data())
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_of_any_edits_through_the_studio_s_verbs_is_right(
        self, ada: User, sam: User, film_pool: list[Any], data: st.DataObject
    ) -> None:
        with transaction.atomic():
            course = make_course(title="Any", lessons=4)
            draft, expected = draft_of(course), Expected()
            for _edit in range(data.draw(st.integers(1, 8))):
                expected.edit(draft, data, film_pool)
            if not draft.lessons.filter(is_preview=True).exists():
                draft.lessons.in_order()[0].mark_preview(True)  # or it could not be published
            approve(draft, sam)
            changes = history.compared(fresh(course), 1, 2)[2]
            before, after = (expected.facts(course.versions.get(number=n)) for n in (1, 2))
            told = {one.lesson.key: set(one.kinds) - {"moved"} for one in changes.lessons}
            told = {key: found for key, found in told.items() if found}
            assert told == expected.difference(before, after)
            transaction.set_rollback(True)


@pytest.fixture
def film_pool(ada: User) -> list[Any]:
    return [make_video(ada, seconds=seconds, name=f"{seconds}.mp4") for seconds in (20, 40, 60)]


class Expected:
    """Random edits of a draft, and what differs by a plain look at both versions' rows."""

    def edit(self, draft: Version, data: st.DataObject, films: list[Any]) -> None:
        lessons = list(draft.lessons.in_order().select_related("version__course__creator"))
        lesson = data.draw(st.sampled_from(lessons))
        act = data.draw(st.sampled_from(["rename", "film", "add", "remove", "preview", "turn"]))
        if act == "rename":
            lesson.edit(title=data.draw(st.sampled_from(["X", "Y", "Lesson 1"])))
        elif act == "film":
            lesson.attach_video(data.draw(st.sampled_from(films)))
        elif act == "preview":
            lesson.mark_preview(not lesson.is_preview)
        elif act == "remove" and len(lessons) > 2:
            lesson.remove()
        elif act == "add":
            Section.objects.get(pk=lesson.section_id).add_lesson("New", video=data.draw(st.sampled_from(films)))
        elif act == "turn":
            order = data.draw(st.permutations([one.pk for one in lessons]))
            draft.arrange([(lesson.section_id, list(order))])

    def facts(self, version: Version) -> dict[Any, tuple[Any, ...]]:
        return {row.key: (row.title, row.video_id, row.is_preview) for row in Lesson.objects.filter(version=version)}

    def difference(self, before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, set[str]]:
        found = {}
        for key in before.keys() | after.keys():
            if key not in before or key not in after:
                found[key] = {"added"} if key in after else {"removed"}
                continue
            pairs = zip(("renamed", "film", "preview"), before[key], after[key], strict=True)
            found[key] = {name for name, old, new in pairs if old != new}
        return {key: names for key, names in found.items() if names}


class TestThePages:
    def test_show_what_changed_lately_on_the_course_page(self, client: Client, sam: User, course: Course) -> None:
        assert "What changed lately" not in client.get(course.get_absolute_url()).content.decode()
        draft = draft_of(course)
        draft.lessons.in_order()[1].edit(title="The second bowl")
        approve(draft, sam, change_note="Clearer names")
        page = client.get(course.get_absolute_url()).content.decode()
        for words in ("What changed lately", "Clearer names", "1 lesson renamed", "The second bowl"):
            assert words in page

    def test_of_a_course_off_the_sale_are_gone(self, client: Client, sam: User, course: Course) -> None:
        course.take_down(by=sam, rule_code="copyright", reason="a claim")
        for name in ("courses:versions", "courses:compare", "api-course-versions"):
            assert client.get(reverse(name, args=[course.slug])).status_code == 404

    @pytest.mark.parametrize("question", ["before=x&after=2", "before=1&after=9", "before=-1", "after=%C2%B2"])
    def test_answer_404_to_versions_that_are_none(self, client: Client, course: Course, question: str) -> None:
        assert client.get(reverse("courses:compare", args=[course.slug]) + f"?{question}").status_code == 404

    @pytest.mark.parametrize("question", ["", "before=x&after=1", "before=0&after=1", "before=1&after=99999999999"])
    def test_the_api_refuses_numbers_that_are_none(self, client: Client, course: Course, question: str) -> None:
        assert client.get(reverse("api-compare-versions", args=[course.slug]) + f"?{question}").status_code == 400

    def test_ask_the_same_number_of_questions_for_few_and_many(self, sam: User, course: Course) -> None:
        counts = []
        for _round in range(2):
            for title in ("A", "B", "C"):
                draft = draft_of(course)
                draft.lessons.in_order()[0].edit(title=title)
                approve(draft, sam)
            told = []
            for address in (reverse("courses:versions", args=[course.slug]), course.get_absolute_url()):
                with CaptureQueriesContext(connection) as asked:
                    Client().get(address + "?page=1")
                told.append(len(asked))
            counts.append(told)
        assert counts[0] == counts[1]

    def test_a_creator_sees_what_her_draft_changes_and_says_it(self, client: Client, ada: User, course: Course) -> None:
        client.force_login(ada)
        draft = draft_of(course)
        draft.lessons.in_order()[0].edit(title="The first bowl")
        page = client.get(reverse("studio:publish", args=[course.slug])).content.decode()
        assert "What this version changes" in page
        assert "renamed, before: Lesson 1" in page
        told = {"note": "Hello", "change_note": "Better names"}
        client.post(reverse("studio:submit", args=[course.slug]), told)
        draft.refresh_from_db()
        assert (draft.state, draft.change_note) == ("submitted", "Better names")

    def test_too_long_a_note_submits_nothing(self, client: Client, ada: User, course: Course) -> None:
        client.force_login(ada)
        draft = draft_of(course)
        client.post(reverse("studio:submit", args=[course.slug]), {"change_note": "x" * 501})
        address = reverse("api-studio-submit", args=[course.slug])
        assert client.post(address, {"change_note": "x" * 501}, "application/json").status_code == 400
        draft.refresh_from_db()
        assert draft.state == "draft"


def test_sections_without_lessons_and_hidden_order_make_no_noise(ada: User, course: Course) -> None:
    draft = draft_of(course)
    draft.add_section("Empty", by=ada)
    assert not comparing.between(course.live_version, draft)
