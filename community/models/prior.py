"""How stars are given in a category and on the whole site, as the last night found it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from community.formula import Shares, prior
from courses.models import Category

NONE = (0, 0, 0, 0, 0)


class RatingPriorQuerySet(models.QuerySet["RatingPrior"]):
    def expected(self) -> "Expected":
        """The spreads by which scores are reckoned until the next night; one query."""
        return Expected(dict(self.values_list("category_id", "counts")))

    def replace(self, counts: Mapping[int | None, Sequence[int]], at: datetime) -> None:
        """By category (None: the site), all anew. Called by `reckoning` alone, in one transaction."""
        self.all().delete()
        self.bulk_create(self.model(category_id=pk, counts=list(n), reckoned_at=at) for pk, n in counts.items())


class RatingPrior(models.Model):
    """How many gave one star, two, up to five, among the ratings that count. No category: everywhere."""

    category = models.OneToOneField(Category, null=True, on_delete=models.CASCADE, related_name="+")
    counts = ArrayField(models.PositiveIntegerField())
    reckoned_at = models.DateTimeField()

    objects = RatingPriorQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.category_id}: {self.counts}"


class Expected:
    """The spread that a course is expected to have, by its category."""

    def __init__(self, counts: Mapping[int | None, Sequence[int]]) -> None:
        self._counts = counts
        self._made: dict[int | None, Shares] = {}

    def of(self, category_id: int | None) -> Shares:
        if category_id not in self._made:
            category = self._counts.get(category_id, NONE) if category_id else NONE
            self._made[category_id] = prior(category, self._counts.get(None, NONE))
        return self._made[category_id]
