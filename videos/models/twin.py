"""Prints of films, the index in which they are looked up, and the evidence of films that run side by side."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from marketplace.lib.work import Work

from .video import Video

KEYS_AT_ONCE = 5_000
MOST_A_BUCKET = 24


class TwinPrintQuerySet(models.QuerySet["TwinPrint"]):
    def ask(self, video: Video) -> None:
        """The film is to be compared (anew). Call inside the transaction that adopts it."""
        twin_print, is_new = self.get_or_create(video=video)
        if is_new:
            twin_print.ring()
        else:
            twin_print.reopen()

    def ask_for_missing(self, most: int = 200) -> int:
        """Films that became ready before there were prints, or by the version before; how many."""
        missing = list(Video.objects.ready().filter(twin_print=None).order_by("ready_at")[:most])
        for video in missing:
            self.ask(video)
        return len(missing)


class TwinPrint(Work):
    """The print of one film: work for a worker until it is drawn, indexed and compared with the others.

    It is work of its own, so that nothing that goes wrong here delays or fails a film.
    """

    TASK = "videos.tasks.compare_film"
    LEASE = timedelta(minutes=3)

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="twin_print")
    output = models.CharField(max_length=80, blank=True, help_text="the conversion of which this is the print")
    pictures = models.BinaryField(default=bytes)
    sound = models.BinaryField(default=bytes)
    indexed_at = models.DateTimeField(null=True)
    compared_s = models.FloatField(null=True, help_text="seconds of the film that were compared in the time there was")

    objects = TwinPrintQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="twin_print_due"),
        ]

    def __str__(self) -> str:
        return f"print of {self.video_id}"

    def index(self, *, output: str, pictures: bytes, sound: bytes, keys: Iterable[tuple[int, int, int]]) -> None:
        """Keep the print and its keys [(bucket, at, cut)], instead of those of an earlier conversion."""
        with self.fenced():
            self._write(output=output, pictures=pictures, sound=sound, indexed_at=timezone.now(), compared_s=None)
            TwinKey.objects.filter(print=self).delete()
            owner_id = self.video.owner_id
            rows = (
                TwinKey(bucket=bucket, print=self, at=at, cut=cut, owner_id=owner_id)
                for bucket, at, cut in dict.fromkeys(keys)
            )
            while some := list(islice(rows, KEYS_AT_ONCE)):
                TwinKey.objects.bulk_create(some)
        self.refresh_from_db()

    def note_compared(self, seconds: float) -> None:
        """Call inside `fenced()`; ends the work."""
        self._settle(compared_s=seconds, finished_at=timezone.now(), lease_until=None, last_error="")


_SHARED = """
SELECT asked.number, found.print_id, found.at, found.cut
FROM unnest(%s::int[]) WITH ORDINALITY AS asked(bucket, number)
CROSS JOIN LATERAL (
    SELECT print_id, at, cut FROM videos_twinkey AS one
    WHERE one.bucket = asked.bucket AND one.owner_id <> %s
    ORDER BY one.print_id, one.at LIMIT %s
) AS found
"""


class TwinKeyQuerySet(models.QuerySet["TwinKey"]):
    def shared(self, buckets: list[int], *, not_of: int) -> list[tuple[int, int, int, int]]:
        """[(place in `buckets`, print, at, cut)] of others' films: by the index alone, the oldest of each bucket.

        A bucket that many films share (a card, a pattern) says little, and costs no more than any other.
        """
        with connection.cursor() as cursor:
            cursor.execute(_SHARED, [buckets, not_of, MOST_A_BUCKET])
            return [(number - 1, print_id, at, cut) for number, print_id, at, cut in cursor.fetchall()]


class TwinKey(models.Model):
    """One key of a film (sound above the pictures' range): where it stands, in eighths of a second, in which cut."""

    pk = models.CompositePrimaryKey("bucket", "print_id", "at", "cut")
    bucket = models.IntegerField()
    print = models.ForeignKey(TwinPrint, on_delete=models.CASCADE, related_name="keys")
    at = models.PositiveIntegerField()
    cut = models.PositiveSmallIntegerField()
    # Copied here, so that a creator's own films cost a lookup nothing.
    owner_id = models.BigIntegerField()

    objects = TwinKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.bucket} at {self.at}"


class TwinMatchQuerySet(models.QuerySet["TwinMatch"]):
    def about(self, video: Video) -> Self:
        """In which this film, as it is now, is the later one or the earlier one."""
        is_film = Q(film=video.pk, film_output=video.output)
        return self.filter(is_film | Q(twin=video.pk, twin_output=video.output)).order_by("film_start_ms", "id")

    def keep(self, **facts: Any) -> "TwinMatch":
        """The evidence of a run; found once more in the same conversions, it is the row that is there."""
        same = {name: facts[name] for name in ("film", "film_output", "twin", "twin_output", "film_start_ms")}
        return self.get_or_create(**same, defaults=facts)[0]


class TwinMatch(models.Model):
    """Evidence that two creators' films run side by side: who, which seconds, how alike, when it was found.

    `film` was uploaded later than `twin`. Names, owners and times are copied, since it outlives both films: a later
    claim must not depend on what was removed meanwhile. Append-only.
    """

    film = models.UUIDField()
    film_output = models.CharField(max_length=80)
    film_name = models.CharField(max_length=200)
    film_owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    film_uploaded_at = models.DateTimeField()
    film_start_ms = models.PositiveBigIntegerField()
    film_end_ms = models.PositiveBigIntegerField()
    twin = models.UUIDField()
    twin_output = models.CharField(max_length=80)
    twin_name = models.CharField(max_length=200)
    twin_owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    twin_uploaded_at = models.DateTimeField()
    twin_start_ms = models.PositiveBigIntegerField()
    twin_end_ms = models.PositiveBigIntegerField()
    # Seconds that agree and their mean correlation, up to 1; null where only the other kind agrees.
    picture_s = models.FloatField(null=True)
    picture_score = models.FloatField(null=True)
    sound_s = models.FloatField(null=True)
    sound_score = models.FloatField(null=True)
    is_mirrored = models.BooleanField()
    found_at = models.DateTimeField(default=timezone.now)

    objects = TwinMatchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["film"], name="twin_match_film"),
            models.Index(fields=["twin"], name="twin_match_twin"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["film", "film_output", "twin", "twin_output", "film_start_ms"], name="one_row_a_twin_run"
            ),
            models.CheckConstraint(condition=~Q(film_owner=F("twin_owner")), name="twins_of_two_creators"),
            models.CheckConstraint(
                condition=Q(film_end_ms__gt=F("film_start_ms"), twin_end_ms__gt=F("twin_start_ms")),
                name="twins_run_forward",
            ),
            models.CheckConstraint(
                condition=Q(picture_s__isnull=False, picture_score__isnull=False)
                | Q(sound_s__isnull=False, sound_score__isnull=False),
                name="twins_agree_in_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.film} beside {self.twin}"

    @property
    def film_start_s(self) -> float:
        return self.film_start_ms / 1000

    @property
    def film_end_s(self) -> float:
        return self.film_end_ms / 1000

    @property
    def twin_start_s(self) -> float:
        return self.twin_start_ms / 1000

    @property
    def twin_end_s(self) -> float:
        return self.twin_end_ms / 1000

    @property
    def speed(self) -> float:
        """How much faster the film is than its twin."""
        return (self.twin_end_ms - self.twin_start_ms) / (self.film_end_ms - self.film_start_ms)

    def is_of(self, video: Any) -> bool:
        """Whether the film that was uploaded later is this one."""
        return self.film == video.pk
