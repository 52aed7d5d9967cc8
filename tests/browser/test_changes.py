"""A finished learner finds what changed, ticks it off, and stays finished; a creator says what she checked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import RUBRIC, make_course, make_video
from tests.learners.certified import make_certificate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(lin: User, ada: User) -> Course:
    """Lin has finished its first version; the second one has another film, a new lesson and a renamed one."""
    course = make_course()
    make_certificate(lin, course)
    draft = course.open_draft(by=ada)
    one, two, _three = draft.lessons.select_related("version__course__creator").in_order()
    one.edit(title="The first bowl")
    two.attach_video(make_video(ada, seconds=45, name="again.mp4"))
    draft.sections.get().add_lesson("Glazing", video=make_video(ada, name="glaze.mp4"))
    submission = draft.submit(by=ada, change_note="Glazing is new, and the second film is clearer.")
    submission.approve(by=cast.sam(), reason="Fine.", rubric_version=RUBRIC)
    return Course.objects.select_related("creator__user").get(pk=course.pk)


def test_a_finished_learner_ticks_through_the_difference(browser_page: Page, lin: User, course: Course) -> None:
    page = browser_page
    login(page, lin)
    page.goto("/library/")
    page.get_by_role("link", name="2 lessons changed since you finished").click()
    expect(page.get_by_text("it stays finished")).to_be_visible()
    page.get_by_role("button", name="Seen Lesson 2").click()
    expect(page.get_by_role("button", name="Seen Lesson 2")).to_have_count(0)
    page.get_by_role("button", name="I have seen all of it").click()
    expect(page.get_by_text("Nothing new for you")).to_be_visible()
    page.goto("/library/")
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    expect(page.get_by_text("changed since you finished")).to_have_count(0)


def test_a_creator_says_what_she_checked_and_everybody_reads_it(browser_page: Page, ada: User, course: Course) -> None:
    page = browser_page
    login(page, ada)
    page.goto(f"/studio/courses/{course.slug}/freshness/")
    page.get_by_label("Checked with").fill("Django")
    page.get_by_label("Its version").fill("5.2")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("It stands on the course page.", exact=True)).to_be_visible()
    page.goto(course.get_absolute_url())
    expect(page.get_by_text("Checked with Django 5.2 on")).to_be_visible()
    expect(page.get_by_role("heading", name="What changed lately")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-hans", 1280)])
def test_the_pages_are_accessible(
    open_browser: Callable[..., Page], lin: User, ada: User, course: Course, language: str, width: int
) -> None:
    course.grow_stale("age")
    for person, paths in (
        (lin, ["/library/", f"/learn/{course.slug}/changes/", course.get_absolute_url(),
               f"{course.get_absolute_url()}versions/", f"{course.get_absolute_url()}versions/compare/"]),
        (ada, [f"/studio/courses/{course.slug}/freshness/"]),
    ):  # fmt: skip
        page = open_browser(width=width)
        login(page, person)
        speak(page, language)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert_accessible(page)
