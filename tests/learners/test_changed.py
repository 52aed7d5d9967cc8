"""What changed for a learner: exactly the lessons that differ from what she did, and she stays finished."""

from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses import replacing
from courses.models import Course, Lesson, Restriction, Version
from learners import changed, completion
from learners.models import Enrollment, LessonProgress, SeenChange
from tests.courses.factories import make_course, make_video, publish
from tests.courses.quizzes import add_quiz
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll, watch
from tests.payments.crowd import at_once
from videos.models import Replacement

pytestmark = pytest.mark.django_db
SLOW = meeting("learners_seenchange")  # so that the two meet


@pytest.fixture
def course(ada: User, sam: User, lin: User) -> Course:
    """Four films, an article and a quiz; Lin has it."""
    course = make_course(live=False, lessons=4)
    section = course.draft.sections.get()
    section.add_lesson("Reading", "article").edit(article="Wedge it.")
    add_quiz(section, "Test")
    publish(course.draft)
    enroll(lin, fresh(course))
    return fresh(course)


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def mine(lin: User, course: Course) -> Enrollment:
    return Enrollment.objects.active().of(lin).select_related("course").get(course=course)


def finish(lin: User, course: Course) -> None:
    do_all(lin, fresh(course))
    completion.lesson_done(mine(lin, course))
    assert mine(lin, course).completed_at is not None


def draft_of(course: Course) -> Version:
    return fresh(course).open_draft(by=course.creator.user)


def lesson(version: Version, title: str) -> Lesson:
    return version.lessons.select_related("version__course__creator").get(title=title)


def news(lin: User, course: Course) -> dict[str, tuple[str, ...]]:
    delta = changed.of_course(lin, mine(lin, course))
    return {one.lesson.title: one.kinds for one in delta.lessons} if delta else {}


def besides(lin: User, course: Course) -> set[str]:
    delta = changed.of_course(lin, mine(lin, course))
    return {one.lesson.title for one in delta.besides.lessons} if delta else set()


def change_all_kinds(course: Course) -> None:
    draft = draft_of(course)
    lesson(draft, "Lesson 1").edit(title="The first bowl")
    lesson(draft, "Lesson 2").attach_video(make_video(course.creator.user, seconds=45, name="new.mp4"))
    lesson(draft, "Lesson 3").remove()
    lesson(draft, "Reading").edit(article="Wedge it twice.")
    draft.sections.get().add_lesson("Glazing", video=make_video(course.creator.user, name="glaze.mp4"))
    publish(draft)


