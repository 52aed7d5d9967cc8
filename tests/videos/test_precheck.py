"""The machine's look at a film: planted faults are found at their second, a clean film passes, loudness is even."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests.videos.films import transcoded
from videos import fence, shelves
from videos.models import Video
from videos.precheck import loudness, marks, measuring
from videos.precheck.loudness import Crackle, Loudness


def film_of(path: Path, pictures: list[str], sounds: list[str]) -> Path:
    """A film of such parts one after the other (lavfi sources)."""
    joined = []
    for kind, parts in (("v", pictures), ("a", sounds)):
        named = ";".join(f"{part}[{kind}{n}]" for n, part in enumerate(parts))
        names = "".join(f"[{kind}{n}]" for n in range(len(parts)))
        joined.append(f"{named};{names}concat=n={len(parts)}:v={int(kind == 'v')}:a={int(kind == 'a')}[{kind}]")
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", "-filter_complex", ";".join(joined)]
    command += ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-c:a", "aac", "-shortest", str(path)], check=True, timeout=60)
    return path


def card(seconds: int) -> str:
    return f"testsrc2=s=160x90:r=10:d={seconds}"


def tone(seconds: int, db: float) -> str:
    return f"sine=330:d={seconds}:r=48000,volume={db}dB"


def found_in(video: Video) -> dict[str, tuple[float | None, float | None]]:
    return {one.code: (one.start_s, (one.end_ms or 0) / 1000) for one in video.findings.all()}


@pytest.mark.slow
def test_planted_faults_are_found_at_their_second(ada: User, tmp_path: Path) -> None:
    still = "color=red:s=160x90:r=10:d=34"
    black = "color=black:s=160x90:r=10:d=5"
    silence = "anullsrc=r=48000:cl=mono:d=12"
    video = transcoded(
        ada,
        film_of(tmp_path / "film.mp4", [card(6), black, card(4), still], [tone(20, 26), silence, tone(17, 26)]),
    )
    assert video.is_ready, video.failure_detail
    found = found_in(video)
    assert set(found) == {"small", "clipped", "silence", "black", "still"}
    crackles = video.findings.filter(code="clipped").values_list("start_ms", "end_ms")
    assert [(round(a / 1000), round(b / 1000)) for a, b in crackles] == [(0, 20), (32, 49)]
    for code, start, end in (("silence", 20, 32), ("black", 6, 11), ("still", 15, 49)):
        assert found[code] == (pytest.approx(start, abs=0.5), pytest.approx(end, abs=0.5)), code
    assert "12 seconds of silence" in video.findings.get(code="silence").text


def test_a_clean_film_has_no_finding_but_its_size_and_length(ada: User, tmp_path: Path) -> None:
    video = transcoded(ada, film_of(tmp_path / "film.mp4", [card(4)], [tone(4, 0)]))
    assert set(found_in(video)) == {"small", "short"}


@pytest.mark.parametrize("level", [-12, 0, 14])
def test_every_film_comes_out_as_loud_as_the_next_and_says_how_it_was_sent(
    ada: User, tmp_path: Path, level: int
) -> None:
    video = transcoded(ada, film_of(tmp_path / "film.mp4", [card(5)], [tone(5, level)]))
    assert video.loudness_lufs is not None
    assert video.gain_db == pytest.approx(loudness.TARGET_LUFS - video.loudness_lufs, abs=0.11)
    assert measured(video).lufs == pytest.approx(loudness.TARGET_LUFS, abs=1.0)
    assert measured(video).peak_db <= 0


def measured(video: Video) -> Loudness:
    """What our own good sound measures."""
    folder = shelves.film_folder(video.asset, video.output)
    measuring.whole(folder / "a128", folder / "whole.mp4")
    graph = "[0:a:0]ebur128=metadata=1:peak=true,ametadata=mode=print:file=-[out]"
    command = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-i", "whole.mp4", "-filter_complex", graph]
    said = subprocess.run(
        [*command, "-map", "[out]", "-f", "null", "none"], cwd=folder, capture_output=True, check=True
    )
    found = marks.read(said.stdout.decode().splitlines())
    loud = loudness.of(*(found.last[f"r128.{name}"] for name in ("I", "true_peak", "LRA")))
    assert loud is not None
    return loud


def test_a_film_without_sound_is_told_so_and_has_no_loudness(ada: User, silent_film: Path) -> None:
    video = transcoded(ada, silent_film)
    assert "no_sound" in found_in(video)
    assert (video.loudness_lufs, video.gain_db) == (None, None)


def test_near_silence_is_not_made_loud() -> None:
    assert loudness.of(-70.0, 0.001, 0.0) is None
    assert loudness.filters(None) == ""
    assert loudness.of(-20.0, 0.0, 1.0) is None


@given(st.floats(-54, 5), st.floats(0.0001, 4))
def test_the_gain_leads_to_the_target_or_as_far_as_is_allowed(lufs: float, peak: float) -> None:
    found = loudness.of(lufs, peak, 3.0)
    assert found is not None
    gain = loudness.gain_db(found)
    assert abs(gain) <= loudness.MOST_GAIN_DB
    assert abs(gain) == loudness.MOST_GAIN_DB or abs(found.lufs + gain - loudness.TARGET_LUFS) <= 0.06
    chain = loudness.filters(found)
    assert ("alimiter" in chain) == (abs(gain) >= 0.1 and found.peak_db + gain > loudness.CEILING_DB)


def test_a_sound_that_is_not_cut_off_is_read_once(ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise every film would pay for what few have."""
    graphs: list[str] = []
    begin = fence.encode
    monkeypatch.setattr(
        fence, "encode", lambda job, args, *a, **k: graphs.append(str(args)) or begin(job, args, *a, **k)
    )
    transcoded(ada, film_of(tmp_path / "film.mp4", [card(4)], [tone(4, 0)]))
    assert graphs
    assert not [graph for graph in graphs if "astats" in graph]


