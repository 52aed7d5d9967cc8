"""Ratings as pages and the API show them: the number with its interval, the spread, and what people wrote."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q

from courses.models import Course
from courses.models.rated import LEAST_SHOWN
from courses.paging import Page, page_of

from .formula import STARS
from .models import HelpfulVote, Rating, RatingReply
from .models.rating import ASPECTS, RatingQuerySet

# Each order is one column and the id, so that every page can begin where the last one ended.
ORDERS = {"helpful": ("-helpful_count", "-id"), "newest": ("-said_at", "-id")}


@dataclass(frozen=True)
class Bar:
    """How many gave so many stars; `percent` of all that count."""

    stars: int
    count: int
    percent: int


@dataclass(frozen=True)
class Summary:
    """What a course's own row says of its ratings. No query."""

    course: Course

    @property
    def count(self) -> int:
        return self.course.rating_count

    @property
    def score(self) -> int:
        """In thousandths; 0 while there are too few."""
        return self.course.shown_score

    @property
    def missing(self) -> int:
        """How many more it takes for a number."""
        return max(0, LEAST_SHOWN - self.count)

    @property
    def bars(self) -> list[Bar]:
        """From five stars to one."""
        spread = self.course.rating_spread or [0] * len(STARS)
        return [Bar(stars, spread[stars - 1], round(spread[stars - 1] * 100 / max(1, self.count)))
                for stars in reversed(STARS)]  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """What stands beside the score: parts of the course, and what those said who paid nothing where others pay."""

    aspects: list[tuple[Any, float]]
    apart_count: int
    apart_mean: float | None


def beside(course: Course) -> Beside:
    """One query."""
    paid = Q(is_apart=False)
    found = Rating.objects.shown().filter(course=course).aggregate(
        apart_count=Count("pk", filter=~paid), apart_mean=Avg("stars", filter=~paid),
        **{f"{name}_n": Count(name, filter=paid) for name in ASPECTS},
        **{f"{name}_mean": Avg(name, filter=paid) for name in ASPECTS},
    )  # fmt: skip
    aspects = [(label, found[f"{name}_mean"]) for name, label in ASPECTS.items() if found[f"{name}_n"] >= LEAST_SHOWN]
    return Beside(aspects, found["apart_count"], found["apart_mean"])


def rows(course: Course, stars: int | None = None) -> RatingQuerySet:
    """What the public may read, all or of so many stars, each with the reply that stands."""
    found = Rating.objects.shown().filter(course=course).with_replies()
    return found if stars is None else found.filter(stars=stars)


def reply_to(rating: Rating | None) -> RatingReply | None:
    """The reply that stands; None where there is none, or it was taken back."""
    last = rating.replies.last() if rating else None
    return last if last and last.text else None


def stars_of(asked: str) -> int | None:
    """Of which stars only are asked for; None for all, and for what are no stars."""
    return int(asked) if asked in {"1", "2", "3", "4", "5"} else None


def page(course: Course, reader: Any, marks: dict[str, str], *, order: str, stars: int | None) -> Page:
    """A page of all of them; `is_found_helpful` says whether the reader has voted for one."""
    found = page_of(rows(course, stars), ORDERS[order], after=marks["after"], before=marks["before"])
    mine: set[int] = set()
    if reader.is_authenticated:
        votes = HelpfulVote.objects.filter(voter=reader, rating__in=[row.pk for row in found.rows])
        mine = set(votes.values_list("rating_id", flat=True))
    for row in found.rows:
        row.is_found_helpful = row.pk in mine
    return found
