"""The studio in Chromium: writing that saves itself and is never lost, and an order made by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from moderation import reviews
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes", live=False)


def details(course: Course) -> str:
    return reverse("studio:edit", args=[course.slug])


class TestADraft:
    def test_saves_itself_while_it_is_written(self, browser_page: Page, ada: User, course: Course) -> None:
        login(browser_page, ada)
        browser_page.goto(details(course))
        browser_page.get_by_label("Subtitle").fill("Ash, salt and patience")
        browser_page.locator("[data-list=outcomes] [data-list-add]").click()
        browser_page.keyboard.type("Read a test tile")
        expect(browser_page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        draft = course.draft
        assert draft.subtitle == "Ash, salt and patience"
        assert draft.outcomes[-1] == "Read a test tile"

    def test_stops_at_an_edit_of_another_window_and_keeps_the_words(
        self, browser_page: Page, ada: User, course: Course
    ) -> None:
        login(browser_page, ada)
        browser_page.goto(details(course))
        course.draft.edit({"subtitle": "From the other window"}, by=ada, revision=course.draft.revision)
        browser_page.get_by_label("Subtitle").fill("From this window")
        expect(browser_page.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
        assert course.draft.subtitle == "From the other window"
        browser_page.get_by_role("button", name="Save", exact=True).click()
        expect(browser_page.get_by_text("What you wrote is still below")).to_be_visible()
        expect(browser_page.get_by_label("Subtitle")).to_have_value("From this window")
        browser_page.get_by_role("button", name="Save", exact=True).click()
        expect(browser_page.get_by_text("Saved.", exact=True)).to_be_visible()
        assert course.draft.subtitle == "From this window"

    def test_is_kept_offline_and_sent_when_the_line_is_back(
        self, browser_page: Page, ada: User, course: Course
    ) -> None:
        login(browser_page, ada)
        browser_page.goto(details(course))
        browser_page.context.set_offline(True)
        browser_page.get_by_label("Subtitle").fill("Written in a tunnel")
        expect(browser_page.locator("[data-save-state]")).to_have_attribute("data-state", "offline")
        browser_page.context.set_offline(False)
        expect(browser_page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        assert course.draft.subtitle == "Written in a tunnel"

    def test_is_offered_again_when_the_window_was_closed_before_it_was_saved(
        self, browser_page: Page, ada: User, course: Course
    ) -> None:
        login(browser_page, ada)
        browser_page.goto(details(course))
        browser_page.context.set_offline(True)
        browser_page.get_by_label("Subtitle").fill("Nearly lost")
        expect(browser_page.locator("[data-save-state]")).to_have_attribute("data-state", "offline")
        again = browser_page.context.new_page()
        browser_page.close(run_before_unload=False)
        again.context.set_offline(False)
        again.goto(details(course))
        again.get_by_role("button", name="Put it back into the form").click()
        expect(again.get_by_label("Subtitle")).to_have_value("Nearly lost")
        expect(again.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        assert course.draft.subtitle == "Nearly lost"


class TestTheOrder:
    def test_is_made_by_keyboard_and_said_aloud(self, browser_page: Page, ada: User, course: Course) -> None:
        login(browser_page, ada)
        browser_page.goto(reverse("studio:curriculum", args=[course.slug]))
        down = browser_page.get_by_role("button", name="Move lesson Lesson 1 down")
        down.focus()
        browser_page.keyboard.press("Enter")
        said = browser_page.locator("[data-curriculum-says]")
        expect(said).to_have_text("Lesson 1 is now lesson 2 of 3 in section 1.")
        expect(down).to_be_focused()
        assert [lesson.title for lesson in course.draft.lessons.order_by("position")] == [
            "Lesson 2", "Lesson 1", "Lesson 3"
        ]  # fmt: skip

    def test_is_made_by_dragging(self, browser_page: Page, ada: User, course: Course) -> None:
        login(browser_page, ada)
        browser_page.goto(reverse("studio:curriculum", args=[course.slug]))
        browser_page.wait_for_load_state("networkidle")
        rows = browser_page.locator("[data-lesson]")
        rows.nth(2).locator("[data-lesson-handle]").drag_to(rows.nth(0), target_position={"x": 20, "y": 3})
        expect(browser_page.locator("[data-curriculum-says]")).to_have_text("The new order is saved.")
        assert course.draft.lessons.order_by("position").first().title == "Lesson 3"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_accessible_on_a_phone_and_on_a_desk(
    open_browser: Callable[..., Page], ada: User, sam: User, course: Course, language: str
) -> None:
    submission = course.draft.submit(by=ada)
    lesson = course.working_version.lessons.first()
    found = {"rule_code": "sound_quality", "text": "It hums", "lesson_key": lesson.key, "at_second": 7}
    reviews.send_back(submission, sam, "Nearly there", [found])
    names = ("edit", "curriculum", "pricing", "publish", "preview")
    addresses = [reverse(f"studio:{name}", args=[course.slug]) for name in names]
    addresses += [reverse(f"studio:{name}") for name in ("courses", "create", "uploads")]
    addresses += [reverse("studio:lesson", args=[course.slug, lesson.pk])]
    for width in (360, 1280):
        page = open_browser(width=width)
        login(page, ada)
        speak(page, language)
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
