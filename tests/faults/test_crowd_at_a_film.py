"""L4: two hundred viewers at one film through nginx. Python is asked for each viewer's right once, and for no file."""

import http.client
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_started

from accounts.models import User
from learners.models import Enrollment
from marketplace.local import nginx
from tests.courses.factories import make_course
from tests.videos.films import put_files
from videos import playback

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(nginx.find_nginx() is None, reason="NO NGINX: apt-get install nginx-light, or KEZHAN_NGINX"),
]
VIEWERS, AT_ONCE = 200, 16
FILES = [f"v240/s{number:05}.m4s" for number in range(8)] + ["v240/init.mp4", "a128/init.mp4", "a128/s00000.m4s"]


@contextmanager
def edge(web: str, folder: Path, films: Path, changes: dict[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """nginx's host and port, and every path for which Django was asked."""
    asked: list[str] = []

    def note(environ: dict[str, Any], **_rest: Any) -> None:
        asked.append(environ["PATH_INFO"])

    with nginx.running(folder, web, films, changes or {}) as address:
        request_started.connect(note)
        yield address.removeprefix("http://"), asked
        request_started.disconnect(note)


@pytest.fixture
def crowd(settings: Any, tmp_path: Path) -> list[str]:
    """The beginnings of two hundred learners' own addresses of one film."""
    settings.VIDEO_ROOT = tmp_path / "video"
    # Longer than this test takes on a slow machine: what is counted is not how often a right grows old.
    settings.KEZHAN_RIGHT_REMEMBERED_S = 120
    course = make_course(title="Kilns", lessons=2)
    video = course.live_lessons().get(is_preview=False).video
    folder = put_files(video)
    for file in FILES:
        (folder / file).write_bytes(file.encode() * 2000)
    people = User.objects.bulk_create(User(email=f"viewer{number}@example.com") for number in range(VIEWERS))
    for person in people:
        Enrollment.objects.grant(learner=person, course=course, source=Enrollment.Source.FREE)
    return [playback.play_url(video, str(person.pk)).removesuffix("master.m3u8") for person in people]


def watch(edge: str, beginning: str, files: list[str]) -> list[int]:
    """One viewer takes file after file on a kept line; the statuses."""
    line, told = http.client.HTTPConnection(edge, timeout=30), []
    for file in files:
        line.request("GET", beginning + file)
        answer = line.getresponse()
        told.append(answer.status if answer.read() == file.encode() * 2000 else -1)
    line.close()
    return told


def all_watch(edge: str, beginnings: list[str], files: list[str] = FILES) -> Counter[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = pool.map(lambda beginning: watch(edge, beginning, files), beginnings)
    return Counter(status for one in told for status in one)


def test_two_hundred_viewers_cost_one_question_each_and_no_python_for_a_file(
    live_server: Any, settings: Any, tmp_path: Path, crowd: list[str]
) -> None:
    web = live_server.url.removeprefix("http://")
    with edge(web, tmp_path / "nginx", settings.VIDEO_ROOT) as (address, asked):
        assert all_watch(address, crowd) == {200: VIEWERS * len(FILES)}
        assert {path.split("/")[1] for path in asked} == {"hls-right"}
        assert max(Counter(asked).values()) == 1
        assert len(asked) == VIEWERS
        # And once more, with everything in its memory: nothing at all comes through.
        asked.clear()
        assert all_watch(address, crowd[:50]) == {200: 50 * len(FILES)}
        assert asked == []


def test_without_nginx_s_memory_the_same_crowd_asks_python_for_each_file(
    live_server: Any, settings: Any, tmp_path: Path, crowd: list[str]
) -> None:
    """The negative control: the same files, the same right, and nothing remembered at the edge."""
    web = live_server.url.removeprefix("http://")
    forgetful = {"proxy_cache rights;": "proxy_cache off;"}
    with edge(web, tmp_path / "nginx", settings.VIDEO_ROOT, forgetful) as (address, asked):
        assert all_watch(address, crowd[:40], FILES[:4]) == {200: 160}
        assert len(asked) == 160
        assert max(Counter(asked).values()) == 4
