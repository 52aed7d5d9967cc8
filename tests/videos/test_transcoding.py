"""Transcoding: from an original to a film that plays, or to a reason."""

import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import make_film, transcoded, upload_of
from videos import events, fence, playback, shelves, transcoding
from videos.models import Video


def folder_of(video: Video) -> Path:
    return shelves.film_folder(video.asset, video.output)


def test_a_film_becomes_ready_with_its_rungs_and_tells_its_owner_once(ada: User, film: Path) -> None:
    video = transcoded(ada, film)
    assert (video.state, video.percent, video.failure_code) == ("ready", 100, "")
    assert abs(video.duration_ms - 3000) < 150
    assert (video.width, video.height, video.has_audio, video.has_poster) == (426, 240, True, True)
    rungs = list(video.renditions.values_list("name", "state", "percent"))
    assert rungs == [("v240", "ready", 100), ("a128", "ready", 100), ("a64", "ready", 100)]
    assert Mail.objects.get().subject == "“film.mp4” is ready"
    work.run(Video, video.pk, transcoding.transcode)
    assert Mail.objects.count() == 1


def test_the_master_offers_pictures_with_sound_beside_them_and_sound_alone(ada: User, film: Path) -> None:
    folder = folder_of(transcoded(ada, film))
    master = (folder / "master.m3u8").read_text()
    assert 'CODECS="avc1.64' in master
    assert "RESOLUTION=426x240" in master
    assert 'AUDIO="a128"' in master
    assert "a64/index.m3u8" in (folder / "audio.m3u8").read_text()
    assert (folder / "poster.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"v240/init.mp4", "v240/s00000.m4s", "a128/index.m3u8"} <= names


def test_keyframes_stand_every_two_seconds_at_the_same_times_in_every_rung(ada: User, tmp_path: Path) -> None:
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=5, size=(640, 360), fps="24000/1001"))
    lists = {(folder_of(video) / rung / "index.m3u8").read_text() for rung in ("v240", "v360")}
    assert len(lists) == 1
    assert "#EXTINF:4.0" in lists.pop()


def test_picture_and_sound_begin_together_at_zero(ada: User, film: Path) -> None:
    folder = folder_of(transcoded(ada, film))
    assert [first_moment(folder / rung) for rung in ("v240", "a128")] == [0, 0]


def first_moment(rung: Path) -> int:
    """When the first frame is shown, in the rung's own time scale: decode time plus composition offset, as in MSE."""
    assert b"elst" not in (rung / "init.mp4").read_bytes()
    segment = (rung / "s00000.m4s").read_bytes()
    at = segment.index(b"tfdt") + 4
    base = int.from_bytes(segment[at + 4 : at + (12 if segment[at] else 8)], "big")
    at = segment.index(b"trun") + 4
    flags = int.from_bytes(segment[at + 1 : at + 4], "big")
    first = at + 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    last_field = first + 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400))
    return base + (int.from_bytes(segment[last_field : last_field + 4], "big", signed=True) if flags & 0x800 else 0)


def test_a_silent_film_has_no_sound_rungs(ada: User, silent_film: Path) -> None:
    video = transcoded(ada, silent_film)
    assert video.is_ready
    assert [rung.kind for rung in video.renditions.all()] == ["video"]
    assert "AUDIO=" not in (folder_of(video) / "master.m3u8").read_text()


def test_sound_alone_is_a_film_without_a_poster(ada: User, tmp_path: Path) -> None:
    video = transcoded(ada, make_film(tmp_path / "talk.m4a", seconds=2, picture=False))
    assert video.is_ready
    assert not video.has_poster
    assert not video.has_video
    assert [rung.name for rung in video.renditions.all()] == ["a128", "a64"]


def test_a_film_turned_by_its_camera_is_shown_upright(ada: User, film: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    command = [fence.ffmpeg(), "-y", "-loglevel", "error", "-display_rotation", "90", "-i", str(film), "-c", "copy"]
    subprocess.run([*command, str(turned)], check=True)
    video = transcoded(ada, turned)
    assert (video.width, video.height) == (240, 426)
    assert video.renditions.first().height > video.renditions.first().width


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_truncated_film_fails_as_truncated(ada: User, tmp_path: Path, name: str, share: float) -> None:
    whole = make_film(tmp_path / name, seconds=2, extra=("-movflags", "+faststart") if name.endswith("4") else ())
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * share)])
    video = transcoded(ada, whole)
    assert (video.state, video.failure_code) == ("failed", "truncated")
    assert "cut off" in Mail.objects.get().text


