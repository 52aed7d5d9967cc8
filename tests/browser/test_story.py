"""The whole loop in a browser: teach, review, buy, watch, be paid. Real workers, real films, the sandbox provider."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, Decision, Lesson, Version
from discovery import index
from learners import stream
from learners.models import Enrollment, LessonProgress, WatchReport
from marketplace.lib.emails import Mail
from payments import invariants
from payments.models import Order, Payout
from payments.sandbox import oracle
from tests import workers
from tests.browser.chromium import assert_accessible, login, wait_until
from tests.cast import PASSWORD
from tests.courses.factories import make_course
from tests.videos.films import make_film
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)

MEDIA = Path(django_settings.BASE_DIR).parent / "shared/media"
DROP = """([area, files]) => {
  const carried = new DataTransfer();
  for (const [name, content] of files)
    carried.items.add(new File([Uint8Array.from(atob(content), letter => letter.charCodeAt(0))], name,
      {type: "video/mp4", lastModified: 1700000000000}));
  for (const type of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: carried}));
}"""


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    """A film of half a minute and two short ones: real ones where they lie beside the project, else made here."""
    real = [MEDIA / name for name in ("big-buck-bunny-480p-30s.mp4", "asl-book.mkv", "asl-yes.mkv")]
    if all(film.is_file() for film in real):
        return real
    lengths = {"long.mp4": 30, "book.mp4": 4, "yes.mp4": 3}
    return [make_film(tmp_path / name, seconds=seconds) for name, seconds in lengths.items()]


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The live server with workers beside it."""
    settings.VIDEO_ROOT = tmp_path / "video"
    settings.KEZHAN_BASE_URL = live_server.url
    settings.UPLOAD_PART_BYTES = 512 * 1024
    with workers.running(live_server.url, tmp_path / "workers.log"):
        yield live_server.url


@pytest.fixture
def person(open_browser: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """A browser of somebody's own; lines are cut at the end, so that no last report meets the emptied database."""
    pages: list[Page] = []

    def enter(user: User | None = None, **options: Any) -> Page:
        page = open_browser(**options)
        page.context.set_default_timeout(20_000)
        pages.append(page)
        if user is not None:
            login(page, user)
        return page

    yield enter
    for page in pages:
        page.context.set_offline(True)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)


def sign_up(page: Page, name: str, email: str) -> User:
    page.goto("/accounts/signup/")
    fill(page, name=name, email=email, password1=PASSWORD)
    press(page, "Sign up")
    page.wait_for_url(re.compile(r"/$|/library|/checkout|/cart|/courses"))
    return User.objects.get(email=email)


def become_creator(page: Page) -> None:
    page.goto("/creators/become/")
    fill(page, name="Rosa Films", headline="Teaches by showing", bio="Ten years behind a camera.")
    page.locator("[name=portrait]").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": picture()})
    press(page, "Open my studio")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def picture() -> bytes:
    from tests.courses.factories import make_picture

    return make_picture(1280, 720).read()


def write_course(page: Page) -> str:
    """Title, details that save themselves, cover; returns the slug."""
    page.goto("/studio/courses/create/")
    fill(page, title="Seeing like a camera")
    press(page, "Start the course")
    page.wait_for_url(re.compile(r"/studio/courses/[\w-]+/$"))
    slug = page.url.rstrip("/").rsplit("/", 1)[1]
    fill(page, subtitle="Light, frame and time", description="What a picture is, and how to take one.")
    page.locator("[name=outcomes]").first.fill("See light before you press")
    page.locator("[name=level]").select_option("beginner")
    page.locator("[name=category]").select_option(label="Photography and film")
    expect(page.locator("[data-save-state]").first).to_have_attribute("data-state", "saved", timeout=15_000)
    page.reload()
    expect(page.locator("[name=subtitle]")).to_have_value("Light, frame and time")
    page.locator("[name=cover]").set_input_files({"name": "c.png", "mimeType": "image/png", "buffer": picture()})
    page.locator("form[data-cover-form] button").click()
    expect(page.locator("[data-cover-shown] img")).to_be_visible()
    return slug


