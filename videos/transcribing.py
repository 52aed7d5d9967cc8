"""From a film's sound to a draft of captions, by the plug-in of `speech`: one attempt of one worker.

Off unless KEZHAN_TRANSCRIBER names a function. See docs/decisions/0034.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from . import captions, cues, emails, fence, shelves, speech
from .models import Rendition, Transcription, Video
from .precheck import measuring

BYTES_A_SECOND = 32_000
SWITCHED_OFF_PAUSE = timedelta(hours=1)


class NotOffered(DomainError):
    code = "not_offered"
    status = 404
    message = _("No machine writes captions here.")


class SoundNotMade(Exception):
    """ffmpeg could not write down the sound; another try may help."""


def ask(video: Video, language: str, by: Any) -> Transcription:
    """Raises NotOffered, and what Transcription.objects.ask raises."""
    if not speech.is_offered():
        raise NotOffered
    return Transcription.objects.ask(video=video, language=language, by=by)


def carry_out(row: Transcription) -> None:
    """Listen, and keep a draft. Raises what another try may mend."""
    if not speech.is_offered():
        # Switched off since it was asked for: it waits, untried.
        row.wait_until_due(SWITCHED_OFF_PAUSE)
        return
    hear, beat = speech.transcriber(), _EachMinute(row.heartbeat)
    with _sound(row.video, beat) as wav:
        sound = speech.Sound(wav, row.language, row.video.duration_s or 0)
        heard = speech.cues_of(hear(sound, beat), sound.length_s)
    with row.fenced() as held:
        if held.conclude(cues.write(heard), len(heard), captions.name_of(row.language)):
            emails.draft_of_captions(held)


@contextmanager
def _sound(video: Video, beat: "_EachMinute") -> Iterator[Path]:
    """The film's own sound, as plug-ins get it; made inside the fence of what we made ourselves."""
    size = int((video.duration_s or 0) * BYTES_A_SECOND) + 1024**2
    shelves.require_space(size * 2)
    with shelves.side_folder("speech", video.pk) as job:
        rung = video.renditions.filter(kind=Rendition.Kind.AUDIO).first()
        measuring.whole(shelves.film_folder(video.asset, video.output) / (rung.name if rung else ""), job / "in.bin")
        seconds = 60 + (video.duration_s or 0)
        limits = fence.Limits(wall_s=seconds, cpu_s=int(seconds * 2), file_bytes=size)
        arguments = ["-map", "0:a:0", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "sound.wav"]
        ended = fence.encode(job, arguments, limits, threads=1, on_tick=beat)
        if ended.code != 0:
            raise SoundNotMade(ended.errors)
        yield job / "sound.wav"


class _EachMinute:
    """A heart that beats once a minute, however often it is asked."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self.beat, self.told_at = beat, time.monotonic()

    def __call__(self, _done_s: float = 0) -> None:
        if time.monotonic() - self.told_at >= 60:
            self.told_at = time.monotonic()
            self.beat()
