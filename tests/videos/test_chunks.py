"""Long films, made in chunks by many workers: the same film as in one piece, to the frame."""

import subprocess
from datetime import timedelta
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import folder_of, make_film, upload_of, work_off
from videos import chunking, cutting, fence, fragments, joining, plans, probing, shelves, transcoding, turns
from videos.models import Video, VideoChunk

Kind = VideoChunk.Kind


@pytest.fixture(autouse=True)
def _chunks_of_four_seconds(settings: Any) -> None:
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4


def numbered_film(
    path: Path, *, seconds: float = 15, fps: str = "25", picture: str = "", coding: str = "", sound: str = ""
) -> Path:
    """Every frame has one light of its own, far from that of its neighbours, so that each can be told from them.

    `picture`: filters behind it; `coding`: options of its encoder; `sound`: a source beside it.
    """
    light = f"nullsrc=size=64x48:rate={fps}:duration={seconds},geq=lum='16+mod(N*37,211)':cb=128:cr=128,format=yuv420p"
    command = [fence.ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i"]
    command += [light + (f",{picture}" if picture else "")]
    command += ["-f", "lavfi", "-i", sound] if sound else []
    command += ["-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "veryfast", "-qp", "12", *coding.split()]
    subprocess.run([*command, "-c:a", "aac", str(path)], check=True, timeout=60)
    return path


def put_up(owner: User, film: Path) -> Video:
    return upload_of(owner, film.read_bytes(), film.name).video


def made(video: Video) -> Video:
    work_off()
    video.refresh_from_db()
    assert video.is_ready, (video.state, video.failure_code, video.failure_detail, video.last_error)
    return video


def in_one_piece(owner: User, film: Path, settings: Any) -> Video:
    before, settings.KEZHAN_VIDEO_CHUNK_FROM_S = settings.KEZHAN_VIDEO_CHUNK_FROM_S, 10_000
    try:
        return made(put_up(owner, film))
    finally:
        settings.KEZHAN_VIDEO_CHUNK_FROM_S = before


def planned(owner: User, film: Path) -> Video:
    """A film that waits for its chunks."""
    video = put_up(owner, film)
    turns.work_on_next()
    video.refresh_from_db()
    assert video.state == "transcoding"
    assert video.chunks.exists()
    return video


def shown(rung: Path) -> list[tuple[Fraction, int]]:
    """(when, light) of every frame of a rung, as a player would show them."""
    film = rung.parent / f"{rung.name}.mp4"
    film.write_bytes(b"".join(piece.read_bytes() for piece in (rung / "init.mp4", *sorted(rung.glob("s*.m4s")))))
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        frames = sorted(container.decode(stream), key=lambda frame: frame.pts)
        return [(frame.pts * stream.time_base, light_of(frame)) for frame in frames]


def light_of(frame: av.VideoFrame) -> int:
    """Of the point in its middle."""
    plane = frame.planes[0]
    return bytes(plane)[plane.line_size * (frame.height // 2) + frame.width // 2]


def end_of(rung: Path) -> Fraction:
    """When its last piece ends."""
    last = sorted(rung.glob("s*.m4s"))[-1].read_bytes()
    scale = fragments.timescale((rung / "init.mp4").read_bytes())
    return Fraction(fragments.begins(last), scale)


TONE = "sine=frequency=330:duration="
FILMS = {
    "even": {"fps": "24000/1001", "coding": "-g 37 -bf 3", "sound": f"{TONE}15"},
    "uneven": {"fps": "30", "picture": "select='not(mod(floor(n*n/7),3))'", "coding": "-g 41 -bf 2"},
    "open_groups": {"coding": "-g 60 -bf 3 -x264-params open-gop=1:scenecut=0"},
    "few_key_frames": {"coding": "-g 170 -bf 3 -x264-params scenecut=0"},
    "long_sound": {"seconds": 10, "coding": "-g 30", "sound": f"{TONE}21"},
    "late_picture": {"picture": "setpts=PTS+1.3/TB", "coding": "-g 50", "sound": f"{TONE}16"},
    "ends_at_a_seam": {"seconds": 12, "coding": "-g 25"},
    "one_frame_more": {"seconds": 12.04, "coding": "-g 25"},
}


@pytest.mark.parametrize(
    ("name", "suffix"),
    [*((name, "mp4") for name in FILMS), ("even", "mkv"), ("uneven", "mkv"), ("late_picture", "mkv")],
)
def test_a_film_of_chunks_is_the_film_of_one_piece_to_the_frame(
    ada: User, tmp_path: Path, settings: Any, name: str, suffix: str
) -> None:
    film = numbered_film(tmp_path / f"{name}.{suffix}", **FILMS[name])
    video = planned(ada, film)
    assert video.chunks.filter(kind=Kind.PICTURE).count() >= 2
    chunked, whole = folder_of(made(video)), folder_of(in_one_piece(ada, film, settings))
    ours, theirs = shown(chunked / "v48"), shown(whole / "v48")
    assert [when for when, _ in ours] == [when for when, _ in theirs]
    different = [at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if abs(one[1] - other[1]) > 6]
    assert not different
    assert {b - a for (a, _), (b, _) in zip(ours, ours[1:], strict=False)} == {1 / video_fps(video)}
    assert end_of(chunked / "v48") == end_of(whole / "v48")
    assert_lists_agree(chunked, whole)


def video_fps(video: Video) -> Fraction:
    return plans.read(Video.objects.get(pk=video.pk).plan).pictures[0].fps


def assert_lists_agree(chunked: Path, whole: Path) -> None:
    for rung in (path.name for path in whole.iterdir() if (path / "index.m3u8").is_file()):
        assert (chunked / rung / "index.m3u8").read_text() == (whole / rung / "index.m3u8").read_text()
    assert (chunked / "master.m3u8").read_text().count("#EXT-X-STREAM-INF") == (
        (whole / "master.m3u8").read_text().count("#EXT-X-STREAM-INF")
    )


def make_all_but_late(video: Video, late: int) -> None:
    """Every chunk; the one with number `late` begins a frame after its time, as if its key frame had not been found."""
    begins = cutting.first_frame

    def a_frame_later(seconds: int, fps: Fraction) -> int:
        return begins(seconds, fps) + (seconds == 4 * late)

    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        cutting.first_frame = a_frame_later if chunk.number == late else begins
        try:
            work.carry_out(chunk, chunking.make)
        finally:
            cutting.first_frame = begins
    Video.objects.filter(pk=video.pk).update(lease_until=None)


def test_chunks_that_lack_a_frame_at_a_seam_do_not_fit_and_the_film_is_made_in_one_piece(
    ada: User, tmp_path: Path, settings: Any
) -> None:
    film = numbered_film(tmp_path / "film.mp4", coding="-g 25")
    video = planned(ada, film)
    make_all_but_late(video, 1)
    assert made(video).plan["chunk_s"] == 0
    assert not (shelves.root() / "chunks" / str(video.pk)).exists()
    whole = in_one_piece(ada, film, settings)
    assert shown(folder_of(video) / "v48") == shown(folder_of(whole) / "v48")


def test_a_film_that_lacked_a_frame_at_a_seam_would_be_seen(ada: User, tmp_path: Path, settings: Any) -> None:
    """The control of the comparison above: the same film, joined by somebody who counts no frames."""
    film = numbered_film(tmp_path / "film.mp4", coding="-g 25")
    video = planned(ada, film)
    make_all_but_late(video, 1)
    VideoChunk.objects.filter(kind=Kind.PICTURE, number=1).update(told={"frames": {"v48": 100}})
    assert made(video).plan["chunk_s"] == 4
    whole = in_one_piece(ada, film, settings)
    ours, theirs = shown(folder_of(video) / "v48"), shown(folder_of(whole) / "v48")
    assert len(ours) == len(theirs) - 1
    assert {b - a for (a, _), (b, _) in zip(ours, ours[1:], strict=False)} != {Fraction(1, 25)}


def test_a_short_film_is_made_in_one_piece(ada: User, film: Path) -> None:
    video = made(put_up(ada, film))
    assert video.plan["chunk_s"] == 0
    assert not (shelves.root() / "chunks").exists()


@pytest.mark.parametrize("how", ["no_key_frames", "sound_alone"])
def test_a_film_that_cannot_be_entered_in_the_middle_is_made_in_one_piece(ada: User, tmp_path: Path, how: str) -> None:
    film = {
        "no_key_frames": lambda: numbered_film(
            tmp_path / "a.mp4", seconds=33, fps="5", coding="-g 9999 -sc_threshold 0"
        ),
        "sound_alone": lambda: make_film(tmp_path / "c.m4a", seconds=12, picture=False),
    }[how]()
    assert made(put_up(ada, film)).plan["chunk_s"] == 0


def test_the_beginning_in_a_small_size_and_then_the_sound_come_before_all_else(ada: User, tmp_path: Path) -> None:
    video = planned(ada, make_film(tmp_path / "film.mp4", seconds=13, size=(640, 360)))
    order = []
    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        order.append((chunk.kind, chunk.number, chunk.rungs))
        work.carry_out(chunk, chunking.make)
    assert order == [
        ("preview", 0, ["v360"]),
        ("sound", 0, ["a128", "a64"]),
        ("picture", 0, ["v240"]),
        ("picture", 1, ["v240", "v360"]),
        ("picture", 2, ["v240", "v360"]),
    ]
    assert chunk == video


def test_the_percent_is_that_of_all_chunks(ada: User, tmp_path: Path) -> None:
    video = planned(ada, make_film(tmp_path / "film.mp4", seconds=12, size=(640, 360)))
    seen = []
    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        work.carry_out(chunk, chunking.make)
        video.refresh_from_db()
        seen.append((video.percent, dict(video.renditions.values_list("name", "percent"))))
    assert [percent for percent, _ in seen] == sorted({percent for percent, _ in seen})
    assert seen[0][1] == {"v240": 0, "v360": 33, "a128": 0, "a64": 0}
    assert seen[1][1]["a128"] == 100
    assert seen[2][1]["v240"] == 33
    assert seen[-1] == (99, {"v240": 100, "v360": 100, "a128": 100, "a64": 100})


def test_a_lost_chunk_is_made_again_alone(ada: User, tmp_path: Path) -> None:
    video = planned(ada, numbered_film(tmp_path / "film.mp4"))
    first = turns.take()
    assert isinstance(first, VideoChunk)
    work_off()
    assert Video.objects.get(pk=video.pk).state == "transcoding"
    others = dict(video.chunks.exclude(pk=first.pk).values_list("pk", "output"))
    assert all(others.values())
    # Its worker died; once the lease is over somebody else takes it, and nobody touches the others.
    VideoChunk.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    second = turns.take()
    assert (second, second.attempts) == (first, 2)
    work.carry_out(second, chunking.make)
    with pytest.raises(work.LeaseLost):
        chunking.make(first)
    assert dict(video.chunks.exclude(pk=first.pk).values_list("pk", "output")) == others
    assert made(video).is_ready
    assert Mail.objects.get().subject == "“film.mp4” is ready"
    assert [path.name for path in (shelves.root() / "jobs").iterdir()] == []
    assert not list((shelves.root() / "chunks").iterdir())


def test_a_chunk_that_kills_its_worker_each_time_fails_the_film_with_its_place(ada: User, tmp_path: Path) -> None:
    video = planned(ada, numbered_film(tmp_path / "film.mp4"))
    poison = video.chunks.get(kind=Kind.PICTURE, number=2)
    VideoChunk.objects.filter(pk=poison.pk).update(attempts=3)
    work_off()
    video.refresh_from_db()
    assert (video.state, video.failure_code, video.can_retry) == ("failed", "encoder_failed", True)
    assert "picture 2" in video.failure_detail
    assert not (shelves.root() / "chunks" / str(video.pk)).exists()
    video.retry()
    assert not video.chunks.exists()
    assert made(video).is_ready


def test_a_chunk_that_the_film_is_to_blame_for_fails_it_at_once(ada: User, tmp_path: Path) -> None:
    video = planned(ada, numbered_film(tmp_path / "film.mp4"))
    chunk = turns.take()
    chunk.refuse("timed_out", "stopped after 9 s")
    video.wake()
    work_off()
    video.refresh_from_db()
    assert (video.state, video.failure_code) == ("failed", "timed_out")
    # Nobody goes on with the others.
    assert not VideoChunk.due_work().exists()


def test_a_long_film_that_was_cut_off_fails_as_truncated(ada: User, tmp_path: Path) -> None:
    film = numbered_film(tmp_path / "film.mkv", coding="-g 25")
    content = film.read_bytes()
    # A whole file by its boxes, whose second half cannot be read.
    film.write_bytes(content[: len(content) // 2] + b"\xec" * (len(content) - len(content) // 2))
    video = put_up(ada, film)
    work_off()
    video.refresh_from_db()
    assert (video.state, video.failure_code) == ("failed", "truncated")


def test_the_end_of_the_last_chunk_wakes_its_film_and_none_before(ada: User, tmp_path: Path) -> None:
    video = planned(ada, numbered_film(tmp_path / "film.mp4", seconds=9))
    while chunk := turns.take():
        assert isinstance(chunk, VideoChunk)
        assert not Video.due_work().filter(pk=video.pk).exists()
        work.carry_out(chunk, chunking.make)
        if not VideoChunk.open_work().exists():
            break
    assert Video.due_work().filter(pk=video.pk).exists()


def test_a_film_whose_last_chunk_woke_nobody_looks_by_itself(ada: User, tmp_path: Path) -> None:
    """Its worker died between the chunk's end and the bell."""
    video = planned(ada, numbered_film(tmp_path / "film.mp4", seconds=9))
    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        work.carry_out(chunk, chunking._make)
        assert not Video.due_work().exists()
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    assert made(video).is_ready


def test_a_worker_of_before_a_wait_does_not_pass_for_one_of_after(ada: User, tmp_path: Path) -> None:
    video = put_up(ada, numbered_film(tmp_path / "film.mp4", seconds=9))
    early = Video.claim(video.pk)
    transcoding.transcode(early)
    assert Video.objects.get(pk=video.pk).attempts == 0
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    assert Video.claim(video.pk).attempts == early.attempts == 1
    with pytest.raises(work.LeaseLost):
        early.heartbeat()


def test_pieces_know_their_frames_and_their_time(tmp_path: Path) -> None:
    """Moving a piece changes numbers in it and nothing else."""
    command = [fence.ffmpeg(), "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=4"]
    command += ["-f", "hls", "-hls_segment_type", "fmp4", "-hls_segment_filename", str(tmp_path / "s%d.m4s")]
    subprocess.run([*command, str(tmp_path / "index.m3u8")], check=True)
    piece, init = (tmp_path / "s0.m4s").read_bytes(), (tmp_path / "init.mp4").read_bytes()
    assert fragments.frames(piece) == 100
    scale = fragments.timescale(init)
    later = fragments.moved(piece, 7 * scale, 9)
    assert fragments.begins(later) - fragments.begins(piece) == 7 * scale
    assert len(later) == len(piece)
    assert fragments.moved(later, -7 * scale, 1) == piece
    with pytest.raises(ValueError, match="a box of"):
        fragments.frames(piece[:-5])


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(25), Fraction(7, 2), Fraction(1, 3), Fraction(60)])
def test_chunks_follow_each_other_without_a_gap_and_begin_where_segments_do(fps: Fraction) -> None:
    for duration_ms in (100, 19_000, 30_001, 61_234, 3_600_000):
        spans = cutting.spans(duration_ms, fps, cutting.starts(duration_ms, 20))
        assert [span.first for span in spans[1:]] == [span.end for span in spans[:-1]]
        assert spans[-1].end is None
        for span in spans:
            assert 0 <= span.starts_s - span.segment * 4 < 1 / fps
        assert abs(sum(span.length_s for span in spans) - duration_ms / 1000) < 0.2
        assert spans[0].length_s <= max(8, duration_ms / 1000)
        assert max(span.length_s for span in spans) < 30.1


def test_the_first_chunk_is_short_and_so_are_the_last_ones() -> None:
    assert cutting.starts(120_000, 20) == [0, 2, 7, 12, 17, 22, 25, 28]
    assert [cutting.chunk_s(minutes * 60_000, 20) for minutes in (1, 2, 10, 30, 720)] == [20, 20, 30, 60, 60]
    assert cutting.starts(14_000, 4) == [0, 1, 2, 3]


def test_a_cut_moves_to_where_less_is_decoded_before_it() -> None:
    keys = [0.0, 10.3, 26.9, 50.5, 70.0, 90.0]
    assert cutting.starts(120_000, 20) == [0, 2, 7, 12, 17, 22, 25, 28]
    assert cutting.starts(120_000, 20, keys)[:5] == [0, 2, 7, 13, 18]
    spans = cutting.spans(120_000, Fraction(25), cutting.starts(120_000, 20, keys))
    assert [span.first for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert max(span.length_s for span in spans) <= 24


def test_the_index_of_a_film_says_when_its_key_frames_stand(tmp_path: Path) -> None:
    numbered_film(tmp_path / "film.mp4", coding="-g 10 -x264-params scenecut=0").rename(tmp_path / "in.bin")
    found = probing.key_frames(tmp_path)
    assert found is not None
    assert found.gap_s == pytest.approx(0.4)
    assert [int(time) for time in found.times] == list(range(15))
    assert all(0.5 < later - earlier < 1.5 for earlier, later in pairwise(found.times))


def test_cuts_that_were_made_before_they_were_kept_are_those_of_then(ada: User, tmp_path: Path) -> None:
    """A film that was being made while the site was brought up to date."""
    video = planned(ada, numbered_film(tmp_path / "film.mp4"))
    told = Video.objects.get(pk=video.pk).plan
    del told["starts"]
    assert plans.read(told).starts == [0, 1, 2, 3]
    assert plans.read(told | {"chunk_s": 8}).starts == [0, 2]


def test_chunks_with_a_hole_between_them_do_not_fit(ada: User, tmp_path: Path) -> None:
    video = planned(ada, numbered_film(tmp_path / "film.mp4"))
    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        work.carry_out(chunk, chunking.make)
    hole = video.chunks.get(kind=Kind.PICTURE, number=1)
    VideoChunk.objects.filter(pk=hole.pk).update(told={"frames": {"v48": hole.told["frames"]["v48"] - 1}})
    (tmp_path / "out").mkdir()
    with pytest.raises(joining.ChunksDoNotFit, match="chunk 2"):
        joining.join(video, plans.read(video.plan), tmp_path / "out", lambda _done_s: None)


def broken_off(path: Path) -> Path:
    """A recording whose end was never written: it says neither its length nor where it can be entered."""
    whole = numbered_film(
        path.with_suffix(".whole.mkv"), sound="sine=330:d=15", coding="-cluster_time_limit 1000 -live 1"
    )
    path.write_bytes(whole.read_bytes())
    return path


def without_cues(path: Path) -> Path:
    """It says its length, and nothing of where it can be entered: the list of places has a name that nobody knows."""
    whole = numbered_film(path.with_suffix(".whole.mkv"), sound="sine=330:d=15")
    path.write_bytes(whole.read_bytes().replace(b"\x1cS\xbbk", b"\x1cS\xbbj"))
    return path


@pytest.mark.parametrize("kind", ["ts", "flv", "avi", "mkv", "webm"])
def test_a_film_without_an_index_is_made_in_chunks_to_the_frame(
    ada: User, tmp_path: Path, settings: Any, kind: str
) -> None:
    film = tmp_path / f"film.{kind}"
    if kind in ("mkv", "webm"):
        broken_off(film) if kind == "mkv" else without_cues(film)
    else:
        numbered_film(film, sound="sine=330:d=15", coding="-bf 0" if kind == "avi" else "")
    video = made(put_up(ada, film))
    assert video.plan["is_indexed"]
    assert video.plan["chunk_s"] == 4
    other = in_one_piece(ada, film, settings)
    assert other.plan["chunk_s"] == 0
    assert abs(video.duration_ms - other.duration_ms) <= 40
    rung = next(rung["name"] for rung in video.plan["rungs"] if rung["kind"] == "video")
    frames, those_of_one_piece = (shown(folder_of(one) / rung) for one in (video, other))
    if kind == "avi":  # which knows no times of frames: the first may stand for one frame more
        frames, those_of_one_piece = (
            [light for light, _ in groupby(light for _, light in one)] for one in (frames, those_of_one_piece)
        )  # type: ignore[assignment]
    assert frames == those_of_one_piece
    assert not shelves.indexed(video.pk).exists()


def test_chunks_of_a_copy_that_do_not_fit_are_no_reason_to_make_the_film_of_the_copy(
    ada: User, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = numbered_film(tmp_path / "film.ts", sound="sine=330:d=15")
    video = planned(ada, film)
    assert video.plan["is_indexed"]
    while (chunk := turns.take()) and isinstance(chunk, VideoChunk):
        work.carry_out(chunk, chunking.make)
    hole = video.chunks.get(kind=Kind.PICTURE, number=1)
    VideoChunk.objects.filter(pk=hole.pk).update(told={"frames": {"v48": hole.told["frames"]["v48"] - 1}})
    # Whatever is wrong with the copy, it is no film any more.
    Video.objects.filter(pk=video.pk).update(lease_until=None)
    join = joining.join

    def after_the_copy_broke(*joined: Any) -> Any:
        shelves.indexed(video.pk).write_bytes(b"no film")
        return join(*joined)

    monkeypatch.setattr(joining, "join", after_the_copy_broke)
    assert (made(video).plan["is_indexed"], video.plan["chunk_s"]) == (False, 0)
    monkeypatch.undo()
    whole = in_one_piece(ada, film, settings)
    assert shown(folder_of(video) / "v48") == shown(folder_of(whole) / "v48")


def test_a_copy_for_which_the_disk_has_no_room_is_waited_for(
    ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a long film would be made in one piece, as if nothing held it."""
    video = put_up(ada, numbered_film(tmp_path / "film.ts"))
    monkeypatch.setattr(shelves, "is_full", lambda folder: (folder / "copy.bin").exists())
    turns.work_on_next()
    video.refresh_from_db()
    assert (video.is_settled, video.plan, video.attempts) == (False, None, 0)
    monkeypatch.undo()
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    assert made(video).plan["is_indexed"]


def test_a_copy_that_is_another_film_is_not_used(ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that lost its end would be a shorter film, and nobody would see it."""
    copied = fence.copy

    def without_its_end(folder: Path, outputs: list[str], *more: Any, **options: Any) -> Any:
        return copied(folder, ["-t", "9", *outputs], *more, **options)

    monkeypatch.setattr(fence, "copy", without_its_end)
    video = made(put_up(ada, numbered_film(tmp_path / "film.ts")))
    assert (video.plan["is_indexed"], video.plan["chunk_s"]) == (False, 0)
    assert video.duration_ms == pytest.approx(15_000, abs=100)
