"""Films that their owner removed while past versions of courses show them."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from .video import Video, VideoInUse, VideoNotSettled


class PutAwayQuerySet(models.QuerySet["PutAway"]):
    @transaction.atomic
    def put(self, video: Video, by: Any) -> "PutAway":
        """`by` removes a film that cannot go whole. Raises VideoInUse, where a lesson still shows it."""
        # Whole and not NO KEY: a lesson that is just being given this film is waited for, or waits.
        held = Video.objects.select_for_update().get(pk=video.pk)
        lessons: Any = held.lessons  # a reverse relation: courses say which of them count
        if (lesson := lessons.in_use().first()) is not None:
            raise VideoInUse(lesson.why_its_film_stays)
        if not held.is_settled:
            raise VideoNotSettled
        return self.get_or_create(video=held, defaults={"by": by})[0]


class PutAway(models.Model):
    """Who removed the film and when. What was sent of it is gone and counts no more; what was reviewed stays."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="put_away")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PutAwayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.video_id}"
