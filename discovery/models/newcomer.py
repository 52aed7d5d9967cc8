"""New courses and the looks that they had: a kept tally, so that no reader's page adds up everybody's looks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from courses.models import Course
from creators.models import Creator

from .attention import DAYS_GRANTED, LOOKS_GRANTED, Attention

GRANTED = timedelta(days=DAYS_GRANTED)
KEPT = 3 * GRANTED  # for the figures of the month before
BATCH = 2_000
_ORDER = ("course_id", "looks", "is_first", "published_at")


class NewcomerQuerySet(models.QuerySet["Newcomer"]):
    def granted(self, now: datetime) -> Self:
        """Those in their first days."""
        return self.filter(published_at__gte=now - GRANTED)

    def owed(self, audiences: Iterable[str], now: datetime, *, but: Any, count: int) -> list[int]:
        """Courses that were shown too little yet to these audiences, the least shown first, of equals a creator's first
        course; none of this person's own. As many walks along one index as there are audiences.
        """
        order = ("looks", "-is_first", "-published_at", "-course_id")
        waiting = self.granted(now).filter(is_owed=True).exclude(creator__user=but)
        parts = [waiting.filter(audience=one).order_by(*order).values_list(*_ORDER)[:count] for one in audiences]
        rows = sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row[1], not row[2], -row[3].timestamp()))
        return [row[0] for row in rows[:count]]

    def ages(self, now: datetime) -> list[tuple[str, int, timedelta]]:
        """(audience, looks, age) of all that are owed more."""
        rows = self.granted(now).filter(is_owed=True).values_list("audience", "looks", "published_at")
        return [(audience, looks, now - published_at) for audience, looks, published_at in rows]

    def follow(self, now: datetime) -> int:
        """As the shop is now: what came on sale, what left the lists, whose days are over. How many came."""
        listed = Exists(Course.objects.listed().filter(pk=OuterRef("course_id")))
        is_owed = Case(
            When(listed & Q(published_at__gte=now - GRANTED, had_at=None), then=Value(True)), default=Value(False)
        )
        self.filter(published_at__lt=now - KEPT).delete()
        self.filter(Q(is_owed=True) | Q(published_at__gte=now - GRANTED)).exclude(is_owed=is_owed).update(
            is_owed=is_owed
        )
        moved = self.granted(now).exclude(language=F("course__language")).values_list("pk", "course__language")
        for pk, language in list(moved):
            self.filter(pk=pk).update(language=language, audience=audience_of(language))
        known = self.filter(pk=OuterRef("pk"))
        come = Course.objects.listed().filter(~Exists(known), published_at__gte=now - GRANTED)
        new = list(come.values_list("pk", flat=True))
        return sum(self._welcome(new[at : at + BATCH], now) for at in range(0, len(new), BATCH))

    def _welcome(self, courses: list[int], now: datetime) -> int:
        had = Attention.objects.filter(course=OuterRef("pk")).order_by().values("course")
        earlier = Course.objects.filter(live_version__isnull=False, published_at__lt=OuterRef("published_at"))
        rows = Course.objects.filter(pk__in=courses).annotate(
            looks=Coalesce(Subquery(had.annotate(sum=Sum("looks")).values("sum")), 0),
            is_first=~Exists(earlier.filter(creator=OuterRef("creator"))),
        )
        columns = ("pk", "creator_id", "language", "published_at", "looks", "is_first")
        made = [_newcomer(*row, now=now) for row in rows.values_list(*columns)]
        return len(Newcomer.objects.bulk_create(made, ignore_conflicts=True))

    def shares(self, now: datetime) -> dict[str, int]:
        """Of those whose first days ended in the last ones, how many there are and how many had their looks."""
        listed = Course.objects.listed().filter(published_at__range=(now - 2 * GRANTED, now - GRANTED))
        ended = self.filter(course__in=listed)
        firsts = Q(is_first=True)
        return ended.aggregate(
            courses=Count("pk"), courses_had=Count("had_at"), creators=Count("pk", filter=firsts),
            creators_had=Count("had_at", filter=firsts),
        )  # fmt: skip


class Newcomer(models.Model):
    """A course from its first day on sale, until the figures of its first days have been public for a month.

    `looks`: those of its first days. `is_owed`: it stands in a list, its days are not over, and it had too few.
    """

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="newcomer")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    is_first = models.BooleanField(help_text="the first course of its creator")
    language = models.CharField(max_length=12)
    # Whose places it stands in: of readers in that language of the site, or of everybody ("").
    audience = models.CharField(max_length=12, blank=True)
    looks = models.PositiveIntegerField(default=0)
    had_at = models.DateTimeField(null=True, help_text="when it had as many as it is granted")
    is_owed = models.BooleanField()

    objects = NewcomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "audience", "looks", F("is_first").desc(), F("published_at").desc(), F("course").desc(),
                name="newcomer_owed", condition=Q(is_owed=True),
            ),
            models.Index(fields=["published_at"], name="newcomer_days"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"course {self.course_id}: {self.looks} looks"


def audience_of(language: str) -> str:
    """A language that nobody can choose for the site is everybody's: else its courses would be looked at by nobody."""
    return language if language in dict(settings.LANGUAGES) else ""


def _newcomer(
    course: int, creator: int, language: str, published_at: datetime, looks: int, is_first: bool, *, now: datetime
) -> Newcomer:
    has_had = looks >= LOOKS_GRANTED
    return Newcomer(
        course_id=course, creator_id=creator, published_at=published_at, is_first=is_first, language=language,
        audience=audience_of(language), looks=looks, had_at=now if has_had else None, is_owed=not has_had,
    )  # fmt: skip
