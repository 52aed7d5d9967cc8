"""A moderator's measures against what somebody wrote: nobody reads it, and it does not count, until that is lifted."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.models.restraint import Restraint
from courses.models.restriction import AlreadyFreed, AlreadyRestricted
from marketplace.lib.errors import NotAllowed

from .post import Post
from .rating import Rating

_Row = TypeVar("_Row", bound="Hiding", covariant=True)


class HidingQuerySet(models.QuerySet[_Row]):
    def hide(self, thing: Any, *, by: User, rule_code: str, rule_version: int, reason: str) -> Any:
        """With what holds the thing locked: called by `hiding` alone. Raises AlreadyRestricted, NotAllowed."""
        of = self.model.OF
        if not thing.may_be_judged_by(by):
            raise NotAllowed
        if self.filter(**{of: thing}, lifted_at=None).exists():
            raise AlreadyRestricted
        row = self.create(
            **{of: thing}, hidden_by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip
        thing.be_hidden(True)
        audit.record(by, f"{of}.hide", thing, rule=rule_code, reason=reason, course=thing.course_id)
        return row


class Hiding(Restraint):
    """What `OF` names was hidden from `hidden_at` until `lifted_at`."""

    OF: ClassVar[str]

    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField(default=timezone.now)

    objects = HidingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, self.OF)}: {self.rule_code}"

    def lift(self, *, by: User | None, reason: str) -> None:
        """Called by `hiding` alone, as `hide` is; by nobody when its time is up. Raises AlreadyFreed, NotAllowed."""
        thing = getattr(self, self.OF)
        if by is not None and not thing.may_be_judged_by(by):
            raise NotAllowed
        self.end(by=by, reason=reason, refusal=AlreadyFreed)
        thing.be_hidden(False)
        audit.record(by, f"{self.OF}.lift", thing, reason=reason, course=thing.course_id)


class RatingHiding(Hiding):
    """A rating was hidden, and no part of the number."""

    OF = "rating"

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="hidings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating"], condition=Q(lifted_at=None), name="one_open_hiding_a_rating")
        ]


class PostHiding(Hiding):
    """A question, an answer or a comment was hidden."""

    OF = "post"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="hidings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(lifted_at=None), name="one_open_hiding_a_post")
        ]
