"""Films through a real nginx with the rules of deploy/nginx.conf, from purchase to refund. Without one: skipped."""

import json
import re
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.core.signals import request_started

from courses.models import Lesson
from marketplace.local import nginx
from payments import refunds
from tests.courses.factories import make_course
from tests.payments import shop
from tests.videos.films import put_files, text_file
from videos import captions, playback
from videos.models import Video

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(nginx.find_nginx() is None, reason="NO NGINX: apt-get install nginx-light, or KEZHAN_NGINX"),
]

SEGMENT = "v240/s00000.m4s"
FILES = ("master.m3u8", "v240/index.m3u8", "v240/init.mp4", SEGMENT, "a128/s00000.m4s", "poster.jpg")


@dataclass
class Edge:
    """nginx before the live server, and what came through to Django."""

    address: str
    folder: Path
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.address + path, timeout=10, **options)

    def raw(self, path: str) -> int:
        """The status of a path that is sent as it is written, dots and all."""
        host, port = self.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return int(line.makefile("rb").readline().split()[1])


@pytest.fixture
def edge(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Edge]:
    settings.VIDEO_ROOT = tmp_path / "video"
    web = live_server.url.removeprefix("http://")
    with nginx.running(tmp_path / "nginx", web, tmp_path / "video") as address:
        edge = Edge(address, tmp_path / "nginx")

        def note(environ: dict[str, Any], **_rest: Any) -> None:
            edge.asked.append(environ["PATH_INFO"])

        request_started.connect(note)
        yield edge
        request_started.disconnect(note)