def add_films(page: Page, slug: str, films: list[Path]) -> None:
    """Two sections; the films are dropped in, one is paused and goes on after a reload."""
    page.goto(f"/studio/courses/{slug}/curriculum/")
    for title in ("First look", "Practice"):
        page.get_by_label("Title of the new section").fill(title)
        press(page, "Add section")
        expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible()
    expect(page.locator("[data-uploader][data-alive]").first).to_be_attached()
    sent = [[film.name, base64.b64encode(film.read_bytes()).decode()] for film in films]
    page.evaluate(DROP, [page.query_selector("[data-drop]"), sent])
    expect(page.locator("[data-rows] .upload-row")).to_have_count(len(films))
    first = page.locator("[data-rows] .upload-row").first
    expect(first.locator("[data-part=facts]")).not_to_be_empty()
    for film in films:
        expect(page.locator("[data-rows]")).to_contain_text(film.name)
    page.wait_for_function(
        "count => [...document.querySelectorAll('[data-rows] .upload-row .state')]"
        ".filter(state => state.dataset.tone === 'ok').length === count",
        arg=len(films),
        timeout=240_000,
    )
    page.reload()
    expect(page.locator("[data-lesson]")).to_have_count(len(films))
    titles = Lesson.objects.filter(version__course__slug=slug).in_order().values_list("title", flat=True)
    # As they were dropped, whichever was sent first.
    assert [title.lower() for title in titles] == [film.stem.replace("-", " ") for film in films]
    # By keyboard: the first film goes up, out of "Practice" into "First look".
    up = page.locator("[data-lesson]").first.get_by_role("button", name=re.compile("^Move lesson .* up$"))
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-section]").first.locator("[data-lesson]")).to_have_count(1)
    wait_until(page, lambda: Lesson.objects.filter(version__course__slug=slug, section__title="First look").exists())
    page.reload()
    expect(page.locator("[data-section]").first.locator("[data-lesson]")).to_have_count(1)


def price_and_preview(page: Page, slug: str) -> None:
    version = Version.objects.get(course__slug=slug)
    lesson = version.lessons.in_order().first()
    page.goto(f"/studio/courses/{slug}/lessons/{lesson.pk}/")
    page.locator("[name=is_preview]").check()
    press(page, "Save")
    page.goto(f"/studio/courses/{slug}/pricing/")
    fill(page, amount="19.999")
    page.locator("[name=currency]").select_option("USD")
    press(page, "Set the price")
    expect(page.locator(".field__error, [role=alert]").first).to_be_visible()
    fill(page, amount="19.99")
    press(page, "Set the price")
    expect(page.locator("main")).to_contain_text("$19.99")


def submit(page: Page, slug: str) -> None:
    page.goto(f"/studio/courses/{slug}/publish/")
    expect(page.get_by_text(re.compile(r"\d+ of \d+ done"))).to_be_visible()
    for mended in page.get_by_label("Mended").all():
        mended.check()
    press(page, "Submit for review")
    expect(page.locator("main")).to_contain_text("Under review")


def decide(page: Page, title: str, verdict: str) -> None:
    page.goto("/moderation/")
    page.get_by_role("link", name=title).click()
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    press(page, "Claim it")
    if verdict == "return":
        finding = page.locator(".judgment").first
        finding.locator("input[type=radio]").last.check()
        finding.locator("textarea").fill("The title promises more than the lessons show.")
        page.locator("[name=reason]").fill("One thing to mend.")
        press(page, re.compile("^Send back"))
        press(page, "Send back and mail this")
    else:
        press(page, "Mark the rest as holding")
        page.locator("[name=reason]").fill("Clear and honest.")
        press(page, re.compile("^Approve"))
        press(page, "Approve and send")
    expect(page.locator("body")).to_contain_text(re.compile("Sent back:|Approved:"))


