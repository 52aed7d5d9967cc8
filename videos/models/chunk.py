"""A piece of a long film that one worker makes: some frames of its picture in some sizes, or its sound."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.lib import work

from .losses import MayBeLost
from .making import Making, Priority

if TYPE_CHECKING:
    from .video import Video


class VideoChunkQuerySet(models.QuerySet["VideoChunk"]):
    def put(self, video: "Video", chunks: Iterable[dict[str, Any]]) -> None:
        """All chunks of a film, instead of former ones. Call inside the transaction that settles its plan."""
        self.filter(video=video).delete()
        VideoChunk.objects.bulk_create(VideoChunk(video=video, **chunk) for chunk in chunks)

    def made(self) -> Self:
        return self.exclude(finished_at=None).filter(failure_code="")

    def hopeless(self) -> Self:
        """What will never be made: worth ending the film for."""
        return self.filter(~Q(failure_code="") | Q(dead_at__isnull=False))

    def next_first(self) -> Self:
        """The first look, then the sound, which cannot be shared out, then the picture from its beginning."""
        rank = Case(
            *(When(kind=kind, then=Value(at)) for at, kind in enumerate(VideoChunk.ORDER)), output_field=IntegerField()
        )
        return self.order_by(rank, "video__uploaded_at", "number")

    def progress(self) -> tuple[int, dict[str, int]]:
        """Percents of the whole, by what each chunk weighs, and of each rung, by what is as long."""
        told = list(self.values_list("rungs", "length_s", "weight", "percent"))
        whole = _share([(weight, percent) for _, _, weight, percent in told])
        names = {name for rungs, *_ in told for name in rungs}
        return whole, {
            name: _share([(length_s, percent) for rungs, length_s, _, percent in told if name in rungs])
            for name in names
        }


def _share(parts: list[tuple[float, int]]) -> int:
    return int(sum(size * percent for size, percent in parts) / max(sum(size for size, _ in parts), 0.001))


class VideoChunk(MayBeLost):
    """`output` names the folder, among the film's staged ones, that holds what was adopted; `rungs`, whose segments.

    `told` is what else was found out: frames a rung, or how loud the sound is.
    """

    class Kind(models.TextChoices):
        PREVIEW = "preview", _("First look")
        PICTURE = "picture", _("Picture")
        SOUND = "sound", _("Sound")

    TASK = Making.TASK_FOR_ALL
    LEASE = timedelta(minutes=1)
    MAX_ATTEMPTS = 3
    ORDER = (Kind.PREVIEW, Kind.SOUND, Kind.PICTURE)

    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="chunks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveIntegerField(default=0)
    rungs = models.JSONField(default=list)
    length_s = models.FloatField()
    weight = models.FloatField(help_text="its share of the work, beside the others of its film")
    percent = models.PositiveSmallIntegerField(default=0)
    output = models.CharField(max_length=80, blank=True)
    told = models.JSONField(null=True)
    failure_code = models.CharField(max_length=24, blank=True)

    objects = VideoChunkQuerySet.as_manager()

    class Meta:
        ordering = ["number", "kind"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="video_chunk_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["video", "kind", "number"], name="one_chunk_a_place"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="chunk_percent_up_to_100"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | ~Q(failure_code="") | ~Q(output="") & Q(told__isnull=False),
                name="made_chunk_has_files",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @classmethod
    def open_work(cls) -> VideoChunkQuerySet:
        # While its film is halted, failed or taken back, nobody makes it.
        return VideoChunk.objects.filter(finished_at=None, dead_at=None, video__state="transcoding")

    @classmethod
    def awaited_work(cls) -> models.QuerySet["VideoChunk"]:
        return cls.due_work().exclude(video__priority=Priority.LATER)

    @classmethod
    def ring_for_due(cls, _most: int) -> int:
        if not cls.due_work().exists():
            return 0
        work.ring_for_all(cls.TASK)
        return 1

    def ring(self) -> None:
        transaction.on_commit(lambda: work.ring_for_all(self.TASK), robust=True)

    def note_progress(self, percent: int) -> None:
        """Keep the lease and show how far the film is. Raises LeaseLost when another took over, or the film ended."""
        self._settle(percent=max(0, min(percent, 99)), lease_until=Now() + self.LEASE)
        self.video.show_progress()

    def adopt(self, *, output: str, told: dict[str, Any]) -> None:
        """What lies in `output` is the chunk. Call inside `fenced()`; ends the work."""
        self._settle(
            percent=100, output=output, told=told, finished_at=Now(), lease_until=None, last_error="",
        )  # fmt: skip

    def refuse(self, code: str, detail: str) -> None:
        """The film itself is at fault: no further try."""
        self._settle(failure_code=code, last_error=detail[:4000], finished_at=Now(), lease_until=None)

    def on_dead(self) -> None:
        # Not while this row is held: whoever halts a film holds it before its chunks. Lost, the film looks by itself.
        transaction.on_commit(self.video.wake, robust=True)
