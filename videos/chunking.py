"""One attempt of one worker at one chunk of a long film: encode it by its film's plan and put it beside the others."""

import contextlib
import dataclasses
import logging
import secrets
import shutil
from pathlib import Path
from typing import Any

from marketplace.lib import failpoints
from marketplace.lib.work import LeaseLost

from . import encoding, fence, first_look, fragments, plans, shelves
from .beats import ChunkProgress
from .cutting import Span
from .failures import FilmRefused
from .judging import NO_SPACE_PAUSE, EncoderFailed
from .ladder import Rung
from .models import VideoChunk
from .plans import PREVIEW_SOUND, Plan
from .precheck import loudness, measuring

log = logging.getLogger(__name__)
Kind = VideoChunk.Kind
# Beside as many pixels of picture, what a second of sound costs to make.
SOUND_WEIGHT = 0.02


def chunks_of(plan: Plan) -> list[dict[str, Any]]:
    """The rows of a film's chunks: a first look at its beginning, the other sizes of it, the rest, the sound.

    Of a film in one piece the first look alone.
    """
    if plan.chunk_s == 0:
        return [_row(Kind.PREVIEW, 0, [plan.preview], plan.spans[0].length_s)] if plan.has_look else []
    preview = plan.preview
    others = [rung for rung in plan.pictures if rung != preview]
    rows = []
    for span in plan.spans:
        if span.number == 0:
            rows.append(_row(Kind.PREVIEW, 0, [preview], span.length_s))
        if rungs := others if span.number == 0 else plan.pictures:
            rows.append(_row(Kind.PICTURE, span.number, rungs, span.length_s))
    if plan.sounds:
        rows.append(_row(Kind.SOUND, 0, plan.sounds, plan.probe.source.duration_ms / 1000))
    return rows


def _row(kind: str, number: int, rungs: list[Rung], length_s: float) -> dict[str, Any]:
    cost = sum(rung.width * rung.height for rung in rungs) / 1e6 + 0.1 if kind != Kind.SOUND else SOUND_WEIGHT
    names = [rung.name for rung in rungs]
    return {"kind": kind, "number": number, "rungs": names, "length_s": length_s, "weight": length_s * cost}


def make(chunk: VideoChunk) -> None:
    """Bring a claimed chunk to its end. Raises what another try may mend."""
    try:
        _make(chunk)
    except FilmRefused as refusal:
        chunk.refuse(refusal.code, f"{chunk}: {refusal.detail}")
    except shelves.NoSpace as lack:
        log.error("chunk_waits", extra={"pk": str(chunk.pk), "for": lack.code})
        chunk.wait_until_due(NO_SPACE_PAUSE)
        return
    with contextlib.suppress(LeaseLost):  # the film waits no more
        chunk.video.show_progress()
        chunk.video.note_look(first_look.reached(chunk.video))
    chunk.video.wake()


def _make(chunk: VideoChunk) -> None:
    plan = plans.read(chunk.video.plan)
    rungs = [rung for rung in plan.rungs if rung.name in chunk.rungs]
    most = encoding.most_bytes(round(chunk.length_s * 1000), rungs)
    shelves.require_space(most // 3)
    with shelves.job_folder(chunk.video_id, ".", is_indexed=plan.is_indexed) as job:
        progress = ChunkProgress(chunk, most, job / "out")
        told = _sound(job, plan, progress) if chunk.kind == Kind.SOUND else _picture(job, plan, chunk, rungs, progress)
        output = f"{chunk.kind}-{chunk.number}-{chunk.rounds}-{chunk.attempts}-{secrets.token_hex(4)}"
        place = shelves.stage(job / "out", chunk.video_id, output)
    failpoints.reach("videos.before_chunk_adoption")
    try:
        with chunk.fenced() as held:
            held.adopt(output=output, told=told)
    except LeaseLost:
        shutil.rmtree(place, ignore_errors=True)
        raise
    failpoints.reach("videos.after_chunk_adoption")


def _picture(
    job: Path, plan: Plan, chunk: VideoChunk, rungs: list[Rung], progress: ChunkProgress
) -> dict[str, dict[str, int]]:
    """{"frames": {rung: how many}}. The pieces lie in job/out at their times in the film."""
    span = plan.spans[chunk.number]
    arguments = encoding.chunk_arguments(plan.probe, rungs, span)
    folders = [rung.name for rung in rungs]
    if chunk.kind == Kind.PREVIEW and plan.sounds:
        arguments += encoding.preview_sound(
            plan.probe, dataclasses.replace(plan.sounds[-1], name=PREVIEW_SOUND), span.length_s
        )
        folders.append(PREVIEW_SOUND)
    limits = encoding.limits(round(span.length_s * 1000), len(folders))
    if chunk.kind == Kind.PREVIEW:
        limits = dataclasses.replace(limits, nice=0)  # somebody waits for it, and it is short
    _run(job, arguments, folders, limits, progress, from_s=encoding.from_s(span) if span.number else None)
    return {"frames": {rung.name: _place(job / "out" / rung.name, rung, span) for rung in rungs}}


def _place(folder: Path, rung: Rung, span: Span) -> int:
    """Move the pieces of a rung to their time and number in the film. Returns how many frames there are."""
    init, count = folder / "init.mp4", 0
    ticks = span.first * fragments.timescale(init.read_bytes()) / rung.fps if span.first else 0
    for at, piece in enumerate(sorted(folder.glob("s*.m4s"))):
        content = piece.read_bytes()
        found = fragments.frames(content)
        if not found:  # the film ended before this chunk, and ffmpeg says so with a piece of nothing
            piece.unlink()
            continue
        count += found
        piece.write_bytes(fragments.moved(content, int(ticks), span.segment + at + 1))
    return count


def _sound(job: Path, plan: Plan, progress: ChunkProgress) -> dict[str, Any]:
    """The sound of the whole film, evened out; what was heard of it."""
    heard = measuring.hear(job, plan.probe, on_tick=lambda _done_s: progress(0))
    loud = loudness.filters(heard.loudness)
    names = [rung.name for rung in plan.sounds]
    limits = encoding.limits(plan.probe.source.duration_ms, len(names))
    _run(job, encoding.arguments(plan.probe, plan.sounds, loud), names, limits, progress)
    return {"heard": heard.as_json()}


def _run(
    job: Path,
    arguments: list[str],
    folders: list[str],
    limits: fence.Limits,
    progress: ChunkProgress,
    from_s: float | None = None,
) -> None:
    for name in folders:
        (job / "out" / name).mkdir()
    ended = fence.encode(job, arguments, limits, threads=1, from_s=from_s, on_tick=progress)
    if shelves.is_full(job):
        # Of a full disk ffmpeg says nothing, and ends as if the film had been so short.
        raise shelves.NoSpace
    if ended.timed_out:
        raise FilmRefused("timed_out", f"stopped after {ended.took_s:.0f} s")
    if ended.code != 0:
        raise EncoderFailed(f"{'it stood still' if ended.stalled else f'exit {ended.code}'}: {ended.errors}")
