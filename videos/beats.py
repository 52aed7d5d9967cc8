"""Signs of life of a worker: its lease kept, its progress told, an output that grows without measure stopped."""

import contextlib
import os
import time
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection

from marketplace.lib import failpoints
from marketplace.lib.work import LeaseLost, Work

from . import encoding, ladder
from .failures import FilmRefused
from .ladder import Rung
from .models import Video, VideoChunk


class Beat:
    """Keeps the lease while nothing can be said about progress."""

    EVERY_S = 10.0
    # The database may be restarted while we encode; longer than a lease, the work is somebody else's.
    PATIENCE_S = 50.0

    def __init__(self, row: Work) -> None:
        self.row = row
        self.told_at = time.monotonic()

    def __call__(self, done_s: float) -> None:
        if time.monotonic() - self.told_at < self.EVERY_S:
            return
        try:
            self.tell(done_s)
            self.told_at = time.monotonic()
        except (OperationalError, InterfaceError):
            if time.monotonic() - self.told_at > self.PATIENCE_S:
                raise LeaseLost(f"{self.row._meta.label} {self.row.pk}: no database") from None
            with contextlib.suppress(OperationalError, InterfaceError):
                connection.close()

    def tell(self, done_s: float) -> None:
        self.row.heartbeat()


class Progress(Beat):
    """Tells the rows how far each rung is, and stops an output that grows beyond all measure."""

    EVERY_S = 1.0

    def __init__(self, video: Video, duration_ms: int, rungs: list[Rung], out: Path) -> None:
        super().__init__(video)
        self.video = video
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
        if time.monotonic() - self.weighed_at >= 10:
            self.weighed_at = time.monotonic()
            weigh(self.out, self.most_bytes)


class ChunkProgress(Beat):
    """Tells how far a chunk is, and with it its film."""

    EVERY_S = 2.0

    def __init__(self, chunk: VideoChunk, most_bytes: int, out: Path) -> None:
        super().__init__(chunk)
        self.chunk, self.most_bytes, self.out = chunk, most_bytes, out

    def tell(self, done_s: float) -> None:
        failpoints.reach("videos.chunk_encoding")
        weigh(self.out, self.most_bytes)
        self.chunk.note_progress(int(done_s * 100 / max(self.chunk.length_s, 0.001)))


def weigh(out: Path, most_bytes: int) -> None:
    """Raises FilmRefused when what lies in `out` is beyond all measure."""
    if sum(file.stat().st_size for file in out.rglob("*.m4s")) > most_bytes:
        raise FilmRefused("encoder_failed", "the output grew beyond its limit")
