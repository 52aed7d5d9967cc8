"""Note: at a second or beside an article, one's own, found in Chinese too, taken away as Markdown."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import notes
from learners.models import Note
from learners.models.note import NoteChangedElsewhere, TooManyNotes
from learners.note_forms import NoteForm
from tests.courses.factories import RUBRIC, make_course, make_video
from tests.learners.factories import enroll
from tests.videos.films import text_file
from videos import captions
from videos.playback import MayNotWatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    made = make_course()
    enroll(lin, made)
    return made


@pytest.fixture
def as_lin(lin: User) -> Client:
    client = Client()
    client.force_login(lin)
    return client


def key(course: Course, at: int = 1) -> uuid.UUID:
    return course.live_lessons()[at].key


def test_a_note_stands_at_its_second_and_without_words_is_a_bookmark(lin: User, course: Course) -> None:
    note = notes.add(lin, key(course), text=" Wedge it first ", at_s=12)
    mark = notes.add(lin, key(course), text="", at_s=3)
    assert (note.text, note.at_s, note.is_bookmark, mark.is_bookmark) == ("Wedge it first", 12, False, True)
    page = notes.of_lesson(lin, course.live_lessons().select_related("version")[1])
    assert [one.at_s for one in page.notes] == [3, 12]


@pytest.mark.parametrize(
    "wish", [{"text": "x" * 4001}, {"text": ""}, {"text": "x", "at_s": -1}, {"text": "x", "at_s": 31}]
)
def test_what_is_no_note_is_refused(lin: User, course: Course, wish: dict) -> None:
    with pytest.raises(ValidationError):
        notes.add(lin, key(course), **wish)
    assert not Note.objects.exists()


def test_who_may_not_watch_may_not_write_and_keeps_what_she_wrote(lin: User, cole: User, course: Course) -> None:
    with pytest.raises(MayNotWatch):
        notes.add(cole, key(course), text="x")
    with pytest.raises(Http404):
        notes.add(lin, uuid.uuid4(), text="x")
    notes.add(lin, key(course), text="Mine", at_s=1)
    lin.enrollments.get().end("refunded")
    with pytest.raises(MayNotWatch):
        notes.add(lin, key(course), text="x")
    assert "Mine" in notes.as_markdown(lin, course)


def test_a_note_beside_an_article_has_no_second(lin: User, ada: User, sam: User, course: Course) -> None:
    draft = course.open_draft(by=ada)
    article = draft.sections.first().add_lesson("Read this", "article")
    article.edit(article="Clay remembers.")
    draft.submit(by=ada).approve(by=sam, reason="fine", rubric_version=RUBRIC)
    assert notes.add(lin, article.key, text="True").at_s is None
    with pytest.raises(ValidationError):
        notes.add(lin, article.key, text="True", at_s=1)
    client = Client()
    client.force_login(lin)
    page = client.get(reverse("learners:lesson", args=[course.slug, article.key])).content.decode()
    assert "True" in page
    assert 'name="at"' not in page


def test_a_lesson_has_room_for_so_many(lin: User, course: Course) -> None:
    row = {"learner": lin, "course": course, "lesson_key": key(course), "at_s": 1}
    Note.objects.bulk_create(Note(**row) for _n in range(500))
    with pytest.raises(TooManyNotes):
        notes.add(lin, key(course), text="One more")
    assert notes.add(lin, key(course, 2), text="Elsewhere").pk


def test_two_windows_do_not_write_over_each_other(lin: User, course: Course) -> None:
    note = notes.add(lin, key(course), text="a", at_s=1)
    other = Note.objects.get()
    note.edit("b", revision=0)
    with pytest.raises(NoteChangedElsewhere) as refused:
        other.edit("c", revision=0)
    assert refused.value.facts == {"revision": 1}
    assert Note.objects.get().text == "b"
    other.edit("d", revision=1)
    assert Note.objects.get().text == "d"


def test_a_note_survives_new_captions_and_a_new_film_and_says_so(
    lin: User, ada: User, sam: User, course: Course
) -> None:
    lesson = course.live_lessons()[1]
    note = notes.add(lin, lesson.key, text="Here", at_s=20)
    for words in ("Hello", "Goodbye"):
        captions.put(lesson.video, language="en", file=text_file(f"1\n00:00:19,000 --> 00:00:21,000\n{words}\n"))
    page = notes.of_course(lin, course)[0]
    assert (page.notes, page.notes[0].is_old_film) == ([note], False)
    draft = course.open_draft(by=ada)
    draft.lessons.get(key=lesson.key).attach_video(make_video(ada, seconds=45, name="again.mp4"))
    draft.submit(by=ada).approve(by=sam, reason="fine", rubric_version=RUBRIC)
    course = Course.objects.select_related("live_version").get(pk=course.pk)
    page = notes.of_course(lin, course)[0]
    assert (page.notes, page.notes[0].at_s, page.notes[0].is_old_film) == ([note], 20, True)


def test_a_lesson_that_left_the_course_keeps_its_notes_at_the_end(
    lin: User, ada: User, sam: User, course: Course
) -> None:
    notes.add(lin, key(course, 1), text="Gone soon", at_s=2)
    notes.add(lin, key(course, 2), text="Stays")
    draft = course.open_draft(by=ada)
    draft.lessons.get(key=key(course, 1)).remove()
    draft.submit(by=ada).approve(by=sam, reason="fine", rubric_version=RUBRIC)
    course = Course.objects.select_related("live_version").get(pk=course.pk)
    pages = notes.of_course(lin, course)
    assert [(page.title, page.lesson is None) for page in pages] == [("Lesson 3", False), ("Lesson 2", True)]
    assert "**0:02** Gone soon" in notes.as_markdown(lin, course)


WRITTEN = ["陶艺很有意思", "臺灣的釉藥", "Glazes & kilns, C++", "100% clay_body"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("陶艺", [0]), ("艺很", [0]), ("台湾", [1]), ("釉药", [1]), ("釉藥", [1]), ("kiln", [2]), ("KILNS glaze", [2]),
        ("c++", [2]), ("100%", [3]), ("_", [3]), ("%", [3]), ("nothing", []), ("", [0, 1, 2, 3]),
        ("' OR 1=1 --", []), ("\\", []),
    ],
)  # fmt: skip
def test_notes_are_found_by_words_and_signs(lin: User, course: Course, asked: str, found: list[int]) -> None:
    for second, text in enumerate(WRITTEN):
        notes.add(lin, key(course), text=text, at_s=second)
    assert sorted(Note.objects.of(lin).holding(asked).values_list("at_s", flat=True)) == found


def test_markdown_leads_back_to_each_second_in_the_course_s_order(lin: User, course: Course) -> None:
    notes.add(lin, key(course, 2), text="Later", at_s=7)
    notes.add(lin, key(course, 1), text="First line\nsecond line", at_s=9)
    notes.add(lin, key(course, 1), text="", at_s=4)
    told = notes.as_markdown(lin, course)
    where = f"http://testserver/learn/{course.slug}"
    assert told.startswith(f"# {course.title}\n\n## Part 1\n\n### Lesson 2\n\n")
    assert f"[0:04]({where}/{key(course, 1)}/?t=4) Bookmark\n" in told
    assert f"[0:09]({where}/{key(course, 1)}/?t=9) First line\nsecond line\n" in told
    assert told.count("## Part 1\n") == 1
    assert told.index("First line") < told.index("### Lesson 3")


@pytest.mark.parametrize(
    ("written", "second"), [("", None), ("12:40", 760), ("1:02:03", 3723), ("95", 95), (" 0:07 ", 7)]
)
def test_a_place_is_read_as_people_write_it(written: str, second: int | None) -> None:
    form = NoteForm({"at": written, "text": "x"})
    assert form.is_valid()
    assert form.wish["at_s"] == second


@pytest.mark.parametrize("written", ["noon", "-1", "1:99", "²", "1e3", "9999999"])
def test_a_place_that_is_none_is_said(as_lin: Client, course: Course, written: str) -> None:
    address = reverse("learners:add_note", args=[course.slug, key(course)])
    assert as_lin.post(address, {"at": written, "text": "x"}).status_code == 302
    assert not Note.objects.exists()


def test_without_scripts_a_note_is_written_changed_and_deleted(as_lin: Client, lin: User, course: Course) -> None:
    answer = as_lin.post(reverse("learners:add_note", args=[course.slug, key(course)]), {"at": "0:12", "text": "One"})
    note = Note.objects.get()
    assert answer.url.endswith("#panel-notes")
    edit = reverse("learners:edit_note", args=[note.pk])
    as_lin.post(edit, {"text": "Two"})
    page = as_lin.get(reverse("learners:lesson", args=[course.slug, key(course)])).content.decode()
    assert ">Two</textarea>" in page
    assert 'href="?t=12#panel-notes"' in page
    as_lin.post(edit, {"remove": "1"})
    assert not Note.objects.exists()


def test_a_second_in_the_address_is_where_the_film_begins(as_lin: Client, course: Course) -> None:
    page = reverse("learners:lesson", args=[course.slug, key(course)])
    assert 'data-start="12.0"' in as_lin.get(page, {"t": "12"}).content.decode()
    for second in ("31", "-1", "x", "1e1", "²", "9" * 30):
        assert 'data-start="0.0"' in as_lin.get(page, {"t": second}).content.decode()


def test_nobody_else_sees_or_changes_a_note(lin: User, ada: User, cole: User, course: Course) -> None:
    note = notes.add(lin, key(course), text="Secret", at_s=1)
    for person in (ada, cole):
        client, api = Client(), APIClient()
        client.force_login(person)
        api.force_authenticate(person)
        assert client.post(reverse("learners:edit_note", args=[note.pk]), {"remove": "1"}).status_code == 404
        assert "Secret" not in client.get(reverse("learners:notes_of", args=[course.slug])).content.decode()
        assert "Secret" not in client.get(reverse("learners:notes_file", args=[course.slug])).content.decode()
        assert api.delete(reverse("api-note", args=[note.pk])).status_code == 404
        assert api.get(reverse("api-notes")).json()["results"] == []
    assert Note.objects.exists()


def test_library_pages_search_and_ask_a_constant_number_of_questions(as_lin: Client, lin: User, course: Course) -> None:
    counts = []
    for total in (1, 12):
        while Note.objects.count() < total:
            notes.add(lin, key(course, Note.objects.count() % 3), text=f"陶艺 {Note.objects.count()}", at_s=1)
        with CaptureQueriesContext(connection) as asked:
            page = as_lin.get(reverse("learners:notes_of", args=[course.slug]), {"q": "陶艺"})
            as_lin.get(reverse("learners:all_notes"), {"q": "陶艺"})
        counts.append(len(asked))
        assert page.content.decode().count("<time>0:01</time>") == total
    assert counts[0] == counts[1]
    assert "No note holds these words" in as_lin.get(reverse("learners:all_notes"), {"q": "x"}).content.decode()


def test_the_api_adds_searches_changes_and_deletes(lin: User, course: Course) -> None:
    api = APIClient()
    api.force_authenticate(lin)
    told = api.post(reverse("api-notes"), {"lesson": str(key(course)), "at_s": 5, "text": "釉藥"}).json()
    assert (told["revision"], told["course"]) == (0, course.slug)
    assert told["url"].endswith("?t=5")
    one = reverse("api-note", args=[told["id"]])
    assert api.patch(one, {"text": "Kiln", "revision": 0}).json()["revision"] == 1
    assert api.patch(one, {"text": "Late", "revision": 0}).json()["code"] == "note_changed_elsewhere"
    assert api.get(reverse("api-notes"), {"q": "kiln", "course": course.slug}).json()["results"][0]["text"] == "Kiln"
    assert api.get(reverse("api-notes"), {"q": "釉"}).json()["results"] == []
    assert api.post(reverse("api-notes"), {"lesson": str(key(course)), "at_s": 31, "text": "x"}).status_code == 400
    assert api.delete(one).status_code == 204
