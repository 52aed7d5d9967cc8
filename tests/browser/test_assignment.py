"""An assignment in a browser: handed in, reviewed by three, its result; by keyboard, in both languages, accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Lesson
from learners.models import HandIn, HandInDraft, HandInResult
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak, wait_until
from tests.courses.assignments import add_assignment, assignment_of, make_assignment_course
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.learners.works import WORDS, hand_in, people

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {
    "en": {
        "hand_in": "Hand in", "kept": "Saved", "review": "Review the work of another", "passed": "To improve",
        "median": "median 2 of 4",
    },
    "zh-hans": {
        "hand_in": "提交作业", "kept": "已保存", "review": "评阅别人的作业", "passed": "待改进",
        "median": "中位数 2 分",
    },
}  # fmt: skip


@pytest.fixture
def lesson() -> Lesson:
    lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=0))
    enroll(cast.lin(), lesson.version.course)
    return lesson


def address(lesson: Lesson) -> str:
    return f"/learn/{lesson.version.course.slug}/{lesson.key}/"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_handed_in_reviewed_by_three_and_seen(open_browser: Callable[..., Page], lesson: Lesson, language: str) -> None:
    words = SAID[language]
    page = open_browser(width=390)
    login(page, cast.lin())
    speak(page, language)
    page.goto(address(lesson))
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#id_work").fill("A bowl of red clay, thrown on the wheel.")
    expect(page.locator("[data-save-state][data-state=saved]")).to_contain_text(words["kept"])
    assert HandInDraft.objects.get().text.startswith("A bowl")
    page.locator("#id_files").set_input_files(
        {"name": "bowl.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a bowl"}
    )
    page.get_by_role("button", name=words["hand_in"], exact=True).click()
    wait_until(page, HandIn.objects.exists)
    assert_accessible(page)
    for reviewer, keys in zip(people(3), ("11", "22", "33"), strict=True):
        review_by_keys(open_browser, lesson, reviewer, language, keys)
    assert HandInResult.objects.get().percent == 50
    page.reload()
    expect(page.get_by_text(words["passed"]).first).to_be_visible()
    expect(page.get_by_role("img", name=words["median"])).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def review_by_keys(open_browser: Callable[..., Page], lesson: Lesson, reviewer: User, language: str, keys: str) -> None:
    """She has handed in as well; her own work is with the creator, so that all three meet the same one."""
    work = hand_in(reviewer, lesson)
    work.handling.give_to_creator(work.handed_in_at)
    page = open_browser()
    login(page, reviewer)
    speak(page, language)
    page.goto(address(lesson))
    page.get_by_role("button", name=SAID[language]["review"]).click()
    page.wait_for_url("**/reviews/*/")
    expect(page.get_by_text("A bowl of red clay")).to_be_visible()
    assert "bowl.pdf" not in page.content()
    assert_accessible(page)
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address(lesson)}")


def test_a_creator_marks_by_keyboard(open_browser: Callable[..., Page]) -> None:
    lesson = assignment_of(make_assignment_course("Alone"))
    hand_in(cast.lin(), lesson, "My bowl")
    page = open_browser()
    login(page, cast.ada())
    page.goto("/studio/hand-ins/")
    assert_accessible(page)
    page.get_by_role("link", name="Throw a bowl · Lin").click()
    assert_accessible(page)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("[data-total]")).to_have_text("7 of 10 points")
    page.keyboard.type("The rim is even.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/studio/hand-ins/")
    assert HandInResult.objects.get().percent == 70


def test_a_creator_writes_a_criterion_that_saves_itself(open_browser: Callable[..., Page]) -> None:
    course = make_course(live=False, lessons=1)
    lesson = add_assignment(course.draft.sections.first())
    page = open_browser()
    login(page, cast.ada())
    page.goto(f"/studio/courses/{course.slug}/lessons/{lesson.pk}/")
    assert_accessible(page)
    page.get_by_role("link", name="Shape").click()
    assert_accessible(page)
    page.get_by_label("Level 1", exact=True).fill("Perfectly round")
    page.get_by_role("button", name="Add a level").click()
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    lesson.refresh_from_db()
    assert lesson.assigned.criteria[0].levels[0].title == "Perfectly round"
