"""Twenty cases without a mouse: ten reviews and ten reports, the focus seen after every key, half in Chinese."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from courses.models import Course, Decision, Finding, Submission
from marketplace.lib.emails import Mail
from moderation.models import Case, CaseClaim, Claim, Measure
from tests.browser.chromium import login, speak, wait_until
from tests.courses.factories import make_course
from tests.moderation.decisions import report
from tests.moderation.factories import make_submission
from tests.videos.films import make_film, transcoded
from videos.models import VideoFinding

pytestmark = pytest.mark.django_db(transaction=True)

FINDING_AT_MS = 3000
SEEN = """() => { const at = document.activeElement;
  if (!at || at === document.body || !at.matches(":focus-visible")) return false;
  const box = (at.closest("li, label, .choice") ?? at).getBoundingClientRect();
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight; }"""


class Keyboard:
    """A moderator's two hands. There is no mouse here."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Each key, after which the focus must stand somewhere that can be seen."""
        for key in keys:
            self.page.keyboard.press(key)
            assert self.page.evaluate(SEEN), f"{self.page.url}: after {key} the focus is lost"

    def follow(self, key: str, to: str) -> None:
        """A key that leads to another page, which begins with the focus at its work."""
        with self.page.expect_navigation(url=f"**{to}", wait_until="load"):
            self.page.keyboard.press(key)
        self.page.wait_for_function(SEEN)  # the keys come after the page: nobody's finger is as fast

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture
def reviews(ada: User, tmp_path: Path) -> list[Course]:
    """Ten courses that wait, whose first lesson is a film in which the machine has noticed something."""
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=6))
    assert film.is_ready, film.failure_detail
    VideoFinding.objects.create(video=film, code="silence", start_ms=FINDING_AT_MS, end_ms=4000, value=1)
    courses = [make_course(title=f"Glazes {number}", lessons=2, live=False) for number in range(10)]
    for course in courses:
        course.draft.lessons.in_order()[0].attach_video(film)
        make_submission(course=course)
    return courses


@pytest.fixture
def cases(lin: User) -> list[Case]:
    """Ten reported lessons."""
    lessons = make_course(title="Clay", lessons=10).live_lessons()
    return [report("lesson", lesson.key, lin, text="It is mine.") for lesson in lessons]


def review(hand: Keyboard, number: int) -> None:
    """The first of the queue: sent back with a finding at the machine's second, or let through."""
    hand.press("ArrowDown" if number % 2 else "j", "k")
    hand.follow("Enter", "/submissions/*/")
    hand.follow("c", "/submissions/*/")
    if number % 2:
        hand.press("a")
        hand.follow("p", "/preview/")
    else:
        hand.press("BracketRight")
        film = "document.querySelector('[data-review-lesson] video').currentTime"
        wait_until(hand.page, lambda: hand.page.evaluate(film) >= FINDING_AT_MS / 1000)
        hand.press("j", "j", "s")
        hand.write("It hums")
        hand.press("Escape", "a", "r")
        hand.write("Nearly there")
        hand.follow("Control+Enter", "/preview/")
    hand.follow("Enter", reverse("moderation:queue"))


def judge(hand: Keyboard, number: int) -> None:
    """The first of the reports: a lesson hidden, or its creator warned."""
    hand.press("j")
    hand.follow("Enter", "/cases/*/")
    hand.follow("c", "/cases/*/")
    hand.press("ArrowDown", *(["ArrowDown"] if number % 2 else []), "Tab", "ArrowDown", "Tab")
    hand.write(f"Copied, {number}")
    hand.follow("Control+Enter", "/weigh/")
    hand.follow("Enter", reverse("moderation:cases"))


def test_twenty_cases_are_decided_without_a_mouse(
    browser_page: Page, sam: User, reviews: list[Course], cases: list[Case]
) -> None:
    login(browser_page, sam)
    hand = Keyboard(browser_page)
    browser_page.goto(reverse("moderation:queue"))
    for number in range(20):
        if number == 10:
            speak(browser_page, "zh-hans")
        turn = number // 5 % 2
        if number and number % 5 == 0:
            hand.follow("w" if turn else "q", reverse("moderation:cases" if turn else "moderation:queue"))
        (judge if turn else review)(hand, number)
    assert not Submission.objects.waiting().exists()
    assert not Case.objects.open().exists()
    verdicts = Decision.objects.filter(submission__version__course__in=reviews).values_list("verdict", flat=True)
    assert sorted(verdicts) == ["approve"] * 4 + ["return"] * 6
    findings = Finding.objects.all()
    assert {finding.text for finding in findings} == {"It hums"}
    assert all(finding.at_second and finding.at_second >= FINDING_AT_MS // 1000 for finding in findings)
    made = Measure.objects.filter(case__in=cases)
    assert sorted(made.values_list("action", flat=True)) == ["hide"] * 6 + ["warn"] * 4
    assert {one.reason[:6] for one in made} == {"Copied"}
    assert not Claim.objects.open().exists()
    assert not CaseClaim.objects.open().exists()
    assert Mail.objects.filter(key__startswith="decision:").count() == 10
