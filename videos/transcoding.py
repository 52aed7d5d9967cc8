"""From an original to a film that plays: join, probe, encode, adopt. One attempt of one worker.

Everything is made in a private job folder and moved to a folder of its own name; the video's row, in the last and
fenced transaction, says which of these folders is the film. A worker that dies anywhere leaves at most a folder that
nothing names; a worker that was thought dead and comes back is stopped by its attempt number.
"""

import dataclasses
import logging
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from marketplace.lib import failpoints
from marketplace.lib.work import LeaseLost

from . import (
    bucket,
    chunking,
    cutting,
    encoding,
    fence,
    glance,
    indexing,
    joining,
    ladder,
    parts,
    plans,
    playlists,
    poster,
    probing,
    remaking,
    shelves,
    unplayed,
)
from .beats import Beat, Progress
from .failures import FilmRefused
from .indexing import Entries
from .joining import ChunksDoNotFit
from .judging import NO_SPACE_PAUSE, judge
from .models import Noticed, TwinPrint, Video, VideoFinding
from .plans import Plan
from .playlists import Made
from .precheck import loudness, measuring, rules
from .probing import Probe

log = logging.getLogger(__name__)


def transcode(video: Video) -> None:
    """Bring a claimed video to `ready` or `failed`, or let it wait for its chunks. Raises what another try may mend."""
    try:
        _transcode(video)
    except FilmRefused as refusal:
        video.fail(refusal.code, refusal.detail)
    except (shelves.NoSpace, bucket.StoreDown) as lack:
        # Not the film's fault: it waits, without spending a try, until there is room, or S3 answers.
        log.error("film_waits", extra={"pk": str(video.pk), "for": lack.code})
        video.wait_until_due(NO_SPACE_PAUSE)
    if video.has_failed_for_good:
        shelves.forget_refused(video.pk)
    elif video.is_settled:
        shelves.forget_jobs(video.pk)


def _transcode(video: Video) -> None:
    if is_new := video.plan is None:
        _probe(video)
    if not video.is_in_chunks:
        if is_new and video.chunks.exists():
            video.let_the_look_come_first()
        else:
            _in_one_piece(video)
    elif lost := video.chunks.hopeless().first():
        raise FilmRefused(lost.failure_code or "encoder_failed", f"{lost}: {lost.last_error}")
    elif video.chunks.filter(finished_at=None).exists():
        video.wait_for_chunks()
    else:
        _of_chunks(video)


