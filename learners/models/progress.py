"""How far a learner is in a lesson: seconds covered, where she stopped, and whether it is done."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners import intervals, replaced
from learners.fields import SecondsField
from learners.playing import Seen
from learners.report_tokens import moment
from marketplace.lib import arrays

# Who stopped within the last seconds has finished: the film starts at 0 again.
TAIL_SHARE, TAIL_MOST_S = 0.05, 5.0


class LessonProgressQuerySet(models.QuerySet["LessonProgress"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def open(self, *, learner_id: int, course_id: int, lesson_key: uuid.UUID) -> "LessonProgress":
        """The row of this lesson, made when it is not there yet."""
        row, _is_new = self.get_or_create(
            learner_id=learner_id, lesson_key=lesson_key, defaults={"course_id": course_id}
        )
        return row

    def by_course(self, courses: Iterable[int]) -> dict[int, tuple[int, int]]:
        """By course, the seconds that were seen and the lessons that are done."""
        rows = self.filter(course__in=list(courses)).order_by().values("course")
        told = rows.annotate(seconds=Sum("covered_s"), done=Count("done_at"))
        return {row["course"]: (row["seconds"], row["done"]) for row in told}

    def store(self, lessons: Iterable[Seen], texts: arrays.Texts) -> None:
        """Write what reports have changed, while the learners' meters are held."""
        renewed, more = [], []
        for one in lessons:
            covered, at = intervals.to_text(one.covered), texts.of(one.position_at)
            changed = (one.learner_id, one.lesson_key, covered, one.covered_s, one.position_s, at, one.done_at)
            if one.is_renewed:
                since = None if one.shown_since_ms is None else moment(one.shown_since_ms)
                renewed.append((*changed, one.course_id, one.asset, since, one.length_s))
            else:
                more.append(changed)
        arrays.write(_RENEWED, renewed)
        arrays.write(_MORE, more)


# Who is done stays done. What makes a lesson the latest, opening it, waits for no meter: only later times win.
_MORE = """
UPDATE learners_lessonprogress AS seen SET covered = more.covered, covered_s = more.covered_s,
       position_s = more.position_s, position_at = more.position_at,
       touched_at = greatest(seen.touched_at, more.position_at), done_at = coalesce(seen.done_at, more.done_at)
  FROM unnest(%s::bigint[], %s::uuid[], %s::int4multirange[], %s::int[], %s::float8[], %s::timestamptz[],
              %s::timestamptz[]) AS more (learner_id, lesson_key, covered, covered_s, position_s, position_at, done_at)
 WHERE seen.learner_id = more.learner_id AND seen.lesson_key = more.lesson_key
"""
_RENEWED = """
INSERT INTO learners_lessonprogress AS seen (learner_id, lesson_key, covered, covered_s, position_s, position_at,
       done_at, course_id, asset, shown_since, length_s, touched_at)
SELECT *, position_at FROM unnest(%s::bigint[], %s::uuid[], %s::int4multirange[], %s::int[], %s::float8[],
       %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::uuid[], %s::timestamptz[], %s::int[])
       AS new (learner_id, lesson_key, covered, covered_s, position_s, position_at, done_at, course_id, asset,
               shown_since, length_s)
    ON CONFLICT (learner_id, lesson_key) DO UPDATE SET covered = excluded.covered, covered_s = excluded.covered_s,
       position_s = excluded.position_s, position_at = excluded.position_at,
       touched_at = greatest(seen.touched_at, excluded.touched_at), done_at = coalesce(seen.done_at, excluded.done_at),
       asset = excluded.asset, shown_since = excluded.shown_since, length_s = excluded.length_s
"""


class LessonProgress(models.Model):
    """One learner's state in one lesson, whatever version of the course it stands in.

    `covered` belongs to the film `asset`. When another film is opened in its place, what still fits of it is kept if
    the creator replaced one by the other (`learners.replaced`), and nothing otherwise; what was done stays done.
    """

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lesson_progress", db_index=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField()
    asset = models.UUIDField(null=True)
    shown_since = models.DateTimeField(null=True, help_text="start of the first session with this film")
    length_s = models.PositiveIntegerField(default=0)
    covered = SecondsField()
    covered_s = models.PositiveIntegerField(default=0)
    position_s = models.FloatField(default=0)
    position_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = LessonProgressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "lesson progress"
        constraints = [models.UniqueConstraint(fields=["learner", "lesson_key"], name="one_progress_a_lesson")]
        # Nothing that each report changes: then an update touches no index (0003_watching).
        indexes = [models.Index(fields=["learner", "course"], name="progress_in_course")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.lesson_key}: {self.covered_s} s"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def percent(self) -> int:
        """Share of the film that was seen; what is done counts as whole."""
        if self.is_done:
            return 100
        return min(99, self.covered_s * 100 // self.length_s) if self.length_s else 0

    @property
    def resume_at(self) -> float:
        return resume_at(self.position_s, self.length_s)

    def as_of(self, asset: uuid.UUID) -> replaced.Carried | None:
        """What was watched, for the film `asset` that took the place of the one watched; None when none did."""
        if self.asset is None or self.asset == asset:
            return None
        return replaced.carried(self.covered, self.position_s, before=self.asset, now=asset)

    def mark_read(self) -> bool:
        """The learner says that she has read the article. True the first time."""
        return self.mark_done()

    def touch(self) -> None:
        """The learner is at this lesson: the way goes on here."""
        self.touched_at = timezone.now()
        self.save(update_fields=["touched_at"])

    def mark_done(self, *, is_here: bool = True) -> bool:
        """What a lesson without a film asks for was done. True the first time.

        `is_here`: the learner is at this lesson, so that the way goes on here.
        """
        was_done, now = self.is_done, timezone.now()
        self.touched_at = now if is_here else self.touched_at
        self.done_at = self.done_at or now
        self.save(update_fields=["touched_at", "done_at"])
        return not was_done

    def mark_unread(self) -> None:
        self.done_at = None
        self.save(update_fields=["done_at"])


def resume_at(position_s: float, length_s: int) -> float:
    """The second at which to go on; 0 for a film that was watched to its end."""
    tail = min(TAIL_MOST_S, TAIL_SHARE * length_s)
    return 0.0 if position_s >= length_s - tail else position_s
