"""Films as cameras and programs really send them: bright, tall, uneven, with one ear or six, at a changing pace."""

import subprocess
from pathlib import Path

import pytest

from accounts.models import User
from tests.videos.films import transcoded
from videos import fence, shelves
from videos.models import Video
from videos.precheck import measuring

CARD = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=2")
TONE = ("-f", "lavfi", "-i", "sine=330:d=2")


def film(path: Path, *arguments: str) -> Path:
    command = [fence.ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *arguments]
    subprocess.run([*command, str(path)], check=True, timeout=60)
    return path


def asked(video: Video, rung: str, *arguments: str) -> bytes:
    """What ffmpeg makes of one of our rungs."""
    assert video.is_ready, video.failure_detail
    folder = shelves.film_folder(video.asset, video.output)
    measuring.whole(folder / rung, folder / "whole.mp4")
    command = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-i", "whole.mp4", *arguments, "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60).stdout


def gray_of(video: Video) -> int:
    """The mean light of the first picture, 0 to 255."""
    return asked(video, "v48", "-vf", "scale=1:1,format=gray", "-f", "rawvideo", "-frames:v", "1")[0]


@pytest.mark.parametrize(("transfer", "light"), [("smpte2084", (140, 165)), ("arib-std-b67", (110, 135))])
def test_a_film_for_bright_screens_is_brought_down_to_usual_ones(
    ada: User, tmp_path: Path, transfer: str, light: tuple[int, int]
) -> None:
    gray = ("-f", "lavfi", "-i", "color=gray:s=64x48:r=10:d=1", "-pix_fmt", "yuv420p10le", "-c:v", "libx264")
    tags = ("-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc")
    named = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    path = film(tmp_path / "bright.mp4", *gray, *tags, "-x264-params", named)
    video = transcoded(ada, path)
    assert light[0] <= gray_of(video) <= light[1]
    init = (shelves.film_folder(video.asset, video.output) / "v48" / "init.mp4").read_bytes()
    assert b"avc1" in init
    assert b"\x6e\x00" not in init[init.index(b"avcC") + 5 : init.index(b"avcC") + 8]  # no 10-bit profile


def test_bright_light_without_its_colors_named_is_brought_down_too(ada: User, tmp_path: Path) -> None:
    gray = ("-f", "lavfi", "-i", "color=gray:s=64x48:r=10:d=1", "-pix_fmt", "yuv420p10le", "-c:v", "libx264")
    path = film(tmp_path / "bright.mp4", *gray, "-color_trc", "smpte2084", "-x264-params", "transfer=smpte2084")
    assert gray_of(transcoded(ada, path)) > 135


def test_a_film_for_usual_screens_keeps_its_light(ada: User, tmp_path: Path) -> None:
    path = film(tmp_path / "usual.mp4", "-f", "lavfi", "-i", "color=gray:s=64x48:r=10:d=1", "-pix_fmt", "yuv420p")
    assert abs(gray_of(transcoded(ada, path)) - 127) <= 3


def test_four_to_three_stays_four_to_three(ada: User, tmp_path: Path) -> None:
    video = transcoded(ada, film(tmp_path / "old.mp4", *CARD, *TONE, "-pix_fmt", "yuv420p"))
    assert [(one.width, one.height) for one in video.renditions.filter(kind="video")] == [(320, 240)]


def test_pixels_that_are_not_square_are_made_so(ada: User, tmp_path: Path) -> None:
    wide = ("-vf", "setsar=4/3", "-pix_fmt", "yuv420p")
    video = transcoded(ada, film(tmp_path / "anamorphic.mp4", *CARD, *wide))
    assert [(one.width, one.height) for one in video.renditions.filter(kind="video")] == [(426, 240)]


def test_a_film_of_a_changing_pace_keeps_its_length_and_gets_an_even_one(ada: User, tmp_path: Path) -> None:
    # Every picture of the first second, each fourth of the second one.
    uneven = ("-vf", "select='lt(t,1)+not(mod(n,4))'", "-fps_mode", "vfr", "-pix_fmt", "yuv420p")
    video = transcoded(ada, film(tmp_path / "phone.mkv", *CARD, *TONE, *uneven))
    assert video.duration_ms == pytest.approx(2000, abs=250)


@pytest.mark.parametrize("layout", ["mono", "5.1"])
def test_one_ear_or_six_become_two(ada: User, tmp_path: Path, layout: str) -> None:
    sound = ("-af", f"aformat=channel_layouts={layout}", "-pix_fmt", "yuv420p")
    video = transcoded(ada, film(tmp_path / "ears.mp4", *CARD, *TONE, *sound))
    seconds, channels, bytes_a_sample = 2, 2, 2
    pcm = asked(video, "a128", "-map", "0:a", "-f", "s16le", "-ar", "8000")
    assert len(pcm) == pytest.approx(seconds * 8000 * channels * bytes_a_sample, rel=0.1)
