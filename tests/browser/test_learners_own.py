"""What a learner keeps, in Chromium: notes beside the film, what is said in the course, certificates, her own data."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from learners.models import Certificate, Note, WeeklyGoal
from tests.browser.chromium import assert_accessible, login, speak, wait_until
from tests.browser.test_player import address, devices, enter, second, wait_for_second
from tests.browser.test_player_aids import course, video
from tests.cast import PASSWORD
from tests.courses.factories import make_course, publish
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll

__all__ = ["course", "devices", "video"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_is_written_while_the_film_runs_saved_by_itself_and_leads_back(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_role("tab", name="Notes").click()
    page.keyboard.press("Space")
    page.locator(".player__play").click()
    wait_for_second(page, 3)
    page.get_by_role("button", name="Bookmark this second").click()
    expect(page.locator("ol [data-note]")).to_have_count(1)
    page.locator("video").evaluate("film => { film.pause(); film.currentTime = 6 }")
    page.get_by_label("New note").click()
    expect(page.locator("#note-at")).to_have_value("0:06")
    page.keyboard.type("Shadow, k and j are words here")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("ol [data-note]")).to_have_count(2)
    written = page.locator("ol textarea").last
    written.fill("The shadow moves")
    expect(page.locator("ol [data-part=state]").last).to_have_text("Saved")
    wait_until(page, lambda: Note.objects.filter(text="The shadow moves", at_s=6, revision=1).exists())
    assert_accessible(page)
    page.locator("video").evaluate("film => { film.currentTime = 0 }")
    page.locator("ol [data-part=place]").last.click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 6")
    page.reload()
    page.get_by_role("tab", name="Notes").click()
    expect(page.locator("ol textarea").last).to_have_value("The shadow moves")
    page.locator("ol [data-note]").first.get_by_role("button", name="Delete").click()
    expect(page.locator("ol [data-note]")).to_have_count(1)
    assert Note.objects.count() == 1


def test_an_article_has_notes_too_on_a_phone(open_browser: Callable[..., Page], ada: User, lin: User) -> None:
    made = make_course(live=False, lessons=1)
    made.draft.sections.first().add_lesson("Read this", "article").edit(article="Clay remembers.")
    publish(made.draft)
    made.refresh_from_db()
    enroll(lin, made)
    page = open_browser(width=390, height=844)
    login(page, lin)
    page.goto(address(made))
    page.get_by_role("tab", name="Notes").click()
    page.get_by_label("New note").fill("记得揉泥")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("ol [data-note]")).to_have_count(1)
    assert_accessible(page)
    page.goto(reverse("learners:all_notes") + "?q=揉泥")
    page.get_by_role("link", name=made.title).click()
    expect(page.get_by_text("记得揉泥")).to_be_visible()
    assert_accessible(page)


def test_what_is_said_in_the_course_leads_to_its_second(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_role("tab", name="Transcript").click()
    asked = page.get_by_role("searchbox", name="Search the captions of all lessons")
    asked.fill("shadow")
    asked.press("Enter")
    expect(page.get_by_text("1 place")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("The shadow")).click()
    page.get_by_role("button", name=re.compile("Continue 0:05")).click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 5")
    assert second(page) < 7


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_certificate_is_asked_for_shown_hidden_and_checked(
    open_browser: Callable[..., Page], ada: User, lin: User, width: int, language: str
) -> None:
    made = make_course()
    enroll(lin, made)
    do_all(lin, made)
    page = open_browser(width=width, height=900)
    login(page, lin)
    speak(page, language)
    page.goto(reverse("learners:ask_certificate", args=[made.slug]))
    assert_accessible(page)
    page.locator("#id_name").fill("Lin Wei 林薇")
    page.locator("form.panel .button--primary").click()
    page.wait_for_url("**/certificates/*/")
    expect(page.get_by_role("heading", name="Lin Wei 林薇")).to_be_visible()
    assert_accessible(page)
    stranger = open_browser(width=width)
    stranger.goto(page.url)
    expect(stranger.get_by_role("heading", name="Lin Wei 林薇")).to_be_visible()
    page.locator("form[action$='/name/'] button").click()
    page.wait_for_url("**/certificates/*/")
    stranger.goto(reverse("learners:check_certificate"))
    assert_accessible(stranger)
    stranger.locator("#code").fill(Certificate.objects.get().code_in_groups.lower())
    stranger.locator("#code").press("Enter")
    stranger.wait_for_url("**/certificates/*/")
    expect(stranger.get_by_text("林薇")).to_have_count(0)


def test_a_goal_a_record_and_the_end_of_an_account(open_browser: Callable[..., Page], ada: User, lin: User) -> None:
    certificate = make_certificate(lin, make_course())
    WeeklyGoal.objects.put(lin, 60)
    page = open_browser(width=390, height=844)
    login(page, lin)
    page.goto("/library/")
    expect(page.get_by_text("0 of 60 minutes")).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("learners:certificates"))
    expect(page.get_by_text(certificate.code_in_groups)).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("accounts:privacy"))
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("Being made", exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="What happens then").click()
    assert_accessible(page)
    page.get_by_label("Your e-mail address").fill(lin.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account for good").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    assert not User.objects.filter(email=lin.email).exists()
