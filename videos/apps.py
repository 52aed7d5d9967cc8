from typing import Any

from django.apps import AppConfig
from django.core import checks


class VideosConfig(AppConfig):
    """Films: upload, transcoding, captions and paid playback. Knows nothing of courses."""

    name = "videos"

    def ready(self) -> None:
        from . import privacy  # noqa: F401  registers its part of a person's record

        checks.register(_transcriber_is_there)


def _transcriber_is_there(**_asked: Any) -> list[checks.CheckMessage]:
    """A plug-in that cannot be imported stops the start, not the first film that needs it."""
    from . import speech

    try:
        if speech.is_offered():
            speech.transcriber()
    except ImportError as error:
        return [checks.Error(f"KEZHAN_TRANSCRIBER: {error}", id="videos.E001")]
    return []
