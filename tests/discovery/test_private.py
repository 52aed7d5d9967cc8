"""What is not public has no way into any table of search: planted where it could come from, looked for in all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses import quiz_writing
from courses.models import Course
from discovery import index, moments
from discovery.asking import Wish, ask
from discovery.models import Spoken
from learners import notes
from learners.models import Enrollment
from marketplace.lib.money import Money
from tests import cast
from tests.courses.factories import make_course, publish
from tests.courses.quizzes import add_quiz, options
from tests.videos.films import text_file
from videos import captions
from videos.models import Caption

pytestmark = pytest.mark.django_db

# One word for all places, in letters and in signs; nothing else in the world has it.
SECRET, SECRET_SIGNS = "xylograph", "黼黻"
PLANTED = f"{SECRET} {SECRET_SIGNS}"
CAPTIONS = f"WEBVTT\n\n00:00.000 --> 00:04.000\nWe speak of {PLANTED}\n"


@pytest.fixture
def world(ada: User, lin: User) -> Course:
    """A course on sale with something private in and around it, of each kind."""
    cast.person("Xylograph", language="zh-hans")  # a learner who is no creator
    User.objects.filter(pk=ada.pk).update(name=PLANTED)
    ada.creator.edit({"headline": PLANTED, "bio": PLANTED})
    course = make_course(title="Prints", price=Money(777_777, "USD"), live=False, lessons=2)
    draft = course.draft
    section = draft.sections.first()
    section.add_lesson("Reading", kind="article").edit(article=f"{PLANTED} {'and words ' * 40}")
    quiz = add_quiz(section)
    quiz_writing.add_question(
        quiz, "single", {"text": f"Why {PLANTED}?", "options": options(f"So {PLANTED}", "No", right=f"So {PLANTED}")}
    )
    quiz_writing.add_question(quiz, "text", {"text": "Name it", "accepted": [PLANTED]})
    publish(draft)
    course = Course.objects.get(pk=course.pk)
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.STAFF)
    notes.add(lin, course.live_lessons()[0].key, text=PLANTED, at_s=3)
    make_course(title=f"Draft of {PLANTED}", live=False)
    later = course.open_draft(ada)
    later.edit({"title": PLANTED, "description": PLANTED, "outcomes": [PLANTED]}, by=ada, revision=later.revision)
    later.sections.first().add_lesson(PLANTED)
    for lesson in course.live_lessons().exclude(video=None):
        # What a machine heard in each film, the free one and the paid one.
        Caption.objects.draft(video=lesson.video, language="en", label="English", webvtt=CAPTIONS, cues_count=1)
    index.refresh()
    index.refresh(everything=True)
    return course


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'discovery\\_%%' ORDER BY 1", [])
        return [name for (name,) in cursor.fetchall()]


def holding(*words: str) -> set[str]:
    """Tables of discovery in which any column of any row has one of the words; `discovery_sign` has every sign."""
    found = set()
    with connection.cursor() as cursor:
        for name in sorted({*tables()} - {"discovery_sign"}):
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text ILIKE ANY(%s)", [[f"%{w}%" for w in words]])
            if cursor.fetchone() != (0,):
                found.add(name)
    return found


def test_no_table_of_search_has_it(world: Course) -> None:
    assert {"discovery_entry", "discovery_spoken", "discovery_name", "discovery_word"} <= set(tables())
    assert holding("prints") >= {"discovery_entry", "discovery_word"}  # what is public is there
    assert holding(SECRET, *SECRET_SIGNS, SECRET_SIGNS, "example.com", "777777", "7777.77") == set()


def test_nobody_finds_it(world: Course, client: Client, lin: User, ada: User) -> None:
    for reader in (None, lin, ada):
        if reader:
            client.force_login(reader)
        for word in (SECRET, SECRET_SIGNS):
            answer = ask(word, Wish({}, ("-rank", "-id"), own=moments.courses_of(reader) if reader else frozenset()))
            assert (answer.hits, answer.films, answer.titled, answer.names) == ([], [], [], [])
            assert client.get("/search/suggest/", {"q": word[:4]}).json() == {"suggestions": []}
            assert client.get("/api/v1/courses/", {"q": word}).json()["results"] == []


def test_what_a_paid_film_says_is_found_but_kept_as_bare_words(world: Course) -> None:
    """The control: the search of all tables sees what comes in, and the sentence itself is nowhere."""
    paid = world.live_lessons()[1]
    captions.put(paid.video, language="en", file=text_file(CAPTIONS))
    index.refresh(everything=True)
    assert holding(SECRET) == {"discovery_spoken"}
    assert holding("We speak of") == set()


def found_courses() -> list[Any]:
    return ask(SECRET, Wish({}, ("-rank", "-id"), own=frozenset())).hits


def found_films() -> list[list[Any]]:
    return ask(SECRET, Wish({}, ("-rank", "-id"), own=frozenset())).films


class TestADraftOfCaptions:
    def test_is_no_caption_of_the_course(self, world: Course, client: Client) -> None:
        assert Caption.objects.filter(is_draft=True).count() == 2
        assert Course.objects.get(pk=world.pk).captions == []
        assert client.get("/courses/?captions=en").context["page"].total == 0
        assert index.refresh() == 0  # it is not new for ever

    def test_is_found_as_soon_as_its_owner_publishes_it(self, world: Course) -> None:
        other = make_course(title="Newest", lessons=1)
        heard = text_file("WEBVTT\n\n00:00.000 --> 00:04.000\nClay\n")
        captions.put(other.live_lessons().get().video, language="en", file=heard)
        Caption.objects.filter(is_draft=True).update(changed_at=timezone.now() - timedelta(days=3))
        index.refresh()
        for caption in Caption.objects.filter(is_draft=True):
            caption.publish()
        index.refresh()
        assert len(found_films()) == 2
        assert Course.objects.get(pk=world.pk).captions == ["en"]

    def test_that_was_published_before_goes_with_the_next_refresh(self, world: Course) -> None:
        film = world.live_lessons()[1].video
        Caption.objects.get(video=film).publish()
        index.refresh()
        assert holding(SECRET) == {"discovery_spoken"}
        Caption.objects.put(video=film, language="en", label="English", webvtt=CAPTIONS, cues_count=1, is_draft=True)
        assert found_films() == [] == found_courses()  # at once: its row is still there
        index.refresh()
        assert holding(SECRET) == set()

    def test_that_was_indexed_by_an_earlier_release_goes_with_the_hourly_run(self, world: Course) -> None:
        Caption.objects.filter(is_draft=True).update(is_draft=False)
        index.refresh()
        assert Course.objects.get(pk=world.pk).captions == ["en"]
        long_ago = timezone.now() - timedelta(days=3)
        Caption.objects.update(is_draft=True, changed_at=long_ago)
        Spoken.objects.update(caption_changed_at=long_ago)
        assert found_courses() == []
        index.refresh(everything=True)
        assert holding(SECRET) == set()
        assert Course.objects.get(pk=world.pk).captions == []
