"""Cutting a piece out of a film: of what we made of it ourselves, inside the fence, to a few small files.

Source is the largest picture and the best sound that are played, never the original: those pieces are at hand even
where the original lies cold, are even in loudness, and were judged. Only the pieces that the excerpt touches are read.
See docs/decisions/0065.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from marketplace.lib import failpoints
from marketplace.lib.work import LeaseLost

from . import encoding, fence, framing, playlists, poster, probing, shelves, unplayed
from .beats import Beat
from .failures import FilmRefused
from .judging import NO_SPACE_PAUSE
from .ladder import Rung
from .models import Excerpt, Rendition, Video

# A piece more on either side: pieces of sound do not begin where those of the picture do.
SPARE_PIECES = 1
# What came out may be so much shorter or longer than what was asked for.
OFF_BY_S = 1.0
LIMITS_POSTER = poster.LIMITS


@dataclass(frozen=True)
class _Source:
    """Where the pieces of the film's picture and sound lie, how large the picture is, and how many of it a second."""

    picture: Path
    sound: Path | None
    size: tuple[int, int]
    fps: Fraction


def carry_out(row: Excerpt) -> None:
    """Bring a claimed excerpt to `ready` or `failed`. Raises what another try may mend."""
    try:
        _cut(row)
    except FilmRefused as refusal:
        row.fail(refusal.code, refusal.detail)
    except shelves.NoSpace:
        # Not the film's fault: it waits, without spending a try, until there is room.
        row.wait_until_due(NO_SPACE_PAUSE)


def _cut(row: Excerpt) -> None:
    source = _source(row.video)
    made = framing.rungs(*source.size, source.fps, row.framing)
    shelves.require_space(framing.most_bytes(made, row.duration_ms / 1000))
    row.note_progress(0)
    with _job(row) as job:
        _encode(row, job, source, made)
        _draw_poster(row, job, made[-1])
        output = f"{row.attempts}-{secrets.token_hex(4)}"
        failpoints.reach("videos.before_excerpt_adoption")
        shelves.keep(job / "out", row.asset, output)
    facts = {
        "width": made[-1].width,
        "height": made[-1].height,
        "rungs": [min(rung.width, rung.height) for rung in made],
        "has_sound": source.sound is not None,
    }
    try:
        with row.fenced() as held:
            held.adopt(output=output, **facts)
    except LeaseLost:  # somebody stopped it, or its film is gone
        unplayed.forget_output(row.asset, output)
        raise
    shelves.forget_other_outputs(row.asset, output)


def _source(video: Video) -> _Source:
    rungs = list(video.renditions.all())
    pictures = [rung for rung in rungs if rung.kind == Rendition.Kind.VIDEO and rung.width and rung.height]
    sounds = [rung for rung in rungs if rung.kind == Rendition.Kind.AUDIO]
    folder = shelves.film_folder(video.asset, video.output)
    if not pictures or not (folder / pictures[-1].name / "init.mp4").is_file():
        raise FilmRefused("film_gone", f"no picture of {video.pk} in {video.output}")
    best = pictures[-1]
    fps = Fraction(best.fps or 30).limit_denominator(1001)
    sound = folder / sounds[0].name if sounds else None
    return _Source(folder / best.name, sound, (best.width or 0, best.height or 0), fps)


@contextmanager
def _job(row: Excerpt) -> Iterator[Path]:
    with shelves.side_folder("excerpt", row.pk) as job:
        (job / "out").mkdir()
        yield job


def _encode(row: Excerpt, job: Path, source: _Source, made: list[Rung]) -> None:
    span = (row.start_ms / 1000, row.end_ms / 1000)
    _take_pieces(source.picture, span, job / "in.bin")
    if source.sound:
        _take_pieces(source.sound, span, job / "sound.bin")
    arguments = framing.arguments(source.size, made, row.framing, span, sound=source.sound is not None)
    limits = encoding.limits(row.duration_ms, len(made))
    beat = _Progress(row)
    ended = fence.encode(job, arguments, limits, beside="sound.bin" if source.sound else "", on_tick=beat)
    if ended.timed_out:
        raise FilmRefused("timed_out", f"stopped after {ended.took_s:.0f} s")
    if shelves.is_full(job):
        raise shelves.NoSpace
    files = [job / "out" / f"{rung.name}.mp4" for rung in made]
    if ended.code != 0 or not all(file.is_file() for file in files):
        raise FilmRefused("cut_failed", ended.errors or f"ffmpeg ended with {ended.code}")
    _judge(job, files[-1], row.duration_ms / 1000)


def _take_pieces(rung: Path, span: tuple[float, float], target: Path) -> None:
    """One file of the pieces that lie in `span`; each says itself when in the film it is shown."""
    pieces = playlists.segments(rung)
    at, within = 0.0, []
    for number, (_name, seconds) in enumerate(pieces):
        if at < span[1] and at + seconds > span[0]:
            within.append(number)
        at += seconds
    if not within:
        raise FilmRefused("film_gone", f"no piece of {rung.name} from {span[0]} s to {span[1]} s")
    first, last = max(0, within[0] - SPARE_PIECES), within[-1] + SPARE_PIECES
    names = ["init.mp4", *(name for name, _seconds in pieces[first : last + 1])]
    try:
        with shelves.space_errors():
            shelves.join([rung / name for name in names], target)
    except FileNotFoundError as lost:
        raise FilmRefused("film_gone", str(lost)) from lost


def _judge(job: Path, file: Path, seconds: float) -> None:
    """What came out is as long as was asked for."""
    with _studio(job, file) as studio:
        found = probing.probe(studio).source.duration_ms / 1000
    if abs(found - seconds) > OFF_BY_S:
        raise FilmRefused("cut_failed", f"{found:.1f} s came out, {seconds:.1f} s were asked for")


def _draw_poster(row: Excerpt, job: Path, largest: Rung) -> None:
    with _studio(job, job / "out" / f"{largest.name}.mp4") as studio:
        ended = fence.encode(studio, encoding.poster_arguments(), LIMITS_POSTER, threads=1, on_tick=Beat(row))
        if ended.code != 0 or not (studio / "poster.jpg").is_file():
            raise FilmRefused("cut_failed", ended.errors)
        (studio / "poster.jpg").rename(job / "out" / "poster.jpg")


@contextmanager
def _studio(job: Path, file: Path) -> Iterator[Path]:
    """A folder in which this file alone is the film."""
    studio = job / "studio"
    studio.mkdir()
    shelves.link_or_copy(file, studio / "in.bin")
    try:
        yield studio
    finally:
        shutil.rmtree(studio)


class _Progress(Beat):
    """Tells the row how far the encoder is."""

    EVERY_S = 1.0

    def __init__(self, row: Excerpt) -> None:
        super().__init__(row)
        self.excerpt = row

    def tell(self, done_s: float) -> None:
        failpoints.reach("videos.cutting_excerpt")
        self.excerpt.note_progress(int(done_s * 100_000 / self.excerpt.duration_ms))
