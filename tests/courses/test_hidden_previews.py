"""A free preview that a moderator has hidden: nobody reads it on the page of its course, nor over the API."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Attachment, Course, Lesson, Restriction
from tests.courses.factories import make_course, publish
from tests.flows.practice import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    """An article and a file to take away, both free to everybody, after a film that is not."""
    course = make_course(title="Ash glazes", live=False, lessons=1, preview_first=False)
    section = course.draft.sections.first()
    article, files = section.add_lesson("Reading ash", "article"), section.add_lesson("Take away", "file")
    article.edit(article="The copied paragraph.")
    Attachment.add(files, pdf("copied-plan.pdf"))
    for lesson in (article, files):
        lesson.refresh_from_db()
        lesson.mark_preview(True)
    publish(course.draft)
    return Course.objects.get(pk=course.pk)


def hide(lesson: Lesson, sam: User) -> Restriction:
    return Restriction.objects.impose(
        "hide", lesson.version.course, by=sam, rule_code="copyright", rule_version=1, reason="a claim",
        lesson_key=lesson.key,
    )  # fmt: skip


def page(client: Client, lesson: Lesson) -> str:
    address = lesson.version.course.get_absolute_url()
    return client.get(f"{address}?preview={lesson.key}").content.decode()


def told(client: Client, lesson: Lesson) -> dict[str, Any]:
    sections = client.get(f"/api/v1/courses/{lesson.version.course.slug}/").json()["sections"]
    return next(row for section in sections for row in section["lessons"] if row["key"] == str(lesson.key))


@pytest.mark.parametrize(("kind", "held"), [("article", "The copied paragraph."), ("file", "copied-plan.pdf")])
def test_its_content_is_gone_until_the_hiding_is_lifted(
    client: Client, course: Course, sam: User, kind: str, held: str
) -> None:
    lesson = course.live_lessons().get(kind=kind)
    assert held in page(client, lesson)
    restriction = hide(lesson, sam)
    assert held not in page(client, lesson)
    restriction.lift(by=sam, reason="It was hers")
    assert held in page(client, lesson)


def test_the_curriculum_offers_it_no_longer_and_says_why(client: Client, course: Course, sam: User) -> None:
    lesson = course.live_lessons().get(kind="article")
    link = f'href="?preview={lesson.key}#film"'
    before = page(client, lesson)
    assert link in before
    assert "2 free previews" in before
    assert "Not available now" not in before
    hide(lesson, sam)
    after = page(client, lesson)
    assert link not in after
    assert "1 free preview<" in after
    assert after.count('<span class="lesson-row__preview"') == 1
    assert after.count("(Not available now)") == 1


def test_a_course_of_which_every_preview_is_hidden_shows_its_cover(client: Client, course: Course, sam: User) -> None:
    for lesson in course.live_lessons().exclude(kind="video"):
        hide(lesson, sam)
    shown = client.get(course.get_absolute_url()).content.decode()
    assert "Free preview" not in shown
    assert "free preview" not in shown
    assert course.cover.url in shown


def test_the_api_offers_it_no_longer(client: Client, course: Course, sam: User) -> None:
    lesson = course.live_lessons().get(kind="article")
    assert (told(client, lesson)["is_preview"], told(client, lesson)["is_hidden"]) == (True, False)
    hide(lesson, sam)
    assert (told(client, lesson)["is_preview"], told(client, lesson)["is_hidden"]) == (False, True)


def test_the_sums_say_how_many_cannot_be_opened_and_lengths_leave_them_out(
    client: Client, course: Course, sam: User
) -> None:
    film = course.live_lessons().get(kind="video")
    address, length = course.get_absolute_url(), course.duration_s
    assert 0 < film.duration_s < length
    before = client.get(address).content.decode()
    assert ("not available now" in before, f'"courseWorkload": "PT{length}S"' in before) == (False, True)
    hide(film, sam)
    page = client.get(address).content.decode()
    assert page.count("1 of these is not available now") == 2, "in the head and above the curriculum"
    assert f'"courseWorkload": "PT{length - film.duration_s}S"' in page
    chinese = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert chinese.count("其中 1 个课时暂不可用") == 2
    told = client.get(f"/api/v1/courses/{course.slug}/").json()
    assert (told["lessons_count"], told["duration_s"], told["hidden_lessons_count"]) == (3, length, 1)
    assert [section["duration_s"] for section in told["sections"]] == [length - film.duration_s]


def test_search_engines_are_told_no_section_that_is_hidden_whole(client: Client, course: Course, sam: User) -> None:
    draft = course.open_draft(by=course.creator.user)
    lesson = draft.add_section("Copied", by=course.creator.user).add_lesson("Word by word", "article")
    lesson.edit(article="Not hers.")
    publish(draft)
    sections = f'"name": "{course.live_version.sections.get().title}"', '"name": "Copied"'
    told = page(client, lesson).split("syllabusSections")[1]
    assert all(section in told for section in sections)
    hide(lesson, sam)
    told = page(client, lesson).split("syllabusSections")[1]
    assert [section in told for section in sections] == [True, False]
