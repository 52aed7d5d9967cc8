"""Whether what came out of an encoder is the whole film."""

from datetime import timedelta

from . import fence, probing
from .failures import FilmRefused
from .ladder import Rung
from .playlists import Made

# An encode that ends more than this short of the stated length has hit the place where the file is broken.
SHORT_MS = 1_000
SHORT_SHARE = 0.02
# What ffmpeg says when the film's own bytes make no sense.
UNREADABLE = ("Invalid data found", "Decode error rate", "Cannot determine format of input", "channel layout")
NO_SPACE_PAUSE = timedelta(minutes=5)


class EncoderFailed(Exception):
    """ffmpeg ended badly; another try may help."""


def judge(probe: probing.Probe, rungs: list[Rung], made: list[Made], ended: fence.Ended) -> None:
    """Raises FilmRefused or EncoderFailed unless all rungs are there in their whole length."""
    if ended.code < 0:
        raise EncoderFailed(f"{'it stood still' if ended.stalled else f'signal {-ended.code}'}: {ended.errors}")
    longest = judge_length(probe, made, ended.errors)
    if ended.code != 0 and not longest and any(sign in ended.errors for sign in UNREADABLE):
        # The same bytes would end the same way: no further try.
        raise FilmRefused("no_video_stream" if probe.source.has_video else "empty", ended.errors)
    if ended.code != 0:
        raise EncoderFailed(f"exit {ended.code}: {ended.errors}")
    if not longest:  # no segment, or one of no length
        raise FilmRefused("empty", ended.errors)
    judge_rungs(rungs, made, ended.errors)


def judge_length(probe: probing.Probe, made: list[Made], errors: str = "") -> int:
    """The longest rung in milliseconds; raises FilmRefused when it ends too early."""
    stated = probe.source.duration_ms
    longest = max((one.duration_ms for one in made), default=0)
    if stated - longest > max(SHORT_MS, stated * SHORT_SHARE) and (longest or errors):
        raise FilmRefused("truncated", f"{longest} of {stated} ms could be read. {errors}")
    return longest


def judge_rungs(rungs: list[Rung], made: list[Made], errors: str = "") -> None:
    if len(made) < len(rungs):
        missing = {rung.name for rung in rungs} - {one.rung.name for one in made}
        raise EncoderFailed(f"nothing came out for {', '.join(sorted(missing))}: {errors}")
