"""Chapters of a film: where its parts begin, and what they are called."""

from collections.abc import Iterable

from django.db import models, transaction

from .video import Video


class ChapterQuerySet(models.QuerySet["Chapter"]):
    @transaction.atomic
    def put(self, video: Video, chapters: Iterable[tuple[int, str]]) -> "list[Chapter]":
        """(start in ms, title) of each chapter, instead of those that there were."""
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        self.filter(video=video).delete()
        return Chapter.objects.bulk_create(Chapter(video=video, start_ms=at, title=title) for at, title in chapters)


class Chapter(models.Model):
    """A part of a film, from `start_ms` to the next chapter's start."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="chapters")
    start_ms = models.PositiveBigIntegerField()
    title = models.CharField(max_length=80)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        ordering = ["start_ms"]
        constraints = [models.UniqueConstraint(fields=["video", "start_ms"], name="one_chapter_a_moment")]

    def __str__(self) -> str:
        return self.title

    @property
    def start_s(self) -> float:
        return self.start_ms / 1000
