"""From an original to a film that plays: join, probe, encode, adopt. One attempt of one worker.

Everything is made in a private job folder and moved to a folder of its own name; the video's row, in the last and
fenced transaction, says which of these folders is the film. A worker that dies anywhere leaves at most a folder that
nothing names; a worker that was thought dead and comes back is stopped by its attempt number.
"""

import contextlib
import logging
import os
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from marketplace.lib import failpoints
from marketplace.lib.work import LeaseLost

from . import bucket, encoding, fence, ladder, parts, playlists, poster, probing, shelves, storyboard
from .failures import FilmRefused
from .ladder import Rung
from .models import Video, VideoFinding
from .precheck import loudness, measuring, rules

log = logging.getLogger(__name__)

# An encode that ends more than this short of the stated length has hit the place where the file is broken.
SHORT_MS = 1_000
SHORT_SHARE = 0.02
# What ffmpeg says when the film's own bytes make no sense.
UNREADABLE = ("Invalid data found", "Decode error rate", "Cannot determine format of input", "channel layout")
NO_SPACE_PAUSE = timedelta(minutes=5)


class EncoderFailed(Exception):
    """ffmpeg ended badly; another try may help."""


def transcode(video: Video) -> None:
    """Bring a claimed video to `ready` or `failed`. Raises what another try may mend."""
    try:
        _transcode(video)
    except FilmRefused as refusal:
        video.fail(refusal.code, refusal.detail)
    except (shelves.NoSpace, bucket.StoreDown) as lack:
        # Not the film's fault: it waits, without spending a try, until there is room, or S3 answers.
        log.error("film_waits", extra={"pk": str(video.pk), "for": lack.code})
        video.wait_until_due(NO_SPACE_PAUSE)
    shelves.forget_jobs(video.pk)


