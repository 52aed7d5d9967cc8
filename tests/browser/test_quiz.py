"""A quiz in a browser: accessible, by keyboard alone, kept while it is answered; and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courses.models import Lesson
from learners.models import AttemptAnswers, QuizResult
from tests import cast
from tests.browser.chromium import assert_accessible, login, wait_until
from tests.courses.factories import make_course
from tests.courses.quizzes import add_code_quiz, add_quiz, make_quiz_course, quiz_of
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson() -> Lesson:
    course = make_quiz_course(limit_minutes=30)
    enroll(cast.lin(), course)
    return quiz_of(course)


def open_quiz(page: Page, lesson: Lesson) -> None:
    login(page, cast.lin())
    page.goto(f"/learn/{lesson.version.course.slug}/{lesson.key}/")
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/attempts/1/")


def test_a_quiz_is_answered_by_keyboard_and_kept_meanwhile(open_browser: Callable[..., Page], lesson: Lesson) -> None:
    page = open_browser(width=390)
    open_quiz(page, lesson)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("[data-due]")).to_contain_text("left")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    [(_key, kept)] = AttemptAnswers.objects.get().given.items()
    assert kept == page.locator("input[type=radio]").nth(1).get_attribute("value")
    page.reload()
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.get_by_role("button", name="Hand in").press("Enter")
    page.get_by_role("button", name="Hand in anyway").press("Enter")
    page.wait_for_url("**/attempts/1/")
    expect(page.get_by_text("Not passed")).to_be_visible()
    assert_accessible(page)
    assert QuizResult.objects.count() == 1


def test_a_tab_that_was_left_open_takes_no_answer_back(open_browser: Callable[..., Page], lesson: Lesson) -> None:
    stale = open_browser(width=390)
    open_quiz(stale, lesson)
    used = stale.context.new_page()
    used.goto(stale.url)
    for question in used.locator("[data-question]").all():
        if question.locator("input[type=radio], input[type=checkbox]").count():
            question.locator("input[type=radio], input[type=checkbox]").first.check()
        elif question.locator("select").count():
            for place, field in enumerate(question.locator("select").all(), 1):
                field.select_option(str(place))
        else:
            question.locator("input[type=text]").fill("7")
    asked = used.locator("[data-question]").count()
    wait_until(used, lambda: len(AttemptAnswers.objects.get().given) == asked)
    given = AttemptAnswers.objects.get().given
    stale.get_by_role("button", name="Hand in").click()
    expect(stale.get_by_role("button", name="Hand in")).to_have_count(0)
    assert QuizResult.objects.get().answers == given


def test_lines_of_code_are_marked_by_keyboard_and_what_it_prints_is_kept(open_browser: Callable[..., Page]) -> None:
    course = make_quiz_course(add_code_quiz)
    enroll(cast.lin(), course)
    page = open_browser(width=390)
    open_quiz(page, quiz_of(course))
    page.get_by_role("checkbox", name="Line 2 b = a +").focus()
    page.keyboard.press("Space")
    for _field in range(6):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(" 1\n10")
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    wanted = {"['2']", " 1\n10"}
    wait_until(page, lambda: {str(each) for each in AttemptAnswers.objects.get().given.values()} == wanted)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("100 % · Passed")).to_be_visible()
    assert_accessible(page)


def test_it_is_taken_without_javascript(open_browser: Callable[..., Page], lesson: Lesson) -> None:
    page = open_browser(java_script_enabled=False)
    open_quiz(page, lesson)
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Keep my answers").click()
    expect(page.get_by_text("Your answers are kept")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in anyway").click()
    expect(page.get_by_text("Not passed")).to_be_visible()


def test_a_creator_writes_a_question_that_saves_itself(open_browser: Callable[..., Page]) -> None:
    course = make_course(live=False, lessons=1)
    lesson = add_quiz(course.draft.sections.first())
    page = open_browser()
    login(page, cast.ada())
    page.goto(f"/studio/courses/{course.slug}/lessons/{lesson.pk}/")
    assert_accessible(page)
    page.get_by_role("link", name="Which fires hotter?").click()
    assert_accessible(page)
    page.get_by_label("Option 1", exact=True).fill("Wet clay")
    page.get_by_role("button", name="Add an option").click()
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    lesson.refresh_from_db()
    assert lesson.questions.questions[0].options[0].text == "Wet clay"