def second(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def watch_to(page: Page, least: float) -> None:
    """Play at double speed until the film stands at `least` seconds."""
    page.evaluate("() => { const film = document.querySelector('video'); film.playbackRate = 2; return film.play() }")
    page.wait_for_function(
        "least => { const film = document.querySelector('video'); return film.ended || film.currentTime >= least }",
        arg=least,
        timeout=90_000,
    )


def open_player(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")


def finish(page: Page, learner: User, lesson: Any) -> None:
    """Watch the lesson until the server calls it done; an honest learner may have to see a part again."""
    path = f"/learn/{lesson.version.course.slug}/{lesson.key}/"
    for _try in range(4):
        open_player(page, path)
        watch_to(page, 10_000)
        for _wait in range(20):
            row = LessonProgress.objects.filter(learner=learner, lesson_key=lesson.key).first()
            if row is not None and row.is_done:
                return
            page.wait_for_timeout(250)
    raise AssertionError(f"{lesson} was watched but is not done: {row and row.covered_s}")


def stranger_is_refused(page: Page, course: Course) -> None:
    paid = course.live_lessons()[1]
    assert page.request.get(f"/learn/{course.slug}/{paid.key}/").status == 403
    assert page.request.get(f"/api/v1/lessons/{paid.key}/playback/").status in (401, 403)
    for name in ("master.m3u8", "v240/index.m3u8", "v240/init.mp4", "v240/s00000.m4s", "poster.jpg", "en.vtt"):
        assert page.request.get(f"/hls/{'0' * 64}/9999999999/anon/{paid.video.asset}/{name}").status == 403


def test_the_whole_loop(site: str, person: Callable[..., Page], films: list[Path], sam: User, fay: User) -> None:
    rosa = person()
    creator = sign_up(rosa, "Rosa", "rosa@example.com")
    become_creator(rosa)
    slug = write_course(rosa)
    add_films(rosa, slug, films)
    assert Video.objects.filter(owner=creator, state="ready").count() == 3
    assert Mail.objects.filter(to=creator.email, key__contains="ready").count() == 3
    price_and_preview(rosa, slug)
    submit(rosa, slug)

    moderator = person(sam)
    decide(moderator, "Seeing like a camera", "return")
    rosa.goto(f"/studio/courses/{slug}/publish/")
    expect(rosa.locator("main")).to_contain_text("The title promises more than the lessons show.")
    rosa.goto(f"/studio/courses/{slug}/")
    fill(rosa, subtitle="Light and frame")
    press(rosa, "Save")
    submit(rosa, slug)
    decide(moderator, "Seeing like a camera", "approve")
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["return", "approve"]
    course = Course.objects.select_related("creator", "live_version").get(slug=slug)
    assert course.is_on_sale

    other = make_course(title="Knots for sailors")
    index.refresh()
    visitor = person(width=390, height=844)
    visitor.goto("/search/?q=camera")
    visitor.get_by_role("link", name="Seeing like a camera").first.click()
    assert_accessible(visitor)
    stranger_is_refused(visitor, course)
    for bought in (course, other):
        visitor.goto(f"/courses/{bought.slug}/")
        press(visitor, "Put in the cart")
    visitor.goto("/cart/")
    visitor.get_by_role("link", name="Go on to pay").click()
    learner = sign_up(visitor, "Lin", "lin2@example.com")
    visitor.goto("/cart/")
    visitor.get_by_role("link", name="Go on to pay").click()
    press(visitor, re.compile(r"^Pay \$"))
    visitor.wait_for_url(re.compile("/sandbox/checkout/"))
    press(visitor, re.compile(r"^Pay \$"))
    visitor.wait_for_url(re.compile("/checkout/return|/orders/"))
    expect(visitor.locator("main")).to_contain_text("Your courses are in your library", timeout=30_000)
    order = Order.objects.get(buyer=learner)
    assert order.state == "paid"
    assert Enrollment.objects.of(learner).active().count() == 2
    wait_until(visitor, lambda: Mail.objects.filter(to=learner.email, key__contains="receipt").exists())

    lessons = list(course.live_lessons().select_related("version__course"))
    path = f"/learn/{slug}/{lessons[0].key}/"
    open_player(visitor, path)
    watch_to(visitor, 12)
    left_at = second(visitor)
    visitor.goto("about:blank")
    kept = LessonProgress.objects.of(learner)
    wait_until(
        visitor,
        lambda: kept.filter(position_s__gt=left_at - 2).exists(),
        told=lambda: (left_at, list(kept.values()), stream.figures(), list(WatchReport.objects.values())),
    )
    desk = person(learner)
    open_player(desk, path)
    going_on_at = float(desk.locator("lesson-player").get_attribute("data-start") or 0)
    assert abs(going_on_at - left_at) < 2, (going_on_at, left_at)
    for lesson in lessons:
        finish(desk, learner, lesson)
    desk.goto("/library/")
    expect(desk.locator("main")).to_contain_text(re.compile("Complete|Finished"))

    rosa.goto("/studio/earnings/")
    press(rosa, re.compile("Set up your payout account"))
    rosa.wait_for_url(re.compile("/sandbox/onboarding/"))
    press(rosa, re.compile("^Finish: everything"))
    finance = person(fay)
    finance.goto("/sandbox/")
    finance.locator("[name=days]").fill("40")
    press(finance, "Move the clock forward")
    for _twice in range(2):
        finance.goto("/finance/")
        finance.get_by_role("link", name="Prepare a payout run").click()
        press(finance, re.compile("^Start"))
        expect(finance.locator("main")).to_be_visible()
    wait_until(finance, lambda: oracle.transfers() and Payout.objects.filter(state="sent").exists())
    payout = Payout.objects.get(creator=course.creator)
    assert (payout.state, payout.amount.minor) == ("sent", 1499), payout.last_error
    rosa.goto("/studio/earnings/")
    expect(rosa.locator("main")).to_contain_text("Paid")
    assert list(oracle.transfers().values()) == [1499]
    assert not any(invariants.breaks().values())
