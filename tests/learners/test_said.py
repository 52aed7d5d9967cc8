"""Searching what is said in a course: for who has it, in both scripts, by second, at a constant cost."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import said
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.videos.films import text_file
from videos import captions
from videos.models import Caption

pytestmark = pytest.mark.django_db


def say(course: Course, at: int, language: str, *lines: str) -> None:
    cues = (f"{n}\n00:00:{3 * n:02},000 --> 00:00:{3 * n + 2:02},000\n{line}\n" for n, line in enumerate(lines))
    captions.put(course.live_lessons()[at].video, language=language, file=text_file("\n".join(cues)))


@pytest.fixture
def course(ada: User) -> Course:
    made = make_course()
    say(made, 0, "en", "Welcome to pottery", "We wedge the clay", "and then we glaze")
    say(made, 1, "zh-hans", "今天讲釉药", "机器", "学习也可以", "C++ & Python < Rust")
    say(made, 2, "zh-hant", "臺灣的陶藝", "頭髮不要碰到泥")
    return made


def found(course: Course, asked: str) -> list[tuple[str, int]]:
    return [
        (hits.lesson.title[-1], line.at_s)
        for hits in said.search_course(course, asked, AnonymousUser())
        for line in hits.lines
    ]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ("POTTERY", [("1", 0)]),
        ("clay wedge", [("1", 3)]),
        ("clay glaze", [("1", 3)]),
        ("釉药", [("2", 0)]),
        ("釉藥", [("2", 0)]),
        ("陶艺", [("3", 0)]),
        ("台湾", [("3", 0)]),
        ("头发", [("3", 3)]),
        ("机器学习", [("2", 3)]),
        ("学习", [("2", 6)]),
        ("c++", [("2", 9)]),
        ("&", [("2", 9)]),
        ("< rust", [("2", 9)]),
        ("Welcome glaze", []),
        ("toclay", []),
        ("%", []),
        ("_", []),
        ("", []),
        ("  ", []),
        ("\x00", []),
        ("窑", []),
    ],
)
def test_words_are_found_at_their_second(course: Course, asked: str, places: list[tuple[str, int]]) -> None:
    assert found(course, asked) == places


def test_two_languages_that_say_it_at_one_second_are_one_hit(course: Course) -> None:
    say(course, 0, "en-gb", "Welcome to pottery")
    assert found(course, "pottery") == [("1", 0)]


def test_there_is_an_end_to_the_hits(course: Course) -> None:
    lines = (f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\nclay\n" for n in range(90))
    captions.put(course.live_lessons()[1].video, language="en", file=text_file("\n".join(lines)))
    assert len(found(course, "clay")) == said.MOST_IN_A_LESSON + 1


def test_only_those_who_have_the_course_search_it(course: Course, lin: User, cole: User, ada: User, sam: User) -> None:
    """Not even the preview's words: the search would tell what the rest of the course says."""
    page, api_page = (
        reverse(name, args=[course.slug]) for name in ("learners:search_transcripts", "api-course-transcripts")
    )
    enrollment = enroll(lin, course)
    for person, may in ((None, False), (cole, False), (lin, True), (ada, True), (sam, True)):
        client, api = Client(), APIClient()
        if person:
            client.force_login(person)
            api.force_authenticate(person)
        answer = client.get(page, {"q": "pottery"})
        assert (answer.status_code, "Welcome to" in answer.content.decode()) == ((200, True) if may else (403, False))
        assert (api.get(api_page, {"q": "pottery"}).status_code == 200) == may
    enrollment.end("refunded")
    client = Client()
    client.force_login(lin)
    assert client.get(page, {"q": "pottery"}).status_code == 403


def test_a_hit_leads_to_its_second(course: Course, lin: User) -> None:
    enroll(lin, course)
    client = Client()
    client.force_login(lin)
    text = client.get(reverse("learners:search_transcripts", args=[course.slug]), {"q": "釉药"}).content.decode()
    lesson = reverse("learners:lesson", args=[course.slug, course.live_lessons()[1].key])
    assert f'href="{lesson}?t=0"' in text
    text = client.get(reverse("learners:search_transcripts", args=[course.slug]), {"q": "学习"}).content.decode()
    assert f'href="{lesson}?t=6"' in text
    assert client.get(f"{lesson}?t=6").status_code == 200


@pytest.mark.parametrize("lessons", [2, 20])
def test_it_asks_two_questions_however_long_the_course(ada: User, lessons: int) -> None:
    course = make_course(title=f"Course of {lessons}", lessons=lessons)
    for at in range(lessons):
        say(course, at, "en", "We wedge the clay")
    with CaptureQueriesContext(connection) as asked:
        assert len(found(course, "clay")) == lessons
    assert len(asked) == 2


def test_what_a_machine_heard_is_not_found_before_it_is_published(course: Course) -> None:
    film = course.live_lessons()[0].video
    webvtt = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHearsay\n"
    draft = Caption.objects.draft(video=film, language="fr", label="Français", webvtt=webvtt, cues_count=1)
    assert found(course, "hearsay") == []
    draft.publish()
    assert len(found(course, "hearsay")) == 1
