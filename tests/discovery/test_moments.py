"""What is said in films: who reads it, who is led to its second, and what never enters the index."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from accounts.models import User
from courses.models import Course, Restriction
from discovery import index, moments, questions
from discovery.models import Entry, Spoken, Word
from learners.models import Enrollment
from marketplace.lib.money import Money
from tests.courses.factories import make_course, publish
from tests.videos.films import text_file
from videos import captions
from videos.models import Caption

pytestmark = pytest.mark.django_db

FREE = "WEBVTT\n\n00:00.000 --> 00:04.000\nWelcome to the workshop\n\n00:05.000 --> 00:09.000\nWedge the clay first\n"
PAID = "WEBVTT\n\n00:00.000 --> 00:04.000\nNow the secret\n\n00:12.000 --> 00:16.000\nis powdered oyster shell\n"


@pytest.fixture
def course(ada: User) -> Course:
    """Lesson 1 is free and says "wedge", lesson 2 is paid for and says "oyster"."""
    made = make_course(title="Glazing", lessons=2)
    free, paid = made.live_lessons()
    captions.put(free.video, language="en", file=text_file(FREE))
    captions.put(paid.video, language="en", file=text_file(PAID))
    index.refresh()
    return made


def said(words: str, reader: object) -> list[tuple[str, int | None, str]]:
    question = questions.plain(words)
    with connection.cursor() as cursor:
        cursor.execute(*moments.asked(question, moments.courses_of(reader)))
        rows = [row for (row,) in cursor.fetchall()]
    return [(m.excerpt, m.start_s, m.address) for m in moments.from_rows(question, rows)]


def test_everybody_is_led_to_the_second_of_a_free_preview(course: Course) -> None:
    key = course.live_lessons()[0].key
    assert said("wedging clay", AnonymousUser()) == [
        ("Wedge the clay first", 5, f"/learn/glazing/{key}/?t=5"),
    ]


def test_a_stranger_learns_of_a_paid_film_but_reads_nothing(course: Course, cole: User, client: Client) -> None:
    row = f"lesson-{course.live_lessons()[1].key}"
    for reader in (AnonymousUser(), cole):
        assert said("oyster", reader) == [("", None, f"/courses/glazing/#{row}")]
    assert f'id="{row}"' in client.get("/courses/glazing/").content.decode()
    page = client.get("/search/", {"q": "oyster"}).content.decode()
    assert "Lesson 2" in page
    assert "powdered" not in page


def test_whoever_bought_it_and_its_creator_read_and_are_led(course: Course, lin: User, ada: User) -> None:
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.STAFF)
    for reader in (lin, ada):
        ((excerpt, second, address),) = said("oyster", reader)
        assert (excerpt, second) == ("is powdered oyster shell", 12)
        assert address.endswith("/?t=12")


def test_what_she_has_bought_is_found_however_many_other_films_say_it(
    course: Course, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        other = make_course(title=f"Firing {number}", lessons=1)
        captions.put(other.live_lessons().get().video, language="en", file=text_file(PAID))
    hers = make_course(title="Hers", lessons=1, preview_first=True)
    captions.put(hers.live_lessons().get().video, language="en", file=text_file(PAID))
    index.refresh()
    Enrollment.objects.grant(learner=lin, course=hers, source=Enrollment.Source.STAFF)
    monkeypatch.setattr(moments, "_LOOKED_AT", 2)
    first, *others = said("oyster", lin)
    assert first[2].startswith("/learn/hers/")
    assert len(others) == 2
    assert len(said("oyster", AnonymousUser())) == 2


def test_of_any_of_several_words_the_first_films_and_the_rest_are_told_apart(course: Course) -> None:
    lesson = course.live_lessons()[0].pk
    Spoken.objects.all().delete()
    words = [("kiln clay" if at % 2 else "wheel") if at < 230 else "oyster" for at in range(260)]
    with connection.cursor() as cursor:
        # Captions that are none: taken away again before anybody asks for them.
        cursor.execute(
            """INSERT INTO discovery_spoken (lesson_id, course_id, caption_id, caption_revision, caption_changed_at,
                is_free, words) SELECT %s, %s, -place, 1, now(), FALSE, to_tsvector('english', text)
            FROM unnest(%s::text[]) WITH ORDINALITY AS row (text, place)""",
            [lesson, course.pk, words],
        )

        def found(asked: str, most: int, but: list[int] | None = None) -> list[int]:
            sql = "SELECT caption_id FROM discovery_said_any(%s::tsquery, %s::bigint[], FALSE, %s)"
            cursor.execute(sql, [asked, but or [], most])
            return [-place for (place,) in cursor.fetchall()]

        every = {at for at, text in enumerate(words, 1) if text != "wheel"}
        assert sorted(found("'clay' | 'oyster'", 500)) == sorted(every), "each once, of the first and of the rest"
        assert set(found("'clay' | 'oyster'", 60)) <= set(range(1, 201)), "the first are enough"
        assert len(found("'clay' | 'oyster'", 110)) == 110
        assert set(found("'oyster' | 'shell'", 60)) == set(range(231, 261)), "none of the first has it"
        assert found("'clay' | 'oyster'", 60, [course.pk]) == []
        assert found("", 60) == []
        Spoken.objects.all().delete()


def test_the_player_starts_at_that_second(course: Course, client: Client) -> None:
    key = course.live_lessons()[0].key
    assert 'data-start="5' in client.get(f"/learn/glazing/{key}/?t=5").content.decode()
    assert 'data-start="0' in client.get(f"/learn/glazing/{key}/?t=-5").content.decode()
    assert 'data-start="0' in client.get(f"/learn/glazing/{key}/?t=nan").content.decode()


def test_a_course_is_found_by_what_only_its_film_says(course: Course, client: Client) -> None:
    results = client.get("/search/", {"q": "oyster shell"}).context["results"]
    assert results.total == 1


def test_the_order_of_what_is_paid_for_is_not_in_the_index(course: Course) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text FROM discovery_spoken")
        assert all(":" not in words for (words,) in cursor.fetchall())
        cursor.execute(
            "SELECT count(*) FROM discovery_spoken WHERE words @@ phraseto_tsquery('english', 'oyster shell')"
        )
        assert cursor.fetchone() == (0,)
    assert not Word.objects.filter(text__in=["oyster", "wedge"]).exists()


def test_rewritten_captions_are_found_anew_and_removed_ones_no_longer(course: Course) -> None:
    free = course.live_lessons()[0]
    captions.put(free.video, language="en", file=text_file(FREE.replace("Wedge", "Slap")))
    index.refresh()
    assert said("slap", AnonymousUser())
    assert not said("wedge", AnonymousUser())
    Caption.objects.all().delete()
    assert not Spoken.objects.exists()


def test_a_new_version_takes_the_old_lessons_words_away(course: Course, ada: User) -> None:
    draft = course.open_draft(ada)
    next(lesson for lesson in draft.lessons.all() if lesson.is_preview).remove()
    draft.lessons.get().mark_preview(True)
    publish(draft)
    index.refresh()
    assert not said("wedge", AnonymousUser())
    assert said("oyster", AnonymousUser())[0][0] == "is powdered oyster shell"


def test_a_course_counts_as_captioned_when_each_film_is(course: Course, client: Client) -> None:
    course.refresh_from_db()
    assert course.captions == ["en"]
    captions.put(course.live_lessons()[0].video, language="zh-hans", file=text_file(FREE))
    index.refresh()
    course.refresh_from_db()
    assert course.captions == ["en"]
    assert client.get("/courses/?captions=en").context["page"].total == 1
    assert client.get("/courses/?captions=zh").context["page"].total == 0
    Caption.objects.all().delete()
    index.refresh(everything=True)
    assert client.get("/courses/?captions=en").context["page"].total == 0


def test_what_is_not_public_has_no_way_into_the_index(ada: User, sam: User) -> None:
    """Each place in which the word could hide: a draft, a later draft, a price's and a person's fields, an article."""
    make_course(title="Xylograph draft", live=False)
    live = make_course(title="Prints", price=Money(777_777, "USD"))
    draft = live.open_draft(ada)
    draft.edit({"title": "Xylograph", "description": "xylograph"}, by=ada, revision=draft.revision)
    section = draft.sections.first()
    section.add_lesson("Xylograph lesson", kind="article").edit(article="xylograph")
    index.refresh(everything=True)
    assert list(Entry.objects.values_list("course_id", flat=True)) == [live.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text || terms::text FROM discovery_entry")
        (text,) = cursor.fetchone()
    assert "xylograph" not in text
    assert "example.com" not in text
    assert "777" not in text
    assert not Word.objects.filter(text="xylograph").exists()


def test_a_hidden_lesson_is_silent_for_everybody_until_it_is_shown_again(
    course: Course, lin: User, ada: User, sam: User, client: Client
) -> None:
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.STAFF)
    free, paid = course.live_lessons()
    rows = [
        Restriction.objects.impose(
            "hide", course, by=sam, rule_code="copyright", rule_version=1, reason="a claim", lesson_key=lesson.key
        )
        for lesson in (free, paid)
    ]
    for reader in (AnonymousUser(), lin, ada, sam):
        assert (said("wedge", reader), said("oyster", reader)) == ([], [])
    found = [client.get("/search/", {"q": word}).content.decode() for word in ("wedge", "oyster")]
    assert not any("Wedge the clay" in page or course.get_absolute_url() in page for page in found)
    for row in rows:
        row.lift(by=sam, reason="no claim after all")
    assert course.get_absolute_url() in client.get("/search/", {"q": "oyster"}).content.decode()
    assert (len(said("wedge", AnonymousUser())), said("oyster", lin)[0][1]) == (1, 12)
