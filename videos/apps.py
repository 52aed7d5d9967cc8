from typing import Any

from django.apps import AppConfig
from django.core import checks


class VideosConfig(AppConfig):
    """Films: upload, transcoding, captions and paid playback. Knows nothing of courses."""

    name = "videos"

    def ready(self) -> None:
        from . import privacy  # noqa: F401  registers its part of a person's record

        checks.register(_transcriber_is_there)
        checks.register(fence_stands, checks.Tags.security, deploy=True)


def _transcriber_is_there(**_asked: Any) -> list[checks.CheckMessage]:
    """A plug-in that cannot be imported stops the start, not the first film that needs it."""
    from . import speech

    try:
        if speech.is_offered():
            speech.transcriber()
    except ImportError as error:
        return [checks.Error(f"KEZHAN_TRANSCRIBER: {error}", id="videos.E001")]
    return []


def fence_stands(**_asked: Any) -> list[checks.CheckMessage]:
    """What the kernel under this process lacks of the fence around ffmpeg; to be asked where films are converted."""
    from .fence import walls

    hint = "docs/operations.md says what to allow, and what stands without it. It matters where films are converted."
    return [
        # No warning: bin/check runs on kernels that convert no films for anybody.
        checks.Info(f"The fence around ffmpeg lacks a wall: {walls.WALLS[name]}.", hint=hint, id="videos.I001")
        for name in walls.missing()
    ]