class TestWhoHasFinished:
    def test_sees_exactly_the_lessons_that_changed(self, lin: User, course: Course) -> None:
        finish(lin, course)
        assert news(lin, course) == {}
        change_all_kinds(course)
        assert news(lin, course) == {"Lesson 2": ("film",), "Reading": ("article",), "Glazing": ("added",)}
        assert besides(lin, course) == {"The first bowl", "Lesson 3"}

    def test_stays_finished_and_keeps_her_certificate_of_that_version(self, lin: User, course: Course) -> None:
        certificate = make_certificate(lin, fresh(course))
        change_all_kinds(course)
        assert mine(lin, course).completed_at is not None
        certificate.refresh_from_db()
        assert (certificate.version.number, fresh(course).live_version.number) == (1, 2)

    def test_sees_nothing_of_what_was_changed_and_changed_back(self, ada: User, lin: User, course: Course) -> None:
        finish(lin, course)
        for text in ("Other.", "Wedge it."):
            draft = draft_of(course)
            lesson(draft, "Reading").edit(article=text)
            publish(draft)
        assert news(lin, course) == {}

    def test_is_compared_with_the_version_that_she_finished(self, lin: User, course: Course) -> None:
        change_all_kinds(course)
        finish(lin, course)
        assert news(lin, course) == {}
        draft = draft_of(course)
        lesson(draft, "Lesson 4").attach_video(make_video(course.creator.user, seconds=50, name="4.mp4"))
        publish(draft)
        assert news(lin, course) == {"Lesson 4": ("film",)}

    def test_ticks_off_one_by_one(self, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        key = lesson(fresh(course).live_version, "Reading").key
        changed.see(lin, mine(lin, course), number=2, lesson_key=key)
        assert set(news(lin, course)) == {"Lesson 2", "Glazing"}
        changed.see(lin, mine(lin, course), number=2)
        assert (news(lin, course), besides(lin, course)) == ({}, set())

    def test_sees_a_later_change_of_what_she_ticked_off(self, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        changed.see(lin, mine(lin, course), number=2)
        draft = draft_of(course)
        lesson(draft, "Reading").edit(article="Wedge it three times.")
        publish(draft)
        assert news(lin, course) == {"Reading": ("article",)}

    def test_ticks_what_she_was_shown_and_not_what_came_meanwhile(self, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        draft = draft_of(course)
        lesson(draft, "Reading").edit(article="Wedge it three times.")
        publish(draft)
        changed.see(lin, mine(lin, course), number=2)  # her page was drawn before version 3
        assert news(lin, course) == {"Reading": ("article",)}

    def test_knows_a_new_film_once_she_has_opened_it(self, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        live = fresh(course).live_version
        watch(lin, lesson(live, "Lesson 2"), 1)
        watch(lin, lesson(live, "Glazing"), 1)
        assert set(news(lin, course)) == {"Reading"}

    def test_sees_a_changed_quiz_and_a_replaced_film(self, lin: User, course: Course) -> None:
        finish(lin, course)
        old = lesson(fresh(course).live_version, "Lesson 4")
        ada = course.creator.user
        row = Replacement.objects.begin(old=old.video, new=make_video(ada, 33, "new.mp4"), by=ada)
        replacing.carry_out(row, ada)
        lesson(draft_of(course), "Test").edit(title="The test")
        publish(draft_of(course))
        assert news(lin, course) == {"Lesson 4": ("film",)}

    def test_is_not_sent_to_a_lesson_that_is_hidden(self, lin: User, sam: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        Restriction.objects.impose(
            "hide", fresh(course), by=sam, rule_code="copyright", rule_version=1, reason="a claim",
            lesson_key=lesson(fresh(course).live_version, "Reading").key,
        )  # fmt: skip
        assert set(news(lin, course)) == {"Lesson 2", "Glazing"}


class TestWhoIsOnTheWay:
    def test_sees_what_changed_of_what_she_has_done_and_what_is_new(self, lin: User, course: Course) -> None:
        done = lesson(course.live_version, "Reading")
        completion.mark_read(lin, course, done)
        change_all_kinds(course)
        assert news(lin, course) == {"Reading": ("article",), "Glazing": ("added",)}

    def test_sees_nothing_of_a_lesson_that_she_did_after_the_change(self, lin: User, course: Course) -> None:
        change_all_kinds(course)
        completion.mark_read(lin, fresh(course), lesson(fresh(course).live_version, "Reading"))
        assert set(news(lin, course)) == {"Glazing"}


class TestSeeing:
    @pytest.mark.parametrize("number", [0, 3, 99])
    def test_a_version_that_is_none_is_refused(self, lin: User, course: Course, number: int) -> None:
        change_all_kinds(course)
        draft_of(course)  # number 3 is not published
        with pytest.raises(Http404):
            changed.see(lin, mine(lin, course), number=number)

    def test_a_lesson_of_another_course_is_refused(self, lin: User, course: Course) -> None:
        change_all_kinds(course)
        other = make_course(title="Weaving").live_lessons()[0].key
        with pytest.raises(Http404):
            changed.see(lin, mine(lin, course), number=2, lesson_key=other)

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_once_is_once(self, lin: User, course: Course) -> None:
        with taken_away(SLOW):
            see_twice_at_once(lin, course)
            assert SeenChange.objects.of(lin).count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_without_the_constraint_twice_at_once_is_twice(self, lin: User, course: Course) -> None:
        """The control of the test before."""
        with taken_away(constraint("learners_seenchange", "one_look_at_a_change"), SLOW):
            see_twice_at_once(lin, course)
            assert SeenChange.objects.of(lin).count() == 2


def see_twice_at_once(lin: User, course: Course) -> None:
    change_all_kinds(course)
    enrollment = mine(lin, course)
    at_once(lambda _n: changed.see(lin, enrollment, number=2), 2)


@pytest.fixture
def as_lin(lin: User) -> Client:
    client = Client()
    client.force_login(lin)
    return client


class TestThePages:
    def test_library_course_page_and_lesson_say_it_quietly(self, as_lin: Client, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        key = lesson(fresh(course).live_version, "Reading").key
        for address in (
            reverse("learners:library"), fresh(course).get_absolute_url(),
            reverse("learners:lesson", args=[course.slug, key]),
        ):  # fmt: skip
            assert "3 lessons changed since you finished" in as_lin.get(address).content.decode()
        page = as_lin.get(reverse("learners:lesson", args=[course.slug, key])).content.decode()
        assert "Changed since you did it:" in page
        assert "text changed" in page

    def test_the_list_leads_to_each_lesson_and_ticks(self, as_lin: Client, lin: User, course: Course) -> None:
        finish(lin, course)
        change_all_kinds(course)
        address = reverse("learners:course_changes", args=[course.slug])
        page = as_lin.get(address).content.decode()
        key = lesson(fresh(course).live_version, "Reading").key
        assert reverse("learners:lesson", args=[course.slug, key]) in page
        assert "it stays finished" in page
        seen = reverse("learners:see_changes", args=[course.slug])
        as_lin.post(seen, {"number": "2", "lesson_key": str(key)})
        assert set(news(lin, course)) == {"Lesson 2", "Glazing"}
        answer = as_lin.post(seen, {"number": "2", "next": "https://elsewhere.example/"})
        assert answer.headers["Location"] == address
        assert "Nothing new for you" in as_lin.get(address).content.decode()

    @pytest.mark.parametrize("told", [{}, {"number": "x"}, {"number": "-1"}, {"number": "2", "lesson_key": "no"}])
    def test_what_is_no_answer_changes_nothing(
        self, as_lin: Client, lin: User, course: Course, told: dict[str, str]
    ) -> None:
        finish(lin, course)
        change_all_kinds(course)
        as_lin.post(reverse("learners:see_changes", args=[course.slug]), told)
        assert len(news(lin, course)) == 3

    def test_the_api_says_the_same(self, as_lin: Client, lin: User, course: Course) -> None:
        address = reverse("api-course-news", args=[course.slug])
        assert as_lin.get(address).status_code == 204
        finish(lin, course)
        change_all_kinds(course)
        told = as_lin.get(address).json()
        assert (told["since"], told["version"], told["is_finished"]) == (1, 2, True)
        assert {one["title"]: one["kinds"] for one in told["lessons"]} == {
            "Lesson 2": ["film"], "Reading": ["article"], "Glazing": ["added"],
        }  # fmt: skip
        for wrong in ({}, {"version": 0}, {"version": "x"}, {"version": 2, "lesson": "x"}):
            assert as_lin.post(address, wrong, "application/json").status_code == 400
        assert as_lin.post(address, {"version": 9}, "application/json").status_code == 404
        assert as_lin.post(address, {"version": 2}, "application/json").status_code == 204
        assert as_lin.get(address).status_code == 204

    def test_nobody_else_s_course_is_told(self, cole: User, course: Course) -> None:
        client = Client()
        client.force_login(cole)
        for name in ("learners:course_changes", "api-course-news"):
            assert client.get(reverse(name, args=[course.slug])).status_code == 404

    def test_the_library_asks_as_much_for_five_changed_courses_as_for_one(
        self, as_lin: Client, lin: User, course: Course
    ) -> None:
        finish(lin, course)
        change_all_kinds(course)
        counts: list[int] = []
        for title in ("", "A", "B", "C", "D"):
            if title:
                other = make_course(title=title, lessons=2)
                enroll(lin, other)
                draft = draft_of(other)
                draft.lessons.in_order()[0].edit(title="Other")
                draft.sections.get().add_lesson("New", video=make_video(other.creator.user))
                publish(draft)
            with CaptureQueriesContext(connection) as asked:
                page = as_lin.get(reverse("learners:library"))
            counts.append(len(asked))
        assert page.content.decode().count("1 lesson changed since you did it") == 4
        assert counts[1] == counts[-1]


def test_progress_of_nobody_is_news_of_nobody(course: Course) -> None:
    rows: list[Any] = []
    assert changed.of(course.creator.user, rows) == {}
    assert not LessonProgress.objects.filter(done_at__gt=timezone.now()).exists()
