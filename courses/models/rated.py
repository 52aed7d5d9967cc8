"""What learners think of a course, as lists and pages show it. Reckoned and written by the app above (community)."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils import timezone

from marketplace.lib import window

# Below this no number is shown: three people are no crowd.
LEAST_SHOWN = 3
# What may be asked for at least, in thousandths, by its name; the highest first.
AT_LEAST_STARS = {"4.5": 4500, "4": 4000}
_COUNTS = ArrayField(models.PositiveIntegerField())


def said_of(course: str) -> Any:
    """What the most helpful learners say of the course that the field `course` names, as the tag `ratings_of` reads it:
    for the page's own query. Whose rows they are, the reverse relation knows.
    """
    ratings: Any = apps.get_model("courses", "Course")._meta.get_field("ratings").related_model
    return ratings.objects.rows_of(course)


def stars_of(score: int) -> str:
    """The most of AT_LEAST_STARS that a shown score has; "" for none."""
    return next((name for name, least in AT_LEAST_STARS.items() if score >= least), "")


class Rated(models.Model):
    """Thousandths of a star; 0 while nobody's rating counts. Lists are ordered by the interval's lower end."""

    rating_score = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    rating_low = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    rating_high = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # When it last came to be found by another of AT_LEAST_STARS: search follows it by this.
    rating_moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How many gave one star, two, up to five; empty before the first.
    rating_spread = ArrayField(
        models.PositiveIntegerField(), default=list, db_default=Value([], _COUNTS), editable=False
    )

    class Meta:
        abstract = True

    @property
    def shown_score(self) -> int:
        """What pages show, in thousandths; 0 while there are too few ratings for a number."""
        return self.rating_score if self.rating_count >= LEAST_SHOWN else 0

    def be_rated(self, *, score: int, low: int, high: int, counts: list[int]) -> None:
        """Show this from now on; called with the course held, also when only the words beside the number are new.

        Who sorts by rating finds courses without a number last: their lower end counts as 0.
        """
        found: dict[str, Any] = {
            "rating_score": score, "rating_low": low if sum(counts) >= LEAST_SHOWN else 0, "rating_high": high,
            "rating_count": sum(counts), "rating_spread": counts,
        }  # fmt: skip
        if stars_of(self.shown_score) != stars_of(score if sum(counts) >= LEAST_SHOWN else 0):
            found["rating_moved_at"] = timezone.now()
        if any(getattr(self, name) != value for name, value in found.items()):
            for name, value in found.items():
                setattr(self, name, value)
            self.save(update_fields=list(found))
        window.change()
