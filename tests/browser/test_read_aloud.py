"""A quiz as a screen reader reads it, in both languages, on a phone and on a wide screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.chromium import assert_accessible, assert_read_in_order, login, speak
from tests.courses.quizzes import make_quiz_course, quiz_of
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
