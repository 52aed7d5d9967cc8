"""Playback: who gets which file, and how it is sent."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.videos.films import put_files, ready_video, text_file
from videos import captions, playback
from videos.models import Video
from videos.playback import VideoNotReady, WatchRight


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> set[tuple[uuid.UUID, str]]:
    """(asset, viewer) pairs that may watch; the only answer that is registered."""
    pairs: set[tuple[uuid.UUID, str]] = set()
    right = WatchRight()
    right.register(lambda asset, viewer: (asset, viewer) in pairs)
    monkeypatch.setattr(playback, "watch_right", right)
    return pairs


@pytest.fixture
def video(ada: User) -> Video:
    video = ready_video(ada)
    put_files(video)
    return video


def fetch(video: Video, viewer: str, file: str = "master.m3u8", **headers: str) -> HttpResponse:
    return Client().get(playback.file_url(video, viewer, file), headers=headers)


FILES = ["master.m3u8", "v240/index.m3u8", "v240/init.mp4", "v240/s00000.m4s", "a128/index.m3u8", "poster.jpg"]


@pytest.mark.parametrize("file", [*FILES, "captions/en.vtt"])
def test_every_file_needs_the_right_to_watch(video: Video, lin: User, allowed: set, file: str) -> None:
    captions_of(video)
    assert fetch(video, str(lin.pk), file).status_code == 403
    allowed.add((video.asset, str(lin.pk)))
    assert fetch(video, str(lin.pk), file).status_code == 200
    assert fetch(video, "anon", file).status_code == 403


def captions_of(video: Video) -> None:
    captions.put(video, language="en", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nHello\n"))


def test_the_owner_watches_what_is_hers(video: Video, ada: User, allowed: set) -> None:
    assert fetch(video, str(ada.pk)).status_code == 200


def _other_viewer(path: str, video: Video) -> str:
    return path.replace(f"/{video.owner_id}/", "/999999/")


def _other_asset(path: str, video: Video) -> str:
    return path.replace(str(video.asset), str(uuid.uuid4()))


def _no_token(path: str, video: Video) -> str:
    return "/hls/" + path.split("/", 3)[3]


def _bad_token(path: str, video: Video) -> str:
    return path.replace(path.split("/")[2], "0" * 40)


def _later(path: str, video: Video) -> str:
    expires = path.split("/")[3]
    return path.replace(f"/{expires}/", f"/{int(expires) + 60}/")


@pytest.mark.parametrize("bend", [_other_viewer, _other_asset, _no_token, _bad_token, _later])
def test_a_bent_address_is_forbidden(video: Video, allowed: set, bend: Callable[[str, Video], str]) -> None:
    path = playback.play_url(video, str(video.owner_id))
    assert Client().get(path).status_code == 200
    assert Client().get(bend(path, video)).status_code == 403


def test_an_address_expires_two_hours_after_the_film_s_length(video: Video, allowed: set) -> None:
    path = playback.play_url(video, str(video.owner_id))
    with time_machine.travel(time.time() + 3600, tick=False):
        assert Client().get(path).status_code == 200
    with time_machine.travel(time.time() + 7300, tick=False):
        assert Client().get(path).status_code == 403
    Video.objects.filter(pk=video.pk).update(duration_ms=11 * 3600 * 1000)
    video.refresh_from_db()
    assert int(playback.play_url(video, "anon").split("/")[3]) <= time.time() + 6 * 3600


def test_a_right_that_ends_stops_the_film_within_ten_seconds(video: Video, lin: User, allowed: set) -> None:
    pair = (video.asset, str(lin.pk))
    allowed.add(pair)
    assert fetch(video, pair[1]).status_code == 200
    allowed.remove(pair)
    ttl = cache._cache.get_client(None).pttl(cache.make_key(playback._key(pair[1], pair[0])))
    assert 0 < ttl <= 10_000
    cache.clear()
    assert fetch(video, pair[1]).status_code == 403


def test_a_new_right_holds_at_once(video: Video, lin: User, allowed: set) -> None:
    assert fetch(video, str(lin.pk)).status_code == 403
    allowed.add((video.asset, str(lin.pk)))
    assert fetch(video, str(lin.pk)).status_code == 200


def test_without_redis_the_right_is_asked_directly(
    video: Video, lin: User, allowed: set, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    monkeypatch.setattr(playback, "_redis_rests_until", 0.0)
    assert fetch(video, str(lin.pk)).status_code == 403
    allowed.add((video.asset, str(lin.pk)))
    assert fetch(video, str(lin.pk)).status_code == 200


@pytest.mark.parametrize(
    "file",
    [
        "../../../originals/x/in.bin",
        "v240/../../../../etc/passwd",
        "%2e%2e/%2e%2e/master.m3u8",
        "v240/",
        "v240",
        "in.bin",
        "master.m3u8%00.jpg",
        "v240/s00000.m4s/..",
        "captions/../../x.vtt",
        "v999/index.m3u8",
        "captions/zz.vtt",
    ],
)
def test_nothing_but_the_film_s_own_files_is_found(video: Video, allowed: set, file: str) -> None:
    base = playback.play_url(video, str(video.owner_id)).rpartition("/")[0]
    assert Client().get(f"{base}/{file}").status_code in (403, 404)


def test_a_film_that_is_not_ready_has_no_address_and_opens_for_no_token(video: Video, allowed: set) -> None:
    path = playback.play_url(video, str(video.owner_id))
    Video.objects.filter(pk=video.pk).update(state="transcoding", percent=3)
    assert Client().get(path).status_code == 403
    video.refresh_from_db()
    with pytest.raises(VideoNotReady):
        playback.play_url(video, "anon")


def test_files_have_their_types_and_stay_private(video: Video, allowed: set) -> None:
    captions_of(video)
    types = {file: fetch(video, str(video.owner_id), file)["Content-Type"] for file in [*FILES, "captions/en.vtt"]}
    assert types == {
        "master.m3u8": "application/vnd.apple.mpegurl",
        "v240/index.m3u8": "application/vnd.apple.mpegurl",
        "v240/init.mp4": "video/mp4",
        "v240/s00000.m4s": "video/iso.segment",
        "a128/index.m3u8": "application/vnd.apple.mpegurl",
        "poster.jpg": "image/jpeg",
        "captions/en.vtt": "text/vtt; charset=utf-8",
    }
    segment = fetch(video, str(video.owner_id), "v240/s00000.m4s")
    assert segment["Cache-Control"] == "private, max-age=21600, immutable"
    assert "no-store" in fetch(video, "anon")["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=5-", 5, 599), ("bytes=-10", 590, 599), ("bytes=590-9999", 590, 599)],
)
def test_a_range_is_answered_with_its_bytes(video: Video, allowed: set, asked: str, first: int, last: int) -> None:
    whole = b"".join(fetch(video, str(video.owner_id), "v240/s00000.m4s").streaming_content)
    assert len(whole) == 600
    answer = fetch(video, str(video.owner_id), "v240/s00000.m4s", Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/600")
    content = b"".join(answer.streaming_content)
    assert content == whole[first : last + 1]
    assert answer["Content-Length"] == str(len(content))


def test_a_range_beyond_the_end_is_refused_and_nonsense_is_ignored(video: Video, allowed: set) -> None:
    def status(asked: str) -> int:
        return fetch(video, str(video.owner_id), "v240/s00000.m4s", Range=asked).status_code

    assert [status("bytes=600-"), status("bytes=-0"), status("bytes=9-3")] == [416, 416, 416]
    assert [status("bytes=a-b"), status("bytes=0-1,5-6"), status("pages=1-2")] == [200, 200, 200]


def test_what_is_no_address_of_a_right_is_no_page(video: Video) -> None:
    for path in ("/hls-right/", "/hls-right/x/1/anon/y/", "/hls-right/../studio/"):
        answer = Client().get(path)
        assert answer.status_code == 404
        assert "X-Film-Output" not in answer


def test_nginx_is_told_the_right_where_the_file_lies_and_for_how_long(video: Video, lin: User, allowed: set) -> None:
    def ask(viewer: str) -> HttpResponse:
        return Client().get(playback.play_url(video, viewer).replace("/hls/", "/hls-right/").replace("master.m3u8", ""))

    allowed.add((video.asset, str(lin.pk)))
    with time_machine.travel(1_800_000_000, tick=False) as moment:
        first = ask(str(lin.pk))
        assert (first.status_code, first.content, first["X-Film-Output"]) == (204, b"", video.output)
        # One second less than is left: nginx serves until the last second is over.
        assert first["X-Accel-Expires"] == "9"
        moment.shift(timedelta(seconds=4))
        assert ask(str(lin.pk))["X-Accel-Expires"] == "5"
        moment.shift(timedelta(seconds=2))
        assert ask(str(lin.pk))["X-Accel-Expires"] == "9", "asked anew, before what is left is too little to be kept"
        # Answered before anything else is asked: no frame, no policy, no language.
        assert not {"X-Frame-Options", "Content-Security-Policy", "Content-Language"} & set(first.headers)
    refused = ask("anon")
    assert refused.status_code == 403
    assert "X-Accel-Expires" not in refused


def test_nginx_asks_for_a_remembered_right_without_a_query(
    video: Video, allowed: set, django_assert_num_queries: Callable
) -> None:
    path = playback.play_url(video, str(video.owner_id)).replace("/hls/", "/hls-right/").replace("master.m3u8", "")
    assert Client().get(path).status_code == 204
    with django_assert_num_queries(0):
        assert Client().get(path).status_code == 204


def test_a_film_that_many_watch_is_read_once_for_them_and_their_rights_end_as_if_each_had_read_it(
    video: Video, lin: User, allowed: set, django_assert_num_queries: Callable
) -> None:
    def ask(viewer: str) -> HttpResponse:
        allowed.add((video.asset, viewer))
        return Client().get(playback.play_url(video, viewer).replace("/hls/", "/hls-right/").replace("master.m3u8", ""))

    with time_machine.travel(1_800_000_000, tick=False) as moment:
        assert ask(str(lin.pk))["X-Accel-Expires"] == "9"
        moment.shift(timedelta(seconds=2))
        with django_assert_num_queries(0):
            assert ask("77")["X-Accel-Expires"] == "7"
        Video.objects.filter(pk=video.pk).update(output="made-anew")
        assert ask("78")["X-Film-Output"] == video.output
        moment.shift(timedelta(seconds=1))
        assert (ask("79")["X-Film-Output"], ask("79")["X-Accel-Expires"]) == ("made-anew", "9")
        # Another host's clock is a minute fast: it read the film in the future, and lengthens nobody's right here.
        moment.shift(timedelta(minutes=1))
        assert ask("80")["X-Accel-Expires"] == "9"
        moment.shift(timedelta(minutes=-1))
        assert ask("81")["X-Accel-Expires"] == "9"


def test_an_address_made_twice_within_a_minute_is_the_same(video: Video) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as moment:
        first = playback.play_url(video, "anon")
        moment.shift(timedelta(seconds=30))
        assert playback.play_url(video, "anon") == first


def test_a_segment_asked_for_again_costs_no_query(
    video: Video, allowed: set, django_assert_num_queries: Callable
) -> None:
    path = playback.file_url(video, str(video.owner_id), "v240/s00000.m4s")
    client = Client()
    client.get(path)
    with django_assert_num_queries(0):
        assert client.get(path).status_code == 200
