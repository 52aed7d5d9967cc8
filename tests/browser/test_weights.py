"""What each kind of page weighs at its first view: style sheets and scripts that come without being asked for, as
gzip packs them. The budget is that of docs/operations.md; a page that outgrows it takes something out, or puts it off.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response

from accounts.models import User
from courses.models import Course
from discovery import index
from tests.browser.chromium import login
from tests.courses.factories import make_course, publish
from tests.creators.institutions import make_institution
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded

pytestmark = pytest.mark.django_db(transaction=True)

STYLE, SCRIPT = 15_000, 20_000
# Desks are for people who come again and again: what they carry is kept by their browsers. A desk with a film has the
# player's style and script besides its own.
FILM_DESK_STYLE, DESK_SCRIPT = 18_500, 31_000
# The player of a page that is about its film, and what plays: they come when the rest of the page stands.
PLAYER, PUT_OFF = 13_000, "hls"


class Weighing:
    """Weighs what a page fetches, file by file."""

    def __init__(self, page: Page) -> None:
        self.page, self.seen = page, dict[str, Response]()
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        name = response.url.split("?")[0].rsplit("/", 1)[-1]
        if not response.ok:
            return  # a redirect, or what the browser has already, comes without a body
        if name.endswith((".css", ".js")) and not name.startswith(PUT_OFF):
            self.seen[name] = response

    def of(self, path: str) -> tuple[int, int]:
        """Bytes of styles and of scripts."""
        self.seen.clear()
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        self.page.wait_for_timeout(400)  # what scripts fetch by themselves
        sizes = {name: len(gzip.compress(found.body(), 9)) for name, found in list(self.seen.items())}
        player = sum(sizes.pop(name) for name in list(sizes) if name.startswith("element"))
        assert player <= PLAYER
        told = tuple(sum(size for name, size in sizes.items() if name.endswith(end)) for end in (".css", ".js"))
        return told  # type: ignore[return-value]


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    """With a film in both of its lessons, the first a free preview."""
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=18))
    started = make_course(title="Kilns", live=False, lessons=2)
    for lesson in started.draft.lessons.all():
        lesson.attach_video(video)
    publish(started.draft)
    index.refresh()
    return Course.objects.select_related("creator__user", "live_version").get(pk=started.pk)


def weigh(page: Page, paths: list[str], style: int = STYLE, script: int = SCRIPT) -> None:
    scale = Weighing(page)
    heavy = {}
    for path in paths:
        css, js = scale.of(path)
        if css > style or js > script:
            heavy[path] = (css, js)
    assert not heavy


def test_pages_of_visitors_and_learners_are_light(
    open_browser: Callable[..., Page], course: Course, ada: User, lin: User
) -> None:
    make_institution(ada)
    lesson = reverse("learners:lesson", args=[course.slug, course.live_lessons()[1].key])
    page = open_browser()
    weigh(page, [
        "/", "/courses/", "/search/?q=kilns", course.get_absolute_url(), course.creator.get_absolute_url(),
        "/institutions/jingdezhen-school-of-clay/", "/institutions/", "/skills/", "/paths/", "/clips/", "/clips/all/",
        reverse("account_login"), "/cart/", "/rules/", "/exposure/",
    ])  # fmt: skip
    enroll(lin, course)
    login(page, lin)
    other = make_course(title="Glazes")
    weigh(page, [
        "/library/", lesson, "/account/", "/orders/", f"/checkout/?course={other.slug}", "/for-you/",
        f"{course.get_absolute_url()}ratings/",
    ])  # fmt: skip


def test_desks_are_light_enough(open_browser: Callable[..., Page], course: Course, ada: User, sam: User) -> None:
    draft = course.open_draft(ada)
    lesson, names = draft.lessons.first(), ("edit", "curriculum", "pricing", "publish")
    page = open_browser()
    login(page, ada)
    weigh(page, [reverse("studio:courses"), *(reverse(f"studio:{name}", args=[course.slug]) for name in names)],
          script=DESK_SCRIPT)  # fmt: skip
    with_film = [reverse("studio:preview", args=[course.slug]), reverse("videos:film", args=[lesson.video_id])]
    weigh(page, with_film, FILM_DESK_STYLE, DESK_SCRIPT)
    login(page, sam)
    weigh(page, [reverse("moderation:queue"), reverse("moderation:cases")], script=DESK_SCRIPT)


def test_a_preview_is_put_off_until_somebody_reaches_for_it(open_browser: Callable[..., Page], course: Course) -> None:
    page = open_browser()
    scale = Weighing(page)
    _css, js = scale.of(course.get_absolute_url())
    assert not [name for name in scale.seen if name.startswith(("watching", "element"))]
    assert js < 5_000
    player = page.locator("lesson-player")
    assert player.get_attribute("data-wired") is None
    page.locator("button.player__big").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2", timeout=30_000)
    assert player.get_attribute("data-wired") == ""
    assert page.locator(".player__poster").count() == 0
    assert [name for name in scale.seen if name.startswith("watching")]