@pytest.fixture
def lesson(edge: Edge) -> Lesson:
    lesson = make_course(title="Kilns", lessons=2).live_lessons().get(is_preview=False)
    folder = put_files(lesson.video)
    (folder / "storyboard").mkdir()
    (folder / "storyboard/index.vtt").write_text("WEBVTT\n")
    captions.put(lesson.video, language="en", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nHello\n"))
    return lesson


@pytest.fixture
def film(lesson: Lesson) -> Video:
    return lesson.video


def of_owner(film: Video, file: str = SEGMENT) -> str:
    return playback.file_url(film, str(film.owner_id), file)


def test_who_bought_it_gets_every_file_with_its_type_and_keeping(edge, lesson, film, lin) -> None:
    address = playback.file_url(film, str(lin.pk), SEGMENT)
    assert edge.get(address).status_code == 403
    shop.buy(lin, [lesson.version.course])
    kinds = {}
    for file in (*FILES, "storyboard/index.vtt", "captions/en.vtt"):
        answer = edge.get(playback.file_url(film, str(lin.pk), file))
        assert answer.status_code == 200, file
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        kinds[file] = (answer.headers["Content-Type"].split(";")[0], answer.headers["Cache-Control"])
    long, short = "private, max-age=21600, immutable", "private, max-age=10"
    assert kinds == {
        "master.m3u8": ("application/vnd.apple.mpegurl", short),
        "v240/index.m3u8": ("application/vnd.apple.mpegurl", short),
        "v240/init.mp4": ("video/mp4", long),
        SEGMENT: ("video/iso.segment", long),
        "a128/s00000.m4s": ("video/iso.segment", long),
        "poster.jpg": ("image/jpeg", long),
        "storyboard/index.vtt": ("text/vtt", long),
        "captions/en.vtt": ("text/vtt", short),
    }
    assert edge.get(of_owner(film)).content == edge.get(address).content == b"v240/s00000.m4s" * 40


def _other_viewer(path: str, film: Video) -> str:
    return path.replace(f"/{film.owner_id}/", "/999999/")


def _other_asset(path: str, film: Video) -> str:
    return path.replace(str(film.asset), str(uuid.uuid4()))


def _no_token(path: str, film: Video) -> str:
    return "/hls/" + path.split("/", 3)[3]


def _wrong_token(path: str, film: Video) -> str:
    return path.replace(path.split("/")[2], "0" * 40)


def _expired(path: str, film: Video) -> str:
    past = int(time.time()) // 60 * 60 - 60
    token = playback._token(past, str(film.owner_id), film.asset)
    return f"/hls/{token}/{past}/{film.owner_id}/{film.asset}/{SEGMENT}"


@pytest.mark.parametrize("bend", [_other_viewer, _other_asset, _no_token, _wrong_token, _expired])
def test_a_bent_address_is_forbidden_also_when_the_file_was_just_sent(
    edge: Edge, film: Video, bend: Callable[[str, Video], str]
) -> None:
    path = of_owner(film)
    assert edge.get(path).status_code == 200
    refused = edge.get(bend(path, film))
    assert refused.status_code == 403
    assert "immutable" not in refused.headers.get("Cache-Control", "")


def test_nothing_else_on_the_disk_has_an_address(edge, film, settings) -> None:
    secret = settings.VIDEO_ROOT / "originals" / str(film.pk) / "in.bin"
    secret.parent.mkdir(parents=True)
    secret.write_bytes(b"secret")
    (settings.VIDEO_ROOT / "films" / str(film.asset) / "master.m3u8").write_text("of an attempt that was not adopted")
    base = of_owner(film, "master.m3u8").removesuffix("/master.m3u8")
    up = "../" * 12
    found = {
        path: edge.raw(path)
        for path in (
            *(
                f"{base}/{file}"
                for file in ("in.bin", "v240", "v240/", "v999/index.m3u8", "s00000.m4s", "poster-9.jpg")
            ),
            f"{base}/../../../originals/{film.pk}/in.bin",
            f"{base}/v240/{up}originals/{film.pk}/in.bin",
            f"{base}/%2e%2e/%2e%2e/originals/{film.pk}/in.bin",
            f"{base}/v240%2f..%2f..%2f..%2f..%2foriginals%2f{film.pk}%2fin.bin",
            f"{base}/{up}etc/passwd",
            f"{base}/master.m3u8%00.jpg",
            f"{base.replace('/hls/', '/hls-right/')}/",
            "/hls-right/",
            "/right-of-a-viewer",
            f"/internal-video/films/{film.asset}/{film.output}/master.m3u8",
            f"/films/{film.asset}/{film.output}/master.m3u8",
            f"/originals/{film.pk}/in.bin",
            f"/video/originals/{film.pk}/in.bin",
            "/metrics",
            "/readyz",
        )
    }
    assert {path: status for path, status in found.items() if status not in (400, 403, 404)} == {}


def test_three_viewers_share_the_files_and_each_asks_for_the_right_once(edge, lesson, film, lin, cole) -> None:
    people = [film.owner_id, lin.pk, cole.pk]
    for person in (lin, cole):
        shop.buy(person, [lesson.version.course])
    edge.asked.clear()
    tags = set()
    for _ in range(3):
        for viewer in people:
            for file in ("v240/init.mp4", SEGMENT, "a128/init.mp4", "a128/s00000.m4s"):
                tags.add((file, edge.get(playback.file_url(film, str(viewer), file)).headers["ETag"]))
    # 36 files were sent: four different ones, and no more questions than people (a second may turn in between).
    assert len(tags) == 4
    assert all(path.startswith("/hls-right/") for path in edge.asked)
    assert len(people) <= len(edge.asked) <= 2 * len(people)
    said = [json.loads(line) for line in (edge.folder / "access.log").read_text().splitlines()]
    assert {line["path"] for line in said} == {"/hls/"}, "the path is a right and is not written down"


def _first_refusal(edge: Edge, address: str, most_s: float) -> float:
    """Seconds until the address is forbidden, asked ten times a second as a player would at its worst."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < most_s:
        if edge.get(address).status_code == 403:
            return passed
        time.sleep(0.1)
    raise AssertionError(f"still served after {most_s} s")


def test_a_refund_stops_the_film_within_the_time_that_a_right_is_remembered(
    edge, lesson, film, lin, fay, settings
) -> None:
    settings.KEZHAN_RIGHT_REMEMBERED_S = 3
    order, address = shop.buy(lin, [lesson.version.course]), playback.file_url(film, str(lin.pk), SEGMENT)
    refunds.refund(order, by=fay, reason="She asked")
    assert edge.get(address).status_code == 200
    shop.send_refunds()
    cache.clear()  # and so only nginx remembers: what it was told, and not a second more
    assert edge.get(address).status_code == 200, "remembered, or this test proves nothing"
    assert 0 < _first_refusal(edge, address, 6) <= 3
    assert edge.get(of_owner(film)).status_code == 200


def test_the_two_memories_do_not_add_up(edge, lesson, film, lin, fay, settings) -> None:
    settings.KEZHAN_RIGHT_REMEMBERED_S = 4
    order, address = shop.buy(lin, [lesson.version.course]), playback.file_url(film, str(lin.pk), SEGMENT)
    refunds.refund(order, by=fay, reason="She asked")
    began = time.monotonic()
    playback.admit(*_parts(address))  # Django knows it from here on; nginx has not asked yet
    shop.send_refunds()
    time.sleep(max(0.0, 1.2 - (time.monotonic() - began)))
    assert edge.get(address).status_code == 200
    _first_refusal(edge, address, 6)
    assert time.monotonic() - began <= 4.5


def _parts(address: str) -> tuple[str, int, str, uuid.UUID]:
    _, _, token, expires, viewer, asset, *_file = address.split("/")
    return token, int(expires), viewer, uuid.UUID(asset)


def test_who_has_just_paid_does_not_wait(edge, lesson, film, lin) -> None:
    address = playback.file_url(film, str(lin.pk), SEGMENT)
    assert [edge.get(address).status_code for _ in range(3)] == [403] * 3
    shop.buy(lin, [lesson.version.course])
    assert edge.get(address).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=5-", 5, 599), ("bytes=-10", 590, 599), ("bytes=590-9999", 590, 599)],
)
def test_a_range_is_answered_with_its_bytes(edge: Edge, film: Video, asked: str, first: int, last: int) -> None:
    whole = edge.get(of_owner(film)).content
    answer = edge.get(of_owner(film), headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, f"bytes {first}-{last}/600")
    assert answer.content == whole[first : last + 1]
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_range_beyond_the_end_is_refused_and_needs_the_right_too(edge: Edge, film: Video) -> None:
    beyond = {"Range": "bytes=600-"}
    assert edge.get(of_owner(film), headers=beyond).status_code == 416
    assert edge.get(_wrong_token(of_owner(film), film), headers=beyond).status_code == 403


def test_a_file_that_is_kept_is_not_sent_again_but_its_right_is_asked_for(edge: Edge, film: Video) -> None:
    known = {"If-None-Match": edge.get(of_owner(film)).headers["ETag"]}
    assert edge.get(of_owner(film), headers=known).status_code == 304
    assert edge.get(_wrong_token(of_owner(film), film), headers=known).status_code == 403


def test_while_django_is_away_nobody_gets_in(edge: Edge, film: Video, tmp_path: Path) -> None:
    assert edge.get(of_owner(film)).status_code == 200
    with nginx.running(tmp_path / "alone", "127.0.0.1:1", tmp_path / "video") as address:
        assert requests.get(address + of_owner(film), timeout=10).status_code >= 500


def test_the_names_in_the_configuration_are_those_that_django_knows(film: Video) -> None:
    written = re.search(r"\(\?<file>(.+)\)\$\" \{", nginx.CONFIGURATION.read_text())
    assert written is not None
    pattern = re.compile(written[1])
    folder = playback.FILE
    for file in (*FILES, "storyboard/001.jpg", "storyboard/index.vtt", "audio.m3u8", "v1080/s123456.m4s"):
        assert pattern.fullmatch(file), file
        assert folder.fullmatch(file), file
    for file in ("in.bin", "../master.m3u8", "v1/index.m3u8", "captions/en.vtt", "x/master.m3u8", "poster-5.jpg"):
        assert not pattern.fullmatch(file), file
        assert not folder.fullmatch(file), file
