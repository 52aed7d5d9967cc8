"""What was looked for in one week, by at least so many people that nobody stands behind it."""

from collections.abc import Collection
from datetime import date

from django.db import models, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum

FEWEST_PEOPLE = 5
# So many courses that answer well, or fewer, and the topic has room.
FEW_COURSES = 3


class DemandQuerySet(models.QuerySet["Demand"]):
    @transaction.atomic
    def put(
        self, *, week: date, words: str, people: int, searches: int, courses: int, instead_of: Collection[str] = ()
    ) -> None:
        """What is known of these words in this week; again, with newer counts. `instead_of`: other words for it."""
        self.filter(week=week, words__in=instead_of).exclude(words=words).delete()
        fresh = {"people": people, "searches": searches, "courses": courses}
        self.update_or_create(week=week, words=words, defaults=fresh)

    def since(self, week: date) -> "QuerySet[Demand, dict]":
        """By words, from `week` on: most_people (of the fullest week), all_searches, latest_week, latest_courses."""
        latest = Demand.objects.filter(words=OuterRef("words")).order_by("-week").values("courses")[:1]
        return (
            self.filter(week__gte=week)
            .values("words")
            .annotate(
                most_people=Max("people"),
                all_searches=Sum("searches"),
                latest_week=Max("week"),
                latest_courses=Subquery(latest),
            )  # fmt: skip
        )


class Demand(models.Model):
    """Words, how many people asked for them in that week, and how many courses answered well at the last one."""

    week = models.DateField()
    words = models.CharField(max_length=80)
    people = models.PositiveIntegerField()
    searches = models.PositiveIntegerField()
    courses = models.PositiveIntegerField()

    objects = DemandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "words"], name="one_demand_a_week_and_words"),
            models.CheckConstraint(condition=Q(people__gte=FEWEST_PEOPLE), name="demand_is_of_many"),
            models.CheckConstraint(condition=Q(searches__gte=F("people")), name="each_of_them_searched"),
        ]

    def __str__(self) -> str:
        return self.words
