"""Library and lesson pages: doors, what they say, and how many questions they ask."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from learners import completion
from learners.models import LessonProgress
from marketplace.lib.money import Money
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll, watch
from tests.videos.films import put_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def as_lin(client: Client, lin: User) -> Client:
    client.force_login(lin, backend="accounts.backend.Backend")
    return client


def address(course: Course, at: int) -> str:
    return reverse("learners:lesson", args=[course.slug, course.live_lessons()[at].key])


def with_article(ada: User) -> Course:
    course = make_course(live=False, lessons=1)
    lesson = course.draft.sections.first().add_lesson("Read this", "article")
    lesson.edit(article="# Clay\n\nIt **remembers**.")
    publish(course.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=course.pk)


def test_an_empty_library_says_what_will_be_there(as_lin: Client) -> None:
    page = as_lin.get("/library/")
    assert "Find a course" in page.content.decode()


def test_the_library_asks_the_same_number_of_questions_for_one_course_and_for_six(
    as_lin: Client, lin: User, ada: User
) -> None:
    counts = []
    for total in (1, 6):
        while lin.enrollments.count() < total:
            course = make_course(title=f"Course {lin.enrollments.count()}", cover=True)
            enroll(lin, course)
            watch(lin, course.live_lessons().select_related("version")[0], 1)
        with CaptureQueriesContext(connection) as asked:
            page = as_lin.get("/library/")
        counts.append(len(asked))
        assert page.content.decode().count("course-card__title") == total
    assert counts[0] == counts[1]


def test_a_stranger_is_told_how_to_get_the_course(client: Client, course: Course) -> None:
    page = client.get(address(course, 1))
    assert page.status_code == 403
    text = page.content.decode()
    assert course.price.format() in text
    assert reverse("courses:detail", args=[course.slug]) in text
    assert "Log in" in text
    assert "lesson-player" not in text


def test_after_a_refund_the_page_says_why(as_lin: Client, lin: User, course: Course) -> None:
    enroll(lin, course).end("refunded")
    page = as_lin.get(address(course, 1))
    assert page.status_code == 403
    assert "was refunded" in page.content.decode()


def test_a_preview_plays_for_a_stranger_and_is_not_tracked(client: Client, course: Course) -> None:
    page = client.get(address(course, 0))
    text = page.content.decode()
    assert page.status_code == 200
    assert "/hls/" in text
    assert "data-token" not in text


def test_the_page_brings_the_film_s_master_along_only_for_who_may_watch(client: Client, course: Course) -> None:
    video = course.live_lessons().select_related("video")[0].video
    assert video is not None
    assert "data-master" not in client.get(address(course, 0)).content.decode()  # no file lies on this host
    put_files(video)
    assert 'data-master="#EXTM3U\nv240/index.m3u8\n"' in client.get(address(course, 0)).content.decode()
    assert "data-master" not in client.get(address(course, 1)).content.decode()


def test_the_course_address_leads_to_the_lesson_to_go_on_with(as_lin: Client, lin: User, course: Course) -> None:
    enroll(lin, course)
    watch(lin, course.live_lessons().select_related("version")[1], 7)
    assert as_lin.get(f"/learn/{course.slug}/").url == address(course, 1)
    assert 'data-start="7.0"' in as_lin.get(address(course, 1)).content.decode()


@pytest.mark.parametrize("lessons", [3, 30])
def test_the_lesson_page_asks_a_constant_number_of_questions(
    as_lin: Client, lin: User, ada: User, lessons: int
) -> None:
    course = make_course(lessons=lessons)
    enroll(lin, course)
    key = course.live_lessons()[1].key
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        page = as_lin.get(reverse("learners:lesson", args=[course.slug, key]))
    assert page.content.decode().count("lesson-row__title") == lessons
    # Two of them are the questions under the lesson.
    assert len(asked) <= 17, [query["sql"][:120] for query in asked]


def test_an_article_is_shown_and_marked_as_read(as_lin: Client, lin: User, ada: User) -> None:
    course = with_article(ada)
    enroll(lin, course)
    assert "<strong>remembers</strong>" in as_lin.get(address(course, 1)).content.decode()
    read = reverse("learners:read", args=[course.slug, course.live_lessons()[1].key])
    assert as_lin.post(read).status_code == 302
    assert LessonProgress.objects.of(lin).done().count() == 1
    as_lin.post(read, {"undo": "1"})
    assert LessonProgress.objects.of(lin).done().count() == 0


def test_who_is_not_enrolled_leaves_no_trace(cole: User, ada: User) -> None:
    course = with_article(ada)
    completion.mark_read(cole, course, course.live_lessons()[1])
    assert not LessonProgress.objects.of(cole).exists()


def test_a_free_course_is_started_with_one_button(as_lin: Client, lin: User, ada: User) -> None:
    course = make_course(price=Money(0, "USD"))
    assert "Start for free" in as_lin.get(address(course, 1)).content.decode()
    assert as_lin.post(reverse("learners:enroll", args=[course.slug])).status_code == 302
    assert as_lin.get(address(course, 1)).status_code == 200


def test_the_marks_of_a_curriculum_cost_one_question(lin: User, course: Course) -> None:
    enroll(lin, course)
    lessons = list(course.live_lessons().select_related("version"))
    watch(lin, lessons[0], 30)
    request = RequestFactory().get("/")
    request.user = lin
    template = Template("{% load learning %}{% for lesson in lessons %}{% lesson_mark lesson %}{% endfor %}")
    with CaptureQueriesContext(connection) as asked:
        drawn = template.render(Context({"request": request, "lessons": lessons}))
    assert drawn.count("icon--check-circle") == 1
    assert len(asked) == 1


def test_the_course_page_shows_a_learner_how_far_she_is(lin: User, cole: User, course: Course) -> None:
    enroll(lin, course)
    template = Template(
        "{% load learning %}{% course_progress course %}{% continue_shelf %}{% preview_player lesson %}"
    )
    request = RequestFactory().get("/")
    for user, expected in ((lin, True), (cole, False)):
        request.user = user
        drawn = template.render(Context({"request": request, "course": course, "lesson": course.live_lessons()[0]}))
        assert ("0 of 3 lessons done" in drawn) == expected
        assert "<lesson-player" in drawn
