"""Hiding a rating and showing it again: the course's number follows in the same transaction."""

from typing import Any

from django.db import transaction

from accounts.models import User

from . import reckoning
from .models import Rating, RatingHiding


@transaction.atomic
def hide(rating: Rating, *, by: User, **words: Any) -> RatingHiding:
    """`words`: rule_code, rule_version, reason. Raises AlreadyRestricted, NotAllowed."""
    held = rating.course.hold()
    row = RatingHiding.objects.hide(rating, by=by, **words)
    reckoning.reckon(held)
    return row


@transaction.atomic
def lift(row: RatingHiding, *, by: User | None, reason: str) -> None:
    """As before, for everybody and in the number. Raises AlreadyFreed, NotAllowed."""
    held = row.rating.course.hold()
    row.lift(by=by, reason=reason)
    reckoning.reckon(held)