def _probe(video: Video) -> None:
    """Look at the original and decide what is made of it, and by how many."""
    video.begin_probing()
    beat = Beat(video)
    _bring_original(video, beat)
    with shelves.job_folder(video.pk) as job:
        found = _entries(job, probing.probe(job, on_tick=beat), shelves.indexed(video.pk), beat)
        rungs = ladder.rungs(found.probe.source)
        shelves.require_space(encoding.most_bytes(found.probe.source.duration_ms, rungs) // 3)
        plan = Plan(found.probe, rungs, *_cuts(found), is_indexed=found.is_copy)
    _begin(video, plan)


def _bring_original(video: Video, beat: Beat) -> None:
    sent = video.made_for or video
    parts.join(sent.upload, beat)
    if video.made_for:
        remaking.share_original(sent, video)


def _entries(job: Path, probe: Probe, place: Path, beat: Beat) -> Entries:
    """Asked of films alone that are long, or do not say how long they are."""
    is_short = 0 < probe.source.duration_ms < settings.KEZHAN_VIDEO_CHUNK_FROM_S * 1000
    return Entries(probe, None) if is_short or not probe.source.has_video else indexing.of(job, probe, place, beat)


def _cuts(found: Entries) -> tuple[int, list[int]]:
    """How long chunks are and where they begin; 0 for a film that is short, has no picture, or cannot be entered in
    the middle.
    """
    length_ms, keys = found.probe.source.duration_ms, found.keys
    if length_ms < settings.KEZHAN_VIDEO_CHUNK_FROM_S * 1000 or keys is None or keys.gap_s > cutting.LONGEST_GOP_S:
        return 0, []
    chunk_s = cutting.chunk_s(length_ms, settings.KEZHAN_VIDEO_CHUNK_S)
    return chunk_s, cutting.starts(length_ms, chunk_s, keys.times)


def _in_one_piece(video: Video) -> None:
    plan = plans.read(video.plan)
    beat = Beat(video)
    with shelves.job_folder(video.pk, is_indexed=plan.is_indexed) as job:
        heard = measuring.hear(job, plan.probe, on_tick=beat)
        progress = Progress(video, plan.probe.source.duration_ms, plan.rungs, job / "out")
        made = _encode(job, plan, loudness.filters(heard.loudness), progress)
        finished = _finish(video, plan, job, made, heard)
    _adopt(video, finished)


def _of_chunks(video: Video) -> None:
    plan = plans.read(video.plan)
    beat = Beat(video)
    try:
        with shelves.job_folder(video.pk, is_indexed=plan.is_indexed) as job:
            made = joining.join(video, plan, job / "out", beat)
            finished = _finish(video, plan, job, made, joining.heard(video))
    except ChunksDoNotFit as misfit:
        log.warning("chunks_do_not_fit", extra={"pk": str(video.pk), "why": str(misfit)})
        video.make_whole(_of_one_piece(video, plan, beat).as_json())
        _in_one_piece(video)
    else:
        _adopt(video, finished)


def _of_one_piece(video: Video, plan: Plan, beat: Beat) -> Plan:
    """The same sizes, of what was sent: where chunks were made of a copy, the copy may be what does not fit."""
    if not plan.is_indexed:
        return dataclasses.replace(plan, chunk_s=0, starts=[])
    with shelves.job_folder(video.pk) as job:
        probe = probing.probe(job, on_tick=beat)
    # A recording that was broken off says no length, but its copy did.
    known_ms = probe.source.duration_ms or plan.probe.source.duration_ms
    source = dataclasses.replace(probe.source, duration_ms=known_ms)
    return Plan(dataclasses.replace(probe, source=source), plan.rungs, chunk_s=0)


@dataclasses.dataclass(frozen=True)
class _Finished:
    """A film whose files lie in their place, and what its row is to say of it."""

    output: str
    made: list[Made]
    facts: dict[str, Any]
    findings: list[Noticed]


def _finish(video: Video, plan: Plan, job: Path, made: list[Made], heard: measuring.Heard) -> _Finished:
    """What is drawn from the rungs in job/out; all of it moves to its place."""
    beat = Beat(video)
    found = glance.take(job, made, on_tick=beat)
    posters = poster.make(job, made, on_tick=beat)
    facts = _loudness(heard) | {
        "has_poster": posters > 0,
        "posters_count": posters,
        "has_storyboard": found.has_storyboard,
    }
    output = f"{video.attempts}-{secrets.token_hex(4)}"
    _write_masters(job / "out", made)
    failpoints.reach("videos.before_adoption")
    if video.made_for:
        remaking.must_be_as_long(video.made_for, made)
    shelves.keep(job / "out", (video.made_for or video).asset, output)
    return _Finished(output, made, facts, rules.noticed(plan.probe, heard, found.seen))


def _adopt(video: Video, finished: _Finished) -> None:
    try:
        film = _put_in_place(video, finished)
    except LeaseLost:
        unplayed.forget_output((video.made_for or video).asset, finished.output)
        raise
    failpoints.reach("videos.after_adoption")
    if now := Video.objects.filter(pk=film.pk).first():  # unless its creator has just removed it
        shelves.forget_other_outputs(now.asset, now.output, now.former_output)


def _put_in_place(video: Video, finished: _Finished) -> Video:
    # A film that is made anew is held before its other conversion, as by whoever removes it.
    with remaking.holding(video.made_for) as former, video.fenced() as held:
        held.adopt(
            output=finished.output,
            duration_ms=max(one.duration_ms for one in finished.made),
            bytes_by_rung={one.rung.name: one.size for one in finished.made},
            **finished.facts,
        )
        film = remaking.put_in_place(former, held) if former else held
        # Before the findings: whoever compares the former conversion has written its last, and that goes as well.
        TwinPrint.objects.ask(film)
        VideoFinding.objects.put(film, finished.findings, but_twins=former is not None)
        # Here, where it is held: whoever looks after conversions of many takes its row away as soon as it has ended.
        video.refresh_from_db()
    return film


def _begin(video: Video, plan: Plan) -> None:
    source = plan.probe.source
    facts = {
        "duration_ms": source.duration_ms or None,
        "width": source.width or None,
        "height": source.height or None,
        "has_audio": source.has_audio,
        "has_video": source.has_video,
        "plan": plan.as_json(),
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
        for rung in plan.rungs
    ]
    video.begin_transcoding(facts, shown, chunking.chunks_of(plan))


def _loudness(heard: measuring.Heard) -> dict[str, Any]:
    found = heard.loudness
    if found is None:
        return {}
    return {"loudness_lufs": found.lufs, "peak_db": found.peak_db, "gain_db": loudness.gain_db(found)}


def _encode(job: Path, plan: Plan, loud: str, progress: Progress) -> list[Made]:
    for rung in plan.rungs:
        (job / "out" / rung.name).mkdir()
    arguments = encoding.arguments(plan.probe, plan.rungs, loud)
    limits = encoding.limits(plan.probe.source.duration_ms, len(plan.rungs))
    ended = fence.encode(job, arguments, limits, on_tick=progress)
    if ended.timed_out:
        raise FilmRefused("timed_out", f"stopped after {ended.took_s:.0f} s")
    if shelves.is_full(job):
        # Of a full disk ffmpeg says nothing, and ends as if the film had been so short.
        raise shelves.NoSpace
    made = [one for one in (playlists.measure(job / "out", rung) for rung in plan.rungs) if one]
    judge(plan.probe, plan.rungs, made, ended)
    return made


def _write_masters(out: Path, made: list[Made]) -> None:
    (out / "master.m3u8").write_text(playlists.master(made))
    if only_sound := playlists.audio_only(made):
        (out / "audio.m3u8").write_text(only_sound)
