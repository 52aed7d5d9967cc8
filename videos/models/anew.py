"""A film that is converted anew: by which rules it was made, and how its new files take the place of the old. A part of
Video.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from .. import events

if TYPE_CHECKING:
    from .video import Video

# What another conversion says of a film; name, poster, captions and chapters are its creator's.
MADE = (
    "output", "duration_ms", "width", "height", "has_audio", "has_video", "plan", "rules", "has_poster",
    "posters_count", "has_storyboard", "loudness_lufs", "peak_db", "gain_db",
)  # fmt: skip


class MadeAnew(models.Model):
    """`made_for`: this row is another conversion of that film, which plays on meanwhile; nobody's film of its own.

    `former_output`: the files of before, which addresses that were given out before the change play to their end.
    """

    rules = models.PositiveSmallIntegerField(
        default=1, db_default=1, editable=False, help_text="by which it was made (ladder.RULES)"
    )
    former_output = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    made_for = models.OneToOneField(
        "videos.Video", null=True, editable=False, on_delete=models.CASCADE, related_name="being_remade"
    )

    class Meta:
        abstract = True

    def output_for(self, expires: int) -> str:
        """Which files an address shows that is good until then (Unix time, whole minutes)."""
        is_older = self.former_until is not None and expires <= self.former_until.timestamp()
        return self.former_output if is_older and self.former_output else self.output  # type: ignore[attr-defined]

    def take_over(self, copy: "Video", until: datetime) -> None:
        """What `copy` came to is the film from now on; addresses that are good until `until` show what was before.

        Call with both rows held.
        """
        film: Any = self
        made = {name: getattr(copy, name) for name in MADE}
        number = film.poster_number if film.poster_number <= copy.posters_count else 1
        film._write(**made, poster_number=number, former_output=film.output, former_until=until)
        film.renditions.all().delete()
        copy.renditions.update(video=film)
        film.refresh_from_db()
        events.settled(film)

    def let_old_files_go(self) -> None:
        type(self)._default_manager.filter(pk=self.pk).update(former_output="", former_until=None)