def test_a_truncated_film_without_its_index_fails_as_truncated(ada: User, film: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert transcoded(ada, cut).failure_code == "truncated"


def test_text_named_as_a_film_fails_as_not_a_film(ada: User, tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("This is no film at all. " * 400)
    video = transcoded(ada, text)
    assert (video.state, video.failure_code, video.can_retry) == ("failed", "not_a_film", False)


def test_random_bytes_with_a_film_s_head_fail_with_a_reason(ada: User, tmp_path: Path) -> None:
    noise = tmp_path / "film.mp4"
    noise.write_bytes(b"\0\0\0\x18ftypisom" + bytes(range(256)) * 100)
    assert transcoded(ada, noise).failure_code in ("not_a_film", "truncated")


def test_what_a_killed_attempt_left_is_never_shown(ada: User, film: Path) -> None:
    video = upload_of(ada, film.read_bytes()).video
    half = shelves.film_folder(video.asset, "1-dead")
    (half / "v240").mkdir(parents=True)
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready
    assert video.output != "1-dead"
    assert not half.exists()
    assert not list((shelves.root() / "jobs").iterdir())


def test_a_worker_that_was_replaced_stops_and_changes_nothing(ada: User, film: Path) -> None:
    video = upload_of(ada, film.read_bytes()).video
    late = Video.claim(video.pk)
    Video.objects.filter(pk=video.pk).update(attempts=2)
    with pytest.raises(work.LeaseLost):
        transcoding.transcode(late)
    video.refresh_from_db()
    assert video.state == "uploaded"
    assert not video.output


def test_listeners_hear_of_a_settled_film_after_the_commit(
    ada: User, film: Path, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[str] = []
    events.on_settled(listener := lambda video: heard.append(video.state))
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            transcoded(ada, film)
    finally:
        events._listeners.remove(listener)
    assert heard == ["ready"]


def test_out_of_attempts_the_film_fails_and_its_owner_may_try_again(ada: User, film: Path) -> None:
    video = upload_of(ada, film.read_bytes()).video
    Video.objects.filter(pk=video.pk).update(attempts=3, state="transcoding")
    assert Video.claim(video.pk) is None
    video.refresh_from_db()
    assert (video.state, video.failure_code, video.can_retry) == ("failed", "encoder_failed", True)
    video.retry()
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready
    assert sorted(mail.subject for mail in Mail.objects.all()) == [
        "“film.mp4” could not be converted",
        "“film.mp4” is ready",
    ]


def test_a_full_disk_makes_the_film_wait_without_spending_a_try(ada: User, film: Path, settings: object) -> None:
    video = upload_of(ada, film.read_bytes()).video
    before, shelves.RESERVE_BYTES = shelves.RESERVE_BYTES, 2**62
    try:
        work.run(Video, video.pk, transcoding.transcode)
    finally:
        shelves.RESERVE_BYTES = before
    video.refresh_from_db()
    assert (video.attempts, video.is_settled, video.finished_at, video.dead_at) == (0, False, None, None)
    assert Video.claim(video.pk) is None  # not before five minutes have gone
    Video.objects.filter(pk=video.pk).update(due_at=video.created_at)
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready


def test_a_film_offers_pictures_of_which_its_owner_chooses_one(
    ada: User, cole: User, client: Client, tmp_path: Path
) -> None:
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=17))
    assert (video.has_poster, video.posters_count, video.poster_number) == (True, 4, 1)
    pictures = {(folder_of(video) / f"poster{part}.jpg").read_bytes() for part in ("", "-2", "-3", "-4")}
    assert len(pictures) == 4
    client.force_login(ada)
    address = reverse("videos:choose_poster", args=[video.pk])
    assert client.post(address, {"number": "3"}).status_code == 302
    assert playback.poster_url(Video.objects.get(pk=video.pk), "1").endswith("/poster-3.jpg")
    assert client.post(address, {"number": "5"}).status_code == 409
    assert client.post(address, {"number": "x"}).status_code == 409
    client.force_login(cole)
    assert client.post(address, {"number": "2"}).status_code == 404
    api = APIClient()
    api.force_authenticate(ada)
    told = api.put(reverse("api-video-poster", args=[video.pk]), {"number": 2}).json()
    assert (told["poster_number"], len(told["posters"])) == (2, 4)


@pytest.mark.parametrize(("offered", "shown"), [(4, 3), (2, 1)])
def test_converted_anew_a_film_keeps_its_chosen_poster_where_there_is_one(ada: User, offered: int, shown: int) -> None:
    video = upload_of(ada, b"x" * 600).video
    Video.objects.filter(pk=video.pk).update(posters_count=4, poster_number=3)
    held = Video.claim(video.pk)
    assert held
    held.adopt(output="1-x", duration_ms=9000, bytes_by_rung={}, has_poster=True, posters_count=offered)
    video.refresh_from_db()
    assert (video.is_ready, video.poster_number) == (True, shown)
