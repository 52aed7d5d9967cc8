"""A moderator's measure against a rating: nobody reads it, and it does not count, until it is lifted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.models.restraint import Restraint
from courses.models.restriction import AlreadyFreed, AlreadyRestricted
from marketplace.lib.errors import NotAllowed

from .rating import Rating


def _may_judge(person: User, rating: Rating) -> bool:
    return person.has_role("moderator") and person.pk != rating.learner_id and not rating.course.belongs_to(person)


class RatingHidingQuerySet(models.QuerySet["RatingHiding"]):
    def hide(self, rating: Rating, *, by: User, rule_code: str, rule_version: int, reason: str) -> "RatingHiding":
        """With the course held: called by `hiding.hide` alone. Raises AlreadyRestricted, NotAllowed."""
        if not _may_judge(by, rating):
            raise NotAllowed
        if self.filter(rating=rating, lifted_at=None).exists():
            raise AlreadyRestricted
        row = self.create(
            rating=rating, hidden_by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip
        rating.be_hidden(True)
        audit.record(by, "rating.hide", rating, rule=rule_code, reason=reason, course=rating.course_id)
        return row


class RatingHiding(Restraint):
    """A rating was hidden from `hidden_at` until `lifted_at`."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="hidings")
    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField(default=timezone.now)

    objects = RatingHidingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating"], condition=Q(lifted_at=None), name="one_open_hiding_a_rating")
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.rule_code}"

    def lift(self, *, by: User | None, reason: str) -> None:
        """With the course held: called by `hiding.lift` alone; by nobody when its time is up.

        Raises AlreadyFreed, NotAllowed.
        """
        rating = self.rating
        if by is not None and not _may_judge(by, rating):
            raise NotAllowed
        self.end(by=by, reason=reason, refusal=AlreadyFreed)
        rating.be_hidden(False)
        audit.record(by, "rating.lift", rating, reason=reason, course=rating.course_id)
