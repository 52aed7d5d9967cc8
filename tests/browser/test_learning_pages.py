"""Review, the weekly goal and a creator's audience in a browser: accessible on a phone, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Course
from learners import attempts
from learners.models import Cohort, ItemAnswer, LessonAudience, ReviewCard, WeeklyGoal
from tests import cast
from tests.browser.chromium import assert_accessible, assert_read_in_order, login, speak
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_is_reviewed_by_keyboard_and_its_answer_is_read(open_browser: Callable[..., Page]) -> None:
    lesson = quiz_of(make_quiz_course())
    enroll(cast.lin(), lesson.version.course)
    attempts.submit(cast.lin(), attempts.start(cast.lin(), lesson).pk, {})
    single = lesson.questions.questions[0]
    # One question is due, the others are not.
    ReviewCard.objects.update(due_at=timezone.now() + timedelta(days=9))
    ReviewCard.objects.filter(question=single.id).update(due_at=timezone.now() - timedelta(days=1))
    page = open_browser(width=390)
    login(page, cast.lin())
    page.goto("/review/")
    assert_accessible(page)
    assert_read_in_order(page, ["Review what is due", "Which fires hotter?", "Answer", "I do not know"])
    page.get_by_role("radio", name="Kiln").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Answer", exact=True).press("Enter")
    page.wait_for_url("**/review/answers/*/")
    expect(page.get_by_text("Why Kiln")).to_be_visible()
    assert_accessible(page)
    assert ItemAnswer.objects.get(attempt=None).share == 1
    page.get_by_role("link", name="That was all for today").click()
    page.goto("/review/")
    expect(page.get_by_text("Nothing is due")).to_be_visible()
    assert_accessible(page)


def test_the_weekly_goal_is_set_on_a_phone_and_a_wrong_one_is_said_beside_its_field(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(width=390)
    login(page, cast.lin())
    page.goto("/library/goal/")
    assert_accessible(page)
    minutes = page.get_by_label("Minutes of film a week")
    page.evaluate("document.querySelector('form.panel').noValidate = true")
    minutes.fill("5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Minutes of film a week")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    page.get_by_label("Minutes of film a week").fill("90")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/library/")
    assert WeeklyGoal.objects.get().minutes == 90
    assert_accessible(page)


def watched_course() -> Course:
    """Ten began its film and three saw the end; six took its quiz."""
    course = make_quiz_course()
    quiz, now = quiz_of(course), timezone.now()
    film = course.live_lessons().get(kind="video")
    LessonAudience.objects.create(
        course=course, lesson_key=film.key, length_s=30, step_s=1, started=10, finished=3, computed_at=now,
        seen=[10] * 10 + [6] * 10 + [3] * 10, plays=[10] * 4 + [18] * 2 + [10] * 4 + [6] * 10 + [4] * 10,
    )  # fmt: skip
    Cohort.objects.create(course=course, month=date(2026, 3, 1), enrolled=10, begun=9, finished=3, computed_at=now)
    for number in range(6):
        person = cast.person(f"Pupil{number}")
        enroll(person, course)
        attempts.submit(person, attempts.start(person, quiz).pk, right_answers(quiz) if number % 2 else {})
    return course


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Lesson by lesson", "fewer than 5", "Watched through", "Questions of the quizzes", "Which fires hotter?"],
        ),
        ("zh-hans", ["各课时情况", "不足 5 人", "Which fires hotter?"]),
    ],
)
def test_a_creator_sees_the_drawing_and_its_figures_on_a_phone(
    open_browser: Callable[..., Page], language: str, said: list[str]
) -> None:
    course = watched_course()
    page = open_browser(width=390)
    login(page, cast.ada())
    speak(page, language)
    page.goto(f"/studio/courses/{course.slug}/audience/")
    expect(page.locator("svg.chart")).to_be_visible()
    # Twenty parts have a bar, two of them one more for what was played again; the last ten parts have none.
    assert page.locator("svg.chart rect").count() == 22
    page.locator("details summary", has_text="图中数据" if language != "en" else "The figures of the drawing").click()
    assert_accessible(page)
    assert_read_in_order(page, said)
    cells = page.locator("td.num").all_inner_texts()
    assert not {"1", "2", "3", "4"} & {text.strip() for text in cells}
