"""Questions beside the film: asked at a second without leaving it, jumped to, answered, chosen; wide and narrow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from community import asking
from community.models import Post
from courses.models import Course
from tests.browser.chromium import assert_accessible, assert_no_sideways_scroll, login, speak
from tests.browser.test_player import address, devices, enter, second
from tests.browser.test_player_aids import course, video
from tests.community.factories import answer, ask, comment, have
from tests.courses.factories import make_course
from tests.learners.factories import enroll

__all__ = ["course", "devices", "video"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_is_asked_at_a_second_answered_and_jumped_to(
    devices: Callable[..., Page], course: Course, ada: User, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_role("tab", name="Questions").click()
    page.evaluate("document.querySelector('video').currentTime = 5.2")
    page.get_by_label("Ask a question").click()
    expect(page.locator("#ask-at")).to_have_value("0:05")
    page.get_by_label("Ask a question").fill("abc")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-questions] [role=alert]")).to_have_text("Say in a few words what you want to know.")
    page.get_by_label("Ask a question").fill("Why is the <shadow> green?")
    page.get_by_role("button", name="Ask", exact=True).click()
    row = page.locator("[data-questions] ul li")
    expect(row).to_contain_text("Why is the <shadow> green?")
    assert_accessible(page)
    page.evaluate("document.querySelector('video').currentTime = 0")
    row.locator("[data-part=place]").click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 5")
    assert second(page) < 7
    asked = Post.objects.get()
    assert (asked.at_s, asked.author) == (5, lin)
    said = answer(ada, asked, "The lamp **behind** it is red.")
    row.get_by_role("link", name="Why is the <shadow> green?").click()
    expect(page.locator("article strong", has_text="behind")).to_be_visible()
    page.get_by_role("button", name="This is the answer").click()
    expect(page.get_by_text("Chosen as the answer")).to_be_visible()
    assert Post.objects.get(pk=asked.pk).accepted == said
    page.get_by_role("link", name="0:05").click()
    page.wait_for_function("() => document.querySelector('video')?.currentTime >= 5")
    expect(page.get_by_role("tab", name="Questions")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "zh-hans", "dark")])
def test_pages_of_questions_are_read_wide_and_narrow(
    open_browser: Callable[..., Page], ada: User, lin: User, cole: User, width: int, language: str, scheme: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    course = make_course(title="Glazes", lessons=2)
    asked = ask(lin, course, "How do I know that it is ready?", text="With mine I am **never** sure.", at_s=2)
    good, other = answer(ada, asked, "Two signs:\n\n1. it is still,\n2. it gives way."), answer(cole, asked, "I wait.")
    comment(lin, good, "That was it, thank you.")
    have(cole, course)
    asking.vote(good, by=cole)
    asking.vote(other, by=lin)
    asking.accept(asked, good, by=lin)
    ask(cole, course, "为什么釉面会裂开？", is_named=False)
    page = open_browser(width=width)
    page.emulate_media(color_scheme=scheme)
    login(page, lin)
    speak(page, language)
    for path in (
        f"/learn/glazes/{asked.lesson_key}/", f"/learn/glazes/{asked.lesson_key}/#panel-questions",
        "/learn/glazes/questions/", f"/questions/{asked.pk}/", f"/learn/glazes/{asked.lesson_key}/ask/",
        f"/posts/{good.pk}/comment/", f"/posts/{asked.pk}/edit/",
    ):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    page.goto(f"/questions/{asked.pk}/")
    expect(page.locator(".post--chosen")).to_have_count(1)
    expect(page.locator("article.post").nth(1)).to_contain_text("Ada Lin Studio")
