"""No text that somebody sends keeps the words of others out of the index, however long or strange it is."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from discovery import index, set_aside
from discovery.asking import Wish, ask
from discovery.finding import matching
from discovery.models import Entry, Name, Spoken
from marketplace.lib import words
from tests.courses.factories import make_course
from tests.videos.films import text_file
from videos import captions, cues
from videos.cues import Cue

pytestmark = pytest.mark.django_db


def said(course: Course, lines: list[str]) -> None:
    """Captions of the course's first film."""
    webvtt = cues.write([Cue(at, at + 1, line) for at, line in enumerate(lines)])
    captions.put(course.live_lessons()[0].video, language="en", file=text_file(webvtt))


def letters(count: int, each: int) -> list[str]:
    return [" ".join(f"w{number}x" for number in range(at, at + each)) for at in range(0, count, each)]


def signs(count: int, each: int) -> list[str]:
    """Lines of signs of which no two pairs are the same, or nearly."""
    found = [chr(0x4E00 + (at * at * 31 + at // 300) % 20_000) for at in range(count)]
    return ["".join(found[at : at + each]) for at in range(0, count, each)]


def films(asked: str) -> list[str]:
    return [film[1] for film in ask(asked, Wish({}, ("-rank", "-id"), own=frozenset())).films]


@pytest.mark.parametrize(
    "lines", [letters(120_000, 100), signs(300_000, 900), [*letters(60_000, 100), *signs(200_000, 900)]]
)
def test_a_film_of_more_words_than_anybody_says_is_found_by_its_first_ones(ada: User, lines: list[str]) -> None:
    said(bad := make_course(title="Too much", lessons=1), lines)
    said(good := make_course(title="Kilns", lessons=1), ["oyster shell"])
    assert index.refresh() == 2
    assert films("oyster") == [good.title]
    assert films(lines[0].split()[0][:8]) == [bad.title]
    assert not set_aside.now()


def test_a_page_as_long_as_a_page_may_be_is_indexed(ada: User) -> None:
    """The longest text of each weight, of signs that become several each, and of which no two pairs are the same."""
    squares = "".join(chr(0x3300 + (at * at * 7 + at // 50) % 88) for at in range(words.LONGEST_LINE))
    for text in ("".join(signs(20_000, 900)), squares, " ".join(letters(3_000, 1))):
        rows = [words.normal(text)] * 4
        indexed = [
            (" ".join(words.latin(row)), " ".join(words.indexed_signs(row, with_single=at < 2)))
            for at, row in enumerate(rows)
        ]
        course = make_course(title="Long", lessons=1)
        text_of = index.Text(course.pk, course.live_version_id, "Ada", indexed, sorted(words.terms(rows)))
        Entry.objects.write([text_of])


@pytest.fixture
def poisoned(ada: User, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose captions the database refuses, since they are not bounded."""
    monkeypatch.setattr(index, "_MOST_BYTES", 10**9)
    course = make_course(title="Poison", lessons=1)
    said(course, letters(120_000, 100))
    return course


class TestACourseThatTheDatabaseRefuses:
    def test_stops_neither_the_others_nor_what_comes_after_them(
        self, poisoned: Course, caplog: pytest.LogCaptureFixture
    ) -> None:
        good = make_course(title="Kilns", lessons=1)
        assert index.refresh(everything=True) == 1
        assert list(Entry.objects.values_list("course_id", flat=True)) == [good.pk]
        assert Name.objects.filter(subject_id=good.creator_id, kind=Name.Kind.CREATOR).exists()
        assert f"course {poisoned.pk} is not indexed anew" in caplog.text

    def test_is_not_tried_at_every_tick(self, poisoned: Course, caplog: pytest.LogCaptureFixture) -> None:
        index.refresh()
        caplog.clear()
        assert index.refresh() == index.refresh(everything=True) == 0
        assert not caplog.text
        assert set_aside.now() == [poisoned.pk]

    def test_is_tried_again_by_a_later_hourly_run(self, poisoned: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        index.refresh()
        monkeypatch.undo()
        cache.delete(set_aside._NAME)  # its time is over
        assert index.refresh(everything=True) == 1
        assert Spoken.objects.filter(course=poisoned).exists()

    def test_that_fills_the_batch_lets_the_next_tick_go_on(
        self, poisoned: Course, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "BATCH", 1)
        good = make_course(title="Kilns", lessons=1)
        Course.objects.filter(pk=poisoned.pk).update(renewed_at="2026-01-01T00:00:00Z")
        assert index.refresh() == 0
        assert index.refresh() == 1
        assert matching(Course.objects.listed(), "kilns").get() == good

    def test_among_too_many_that_are_refused_and_none_written_rises_and_sets_none_aside(
        self, poisoned: Course, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(set_aside, "TOO_MANY", 2)
        said(other := make_course(title="Poison too", lessons=1), letters(120_000, 100))
        with pytest.raises(OperationalError):
            index.refresh()
        assert not set_aside.now()
        make_course(title="Kilns", lessons=1)
        assert index.refresh() == 1, "one that is written says that it is the texts"
        assert sorted(set_aside.now()) == sorted([poisoned.pk, other.pk])

    def test_is_a_figure_for_operators(self, poisoned: Course, client: Client) -> None:
        assert "kezhan_index_set_aside 0.0" in client.get("/metrics").content.decode()
        index.refresh()
        assert "kezhan_index_set_aside 1.0" in client.get("/metrics").content.decode()


def test_a_fault_of_ours_rises_and_sets_none_aside(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("not enough values to unpack")

    make_course(title="Kilns", lessons=1)
    monkeypatch.setattr(index, "_text", broken)
    with pytest.raises(ValueError, match="unpack"):
        index.refresh()
    assert not set_aside.now()


def test_texts_of_captions_are_read_one_by_one_and_only_the_new_ones(ada: User) -> None:
    course = make_course(title="Kilns", lessons=2)
    for lesson in course.live_lessons():
        for language in ("en", "fr"):
            captions.put(lesson.video, language=language, file=text_file(cues.write([Cue(0, 1000, "oyster")])))

    def texts_read() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            index.refresh()
        return [query["sql"] for query in asked if "webvtt" in query["sql"]]

    assert len(texts_read()) == Spoken.objects.count() == 4
    Creator.objects.filter(pk=course.creator_id).update(name="Marguerite")
    assert texts_read() == []
    assert Entry.objects.get().creator_name == "Marguerite"