def _transcode(video: Video) -> None:
    video.begin_probing()
    beat = _Beat(video)
    parts.join(video.upload, beat)
    with shelves.job_folder(video.pk) as job:
        probe = probing.probe(job, on_tick=beat)
        rungs = ladder.rungs(probe.source)
        shelves.require_space(encoding.most_bytes(probe.source.duration_ms, rungs) // 3)
        _begin(video, probe, rungs)
        heard = measuring.hear(job, probe, on_tick=beat)
        progress = _Progress(video, probe.source.duration_ms, rungs, job / "out")
        made = _encode(job, probe, rungs, loudness.filters(heard.loudness), progress)
        findings = rules.noticed(probe, heard, measuring.look(job, made, on_tick=beat))
        posters = poster.make(job, made, on_tick=beat)
        facts = _loudness(heard) | {
            "has_poster": posters > 0,
            "posters_count": posters,
            "has_storyboard": storyboard.make(job, made, on_tick=beat),
        }
        output = f"{video.attempts}-{secrets.token_hex(4)}"
        _write_masters(job / "out", made)
        failpoints.reach("videos.before_adoption")
        shelves.keep(job / "out", video.asset, output)
    with video.fenced() as held:
        held.adopt(
            output=output,
            duration_ms=max(one.duration_ms for one in made),
            bytes_by_rung={one.rung.name: one.size for one in made},
            **facts,
        )
        VideoFinding.objects.put(held, findings)
    failpoints.reach("videos.after_adoption")
    shelves.forget_other_outputs(video.asset, output)


def _begin(video: Video, probe: probing.Probe, rungs: list[Rung]) -> None:
    source = probe.source
    facts = {
        "duration_ms": source.duration_ms or None,
        "width": source.width or None,
        "height": source.height or None,
        "has_audio": source.has_audio,
        "has_video": source.has_video,
    }
    shown = [
        {
            "name": rung.name,
            "kind": rung.kind,
            "width": rung.width,
            "height": rung.height,
            "fps": float(rung.fps),
            "bitrate": rung.bitrate,
        }
        for rung in rungs
    ]
    video.begin_transcoding(facts, shown)


def _loudness(heard: measuring.Heard) -> dict[str, Any]:
    found = heard.loudness
    if found is None:
        return {}
    return {"loudness_lufs": found.lufs, "peak_db": found.peak_db, "gain_db": loudness.gain_db(found)}


def _encode(
    job: Path, probe: probing.Probe, rungs: list[Rung], loud: str, progress: "_Progress"
) -> list[playlists.Made]:
    for rung in rungs:
        (job / "out" / rung.name).mkdir()
    arguments = encoding.arguments(probe, rungs, loud)
    ended = fence.encode(job, arguments, encoding.limits(probe.source.duration_ms, rungs), on_tick=progress)
    if ended.timed_out:
        raise FilmRefused("timed_out", f"stopped after {ended.took_s:.0f} s")
    if shelves.is_full(job):
        # Of a full disk ffmpeg says nothing, and ends as if the film had been so short.
        raise shelves.NoSpace
    made = [one for one in (playlists.measure(job / "out", rung) for rung in rungs) if one]
    _judge(probe, rungs, made, ended)
    return made


def _judge(probe: probing.Probe, rungs: list[Rung], made: list[playlists.Made], ended: fence.Ended) -> None:
    """Raises FilmRefused or EncoderFailed unless all rungs are there in their whole length."""
    if ended.code < 0:
        raise EncoderFailed(f"{'it stood still' if ended.stalled else f'signal {-ended.code}'}: {ended.errors}")
    stated = probe.source.duration_ms
    longest = max((one.duration_ms for one in made), default=0)
    if stated - longest > max(SHORT_MS, stated * SHORT_SHARE) and (longest or ended.errors):
        raise FilmRefused("truncated", f"{longest} of {stated} ms could be read. {ended.errors}")
    if ended.code != 0 and not longest and any(sign in ended.errors for sign in UNREADABLE):
        # The same bytes would end the same way: no further try.
        raise FilmRefused("no_video_stream" if probe.source.has_video else "empty", ended.errors)
    if ended.code != 0:
        raise EncoderFailed(f"exit {ended.code}: {ended.errors}")
    if not longest:  # no segment, or one of no length
        raise FilmRefused("empty", ended.errors)
    if len(made) < len(rungs):
        missing = {rung.name for rung in rungs} - {one.rung.name for one in made}
        raise EncoderFailed(f"nothing came out for {', '.join(sorted(missing))}: {ended.errors}")


def _write_masters(out: Path, made: list[playlists.Made]) -> None:
    (out / "master.m3u8").write_text(playlists.master(made))
    if only_sound := playlists.audio_only(made):
        (out / "audio.m3u8").write_text(only_sound)


class _Beat:
    """Keeps the lease while nothing can be said about progress."""

    EVERY_S = 10.0
    # The database may be restarted while we encode; longer than a lease, the work is somebody else's.
    PATIENCE_S = 50.0

    def __init__(self, video: Video) -> None:
        self.video = video
        self.told_at = time.monotonic()

    def __call__(self, done_s: float) -> None:
        if time.monotonic() - self.told_at < self.EVERY_S:
            return
        try:
            self.tell(done_s)
            self.told_at = time.monotonic()
        except (OperationalError, InterfaceError):
            if time.monotonic() - self.told_at > self.PATIENCE_S:
                raise LeaseLost(f"video {self.video.pk}: no database") from None
            with contextlib.suppress(OperationalError, InterfaceError):
                connection.close()

    def tell(self, done_s: float) -> None:
        self.video.heartbeat()


class _Progress(_Beat):
    """Tells the rows how far each rung is, and stops an output that grows beyond all measure."""

    EVERY_S = 1.0

    def __init__(self, video: Video, duration_ms: int, rungs: list[Rung], out: Path) -> None:
        super().__init__(video)
        self.duration_s = max(duration_ms / 1000, 0.001)
        self.rungs, self.out = rungs, out
        self.most_bytes = encoding.most_bytes(duration_ms, rungs)
        self.weighed_at = time.monotonic()

    def tell(self, done_s: float) -> None:
        failpoints.reach("videos.encoding")
        self._weigh()
        whole = min(99, int(done_s * 100 / self.duration_s))
        self.video.note_progress(whole, {rung.name: self._rung_percent(rung, done_s) for rung in self.rungs})

    def _rung_percent(self, rung: Rung, done_s: float) -> int:
        # Segments on disk are certain; between them the clock of the whole process says how far it is.
        written = sum(1 for entry in os.scandir(self.out / rung.name) if entry.name.endswith(".m4s"))
        seconds = max((written - 1) * ladder.SEGMENT_S, min(done_s, written * ladder.SEGMENT_S))
        return max(0, min(99, int(seconds * 100 / self.duration_s)))

    def _weigh(self) -> None:
        if time.monotonic() - self.weighed_at < 10:
            return
        self.weighed_at = time.monotonic()
        if sum(file.stat().st_size for file in self.out.rglob("*.m4s")) > self.most_bytes:
            raise FilmRefused("encoder_failed", "the output grew beyond its limit")