def test_crackles_that_follow_each_other_are_one_place() -> None:
    peaks = [(0.0, -3.0), (0.5, 1.0), (1.0, -2.0), (1.5, 2.5), (2.5, 0.0), (3.0, -0.7), (5.5, 0.5), (6.0, 0.6)]
    assert loudness.crackles(peaks, 0.5) == [Crackle(0.5, 3.0, 2.5), Crackle(6.0, 6.5, 0.6)]
    lines = ["frame:0 pts:0 pts_time:0", "lavfi.a=-inf", "frame:1 pts:9 pts_time:0.5", "lavfi.b=3", "lavfi.a=1.5"]
    assert marks.levels(lines, "a") == [(0.5, 1.5)]


def test_what_an_older_worker_heard_is_read() -> None:
    assert measuring.Heard.read({"loudness": None, "silences": [[1, 2]]}) == measuring.Heard(None, [(1, 2)], [])
    heard = measuring.Heard(None, [], [Crackle(1.0, 2.0, 0.7)])
    assert measuring.Heard.read(json.loads(json.dumps(heard.as_json()))) == heard


def test_marks_are_read_as_spans_and_what_nothing_ended_lasts_until_the_end() -> None:
    lines = [
        "frame:1 pts:0",
        "lavfi.black_start=5",
        "lavfi.black_end=9.5",
        "lavfi.black_start=20",
        "lavfi.r128.I=-21.5",
    ]
    found = marks.read([*lines, "lavfi.r128.I=nan", "lavfi.r128.I=-20.5", "noise"])
    assert found.longer_than("black", 2, 30) == [(5, 9.5), (20, 30)]
    assert found.longer_than("black", 6, 30) == [(20, 30)]
    assert found.last["r128.I"] == -20.5


def test_a_storyboard_shows_every_two_seconds_of_the_film_on_sheets(ada: User, tmp_path: Path) -> None:
    video = transcoded(ada, film_of(tmp_path / "film.mp4", [card(9)], [tone(9, 0)]))
    assert video.has_storyboard
    folder = shelves.film_folder(video.asset, video.output) / "storyboard"
    assert [path.name for path in sorted(folder.iterdir())] == ["001.jpg", "index.vtt"]
    index = (folder / "index.vtt").read_text()
    places = re.findall(r"^(\d\d:\d\d:\d\d)\.000 --> .*\n001\.jpg#xywh=(\d+),(\d+),160,90$", index, re.MULTILINE)
    assert places == [
        ("00:00:00", "0", "0"), ("00:00:02", "160", "0"), ("00:00:04", "320", "0"), ("00:00:06", "480", "0"),
        ("00:00:08", "640", "0"),
    ]  # fmt: skip
