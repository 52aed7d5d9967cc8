"""Moderation in Chromium: the queue by keyboard, and a decision with the player's second."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, Decision
from moderation import appeals
from moderation.models import Measure
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course
from tests.moderation.decisions import decide, report
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
    addresses += [
        reverse("moderation:case", args=[submission.pk]),
        reverse("moderation:measure", args=["course", "clay"]),
    ]
    addresses += [reverse("moderation:creator", args=[live.creator.slug])]
    for width in (360, 1280):
        page = open_browser(width=width)
        login(page, sam)
        speak(page, language)
        for address in addresses:
            page.goto(address)
            assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_reports_decisions_and_the_log_are_accessible(
    open_browser: Callable[..., Page], ada: User, lin: User, sam: User, language: str
) -> None:
    make_course(title="Clay")
    make_course(title="Kilns")
    case = report("course", "clay", lin, text="Lesson 2 is mine.")
    measure = decide("unpublish", "course", "kilns", sam, days=7)
    appeals.make(measure, ada, "I have a license.")
    public = [reverse(f"rules:{name}") for name in ("book", "log", "reporting")]
    public += [reverse("rules:rule", args=["rights"]), reverse("reports:make", args=["course", "clay"])]
    desk = [reverse(f"moderation:{name}") for name in ("cases", "appeals", "takedowns")]
    desk += [reverse("moderation:reported_case", args=[case.pk]), reverse("reports:mine")]
    owned = [reverse("reports:about_me")]
    for width in (390, 1280):
        for person, addresses in ((sam, public + desk), (ada, owned)):
            page = open_browser(width=width)
            login(page, person)
            speak(page, language)
            for address in addresses:
                page.goto(address)
                assert_accessible(page)


def test_a_report_ends_with_a_decision_whose_effect_was_seen(browser_page: Page, lin: User, sam: User) -> None:
    make_course(title="Clay")
    login(browser_page, lin)
    browser_page.goto(reverse("courses:detail", args=["clay"]))
    browser_page.get_by_role("link", name="Report", exact=True).click()
    browser_page.get_by_label("The creator may use what is shown").check()
    browser_page.get_by_label("In your words").fill("Lesson 2 is mine.")
    browser_page.get_by_role("button", name="Send the report").click()
    expect(browser_page.get_by_text("waits for a moderator")).to_be_visible()
    login(browser_page, sam)
    browser_page.goto(reverse("moderation:cases"))
    browser_page.get_by_role("link", name="Clay").click()
    browser_page.get_by_label("Not recommended").check()
    browser_page.get_by_label("Rule").select_option("rights")
    browser_page.get_by_label("Reason").fill("Lesson 2 is copied.")
    browser_page.get_by_role("button", name="See what it would do").click()
    expect(browser_page.get_by_text("“Clay” is no longer recommended")).to_be_visible()
    assert not Measure.objects.exists()
    browser_page.get_by_role("button", name="Decide this").click()
    expect(browser_page.get_by_text("Decided: Not recommended.")).to_be_visible()
    assert Course.objects.get().is_limited
