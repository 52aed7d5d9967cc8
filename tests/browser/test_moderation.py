"""Moderation in Chromium: the queue by keyboard, and a decision with the player's second."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, Decision
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course
from tests.moderation.factories import make_submission
from tests.videos.films import make_film, transcoded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(ada: User, tmp_path: Path) -> Course:
    """A waiting course whose first lesson has a real film."""
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=6))
    assert film.is_ready, film.failure_detail
    started = make_course(title="Glazes", live=False)
    started.draft.lessons.order_by("position")[0].attach_video(film)
    return started


def watch_until(page: Page, second: int) -> None:
    """Press play, and stop at `second`."""
    page.locator(".player__big").click()
    for _attempt in range(100):
        if page.evaluate("document.querySelector('video').currentTime > 0.2"):
            break
        page.wait_for_timeout(100)
    page.evaluate(
        "at => { const film = document.querySelector('video'); film.pause(); film.currentTime = at; }", second
    )


def test_a_course_is_sent_back_with_the_players_second(browser_page: Page, sam: User, course: Course) -> None:
    make_submission("Kilns")
    make_submission(course=course)
    login(browser_page, sam)
    browser_page.goto(reverse("moderation:queue"))
    browser_page.keyboard.press("j")
    browser_page.keyboard.press("j")
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("heading", name="Glazes")).to_be_visible()
    browser_page.get_by_role("button", name="Claim it").click()
    watch_until(browser_page, 4)
    rule = browser_page.get_by_role("group", name="The sound can be followed")
    rule.get_by_label("Finding").check()
    rule.get_by_role("button", name="Use the player's second").click()
    expect(rule.get_by_placeholder("1:15")).to_have_value("0:04")
    rule.get_by_label("What is to mend").fill("It hums")
    browser_page.get_by_role("button", name="Mark the rest as holding").click()
    browser_page.get_by_role("button", name="Send back").click()
    expect(browser_page.get_by_text("“Glazes” needs a few changes")).to_be_visible()
    assert not Decision.objects.exists()
    browser_page.get_by_role("button", name="Send back and mail this").click()
    expect(browser_page.get_by_text("Sent back: “Glazes”.")).to_be_visible()
    finding = Decision.objects.get().findings.get()
    assert (finding.rule_code, finding.at_second, finding.text) == ("sound_quality", 4, "It hums")


def test_what_was_judged_stays_while_another_lesson_is_watched(browser_page: Page, sam: User, course: Course) -> None:
    submission = make_submission(course=course)
    login(browser_page, sam)
    browser_page.goto(reverse("moderation:case", args=[submission.pk]))
    rule = browser_page.get_by_role("group", name="The sound can be followed")
    rule.get_by_label("Finding").check()
    rule.get_by_label("What is to mend").fill("It hums")
    browser_page.get_by_role("link", name="Lesson 3").click()
    expect(browser_page.get_by_role("heading", name="Lesson 3")).to_be_visible()
    expect(rule.get_by_label("What is to mend")).to_have_value("It hums")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_accessible_on_a_phone_and_on_a_desk(
    open_browser: Callable[..., Page], ada: User, sam: User, language: str
) -> None:
    live = make_course(title="Clay")
    draft = live.open_draft(ada)
    draft.edit({"subtitle": "With salt", "outcomes": ["Throw a bowl"]}, by=ada, revision=draft.revision)
    submission = draft.submit(by=ada, note="Please look at lesson 2.")
    addresses = [reverse(f"moderation:{name}") for name in ("queue", "decisions", "takedowns")]
    addresses += [reverse("moderation:case", args=[submission.pk]), reverse("moderation:take_down", args=["clay"])]
    addresses += [reverse("moderation:creator", args=[live.creator.slug])]
    for width in (360, 1280):
        page = open_browser(width=width)
        login(page, sam)
        speak(page, language)
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
