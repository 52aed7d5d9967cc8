"""Films that their owner removed while past versions of courses show them."""

from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from .video import Video, VideoInUse, VideoNotSettled


class VideoPutAway(DomainError):
    code = "video_put_away"
    message = _("You removed this film. Choose another one, or upload it again.")


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

    def must_be_kept(self, video: Video) -> None:
        """Until the end of the transaction, in which a lesson is given this film, nobody removes it.

        Raises VideoPutAway. The lock is the one of the lesson's foreign key, taken before it is looked: the database
        would take it at the commit only, and who makes the film ready waits for none of it.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM videos_video WHERE id = %s FOR KEY SHARE", [video.pk])
            is_here = cursor.rowcount > 0
        if not is_here or self.filter(video=video).exists():
            raise VideoPutAway


class PutAway(models.Model):
    """Who removed the film and when. What was sent of it is gone and counts no more; what was reviewed stays."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="put_away")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PutAwayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.video_id}"
