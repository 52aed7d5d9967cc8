"""Steps: what a creator sees of her film's way; and the outer boxes of files."""

from pathlib import Path

import pytest

from accounts.models import User
from tests.videos.films import make_film, upload_of
from videos import boxes, steps
from videos.models import Upload, Video

RUNGS = [
    {"name": "v240", "kind": "video", "height": 240, "width": 426, "bitrate": 350_000},
    {"name": "a128", "kind": "audio", "bitrate": 128_000},
]


def seen(video: Video) -> list[tuple[str, str]]:
    return [(step.code, step.state) for step in steps.of(Video.objects.get(pk=video.pk))]


def claimed(ada: User) -> Video:
    video = Video.claim(upload_of(ada, b"x").video_id)
    assert video
    return video


def test_a_film_on_its_way_is_uploading(ada: User) -> None:
    video = Upload.objects.begin(owner=ada, name="film.mp4", size=10, content_type="").video
    assert seen(video) == [("upload", "active"), ("check", "waiting"), ("ready", "waiting")]


def test_rungs_appear_once_they_are_known_and_go_on_one_by_one(ada: User) -> None:
    video = claimed(ada)
    assert seen(video) == [("upload", "done"), ("check", "active"), ("ready", "waiting")]
    video.begin_transcoding({"duration_ms": 1000}, RUNGS)
    assert seen(video)[1:4] == [("check", "done"), ("v240", "waiting"), ("a128", "waiting")]
    video.note_progress(50, {"v240": 40, "a128": 100})
    assert seen(video)[2:4] == [("v240", "active"), ("a128", "done")]
    assert Video.objects.get(pk=video.pk).percent == 50


def test_a_failure_stands_at_the_step_where_it_happened(ada: User) -> None:
    early, late = claimed(ada), claimed(ada)
    early.fail("not_a_film")
    assert seen(early) == [("upload", "done"), ("check", "failed"), ("ready", "waiting")]
    late.begin_transcoding({"duration_ms": 1000}, RUNGS)
    late.fail("encoder_failed")
    assert seen(late) == [
        *(("upload", "done"), ("check", "done")),
        *(("v240", "failed"), ("a128", "failed"), ("ready", "waiting")),
    ]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.webm"])
def test_a_whole_file_misses_nothing_and_a_cut_one_says_how_much(tmp_path: Path, name: str) -> None:
    codecs = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus") if name.endswith("webm") else ()
    film = make_film(tmp_path / name, seconds=0.5, extra=codecs)
    assert boxes.missing_bytes(film) == 0
    content = film.read_bytes()
    film.write_bytes(content[:-100])
    assert boxes.missing_bytes(film) == 100
    film.write_bytes(content + b"appended by somebody")
    assert boxes.missing_bytes(film) == 0


@pytest.mark.parametrize(
    "content", [b"", b"ftyp", b"\x1aE\xdf\xa3", b"\x1aE\xdf\xa3\x00", b"\0\0\0\x00ftyp", b"\0" * 50]
)
def test_stumps_of_files_are_read_without_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.bin").write_bytes(content)
    assert boxes.missing_bytes(tmp_path / "in.bin") == 0
