"""Quizzes and certificates as a screen reader reads them, in both languages, on a phone and on a wide screen."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import cast
from tests.browser.chromium import assert_accessible, assert_read_in_order, login, speak
from tests.courses.factories import make_course
from tests.courses.quizzes import make_quiz_course, quiz_of
from tests.learners.certified import make_certificate
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)

ATTEMPT = {
    "en": [
        'heading "Check yourself"', "Attempt 1", 'group "Question 1"', "Choose one.", "Which fires hotter?",
        'radio "Clay"',
        'group "Question 2"', "Choose all that are right.", "Which are tools?", 'checkbox "Wire"',
        'group "Question 3"', 'textbox "What is 1/3?"', 'group "Question 4"', 'textbox "Name it"',
        'group "Question 5"', 'combobox "', 'button "Hand in"', 'button "Keep my answers"',
    ],
    "zh-hans": [
        'heading "Check yourself"', "第 1 次", 'group "第 1 题"', "Which fires hotter?", 'radio "Clay"',
        'group "第 2 题"', 'checkbox "Wire"', 'group "第 5 题"', 'combobox "', 'button "交卷"',
    ],
}  # fmt: skip
RESULT = {"en": ['heading "Check yourself"', "Not passed", "0 of 5"], "zh-hans": ['heading "Check yourself"', "未通过"]}
CERTIFICATE = {
    "en": [
        'heading "Certificate"', "It holds", 'region "What it says"', "This certifies that", 'heading "Lin Wei"',
        "has completed the course", 'heading "Pottery', "Issued on", "Lessons done", "The rule", 'img "The address',
        'heading "It is yours"', 'link "PDF"', 'link "Open Badge 3.0"', 'link "Add to LinkedIn"',
        'button "Hide my name"',
    ],
    "zh-hans": [
        'heading "结业证书"', 'heading "Lin Wei"', 'heading "Pottery', 'img "', 'link "PDF"', 'link "Open Badge 3.0"',
        "LinkedIn", "button ",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_quiz(open_browser: Callable[..., Page], lin: User, width: int, language: str) -> None:
    course = make_quiz_course()
    enroll(lin, course)
    lesson = quiz_of(course)
    page = open_browser(width=width, height=900)
    login(page, lin)
    speak(page, language)
    page.goto(f"/learn/{course.slug}/{lesson.key}/")
    page.locator("form[action*='start'] button, form[action*='attempts'] button").first.click()
    page.wait_for_url("**/attempts/1/")
    assert_accessible(page)
    assert_read_in_order(page, ATTEMPT[language])
    # Whoever tabs from field to field hears the question with its group, not only its number.
    expect(page.locator("fieldset").first).to_have_accessible_description(re.compile("^Which fires hotter"))
    page.locator(".form-actions .button--primary").click()
    page.locator(".form-actions .button--primary[name=anyway]").click()
    page.wait_for_url("**/attempts/1/")
    assert_accessible(page)
    assert_read_in_order(page, RESULT[language])


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_certificate(open_browser: Callable[..., Page], ada: User, lin: User, width: int, language: str) -> None:
    certificate = make_certificate(lin, make_course(), name="Lin Wei")
    page = open_browser(width=width, height=900)
    login(page, lin)
    speak(page, language)
    page.goto(reverse("learners:certificate", args=[certificate.code]))
    assert_accessible(page)
    assert_read_in_order(page, CERTIFICATE[language])


def test_what_stands_before_what_is_read_earlier_is_found(open_browser: Callable[..., Page], ada: User) -> None:
    """The control: a page turned upside down by its style, and one read in another order, are refused."""
    certificate = make_certificate(cast.lin(), make_course(), name="Lin Wei")
    page = open_browser(width=390, height=900)
    page.goto(reverse("learners:certificate", args=[certificate.code]))
    with pytest.raises(AssertionError, match="not in its place"):
        assert_read_in_order(page, ['heading "Pottery', 'heading "Lin Wei"'])
    page.evaluate("""() => Object.assign(document.querySelector("main .panel").style,
      {display: "flex", flexDirection: "column-reverse"})""")
    with pytest.raises(AssertionError, match="stands higher"):
        assert_read_in_order(page, ['heading "Lin Wei"', 'heading "Pottery'])
