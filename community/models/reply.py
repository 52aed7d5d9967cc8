"""What creators answer to ratings, and what they were mailed about them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .digest import Digest
from .rating import MOST_REVISIONS, RatedElsewhere, Rating, TooManyRevisions
from .said import clean_text

LONGEST_REPLY = 2_000


class RatingReplyQuerySet(models.QuerySet["RatingReply"]):
    def say(self, rating: Rating, text: str, *, by: User, number: int | None = None) -> "RatingReply":
        """The reply says this from now on; with the course held. `number`: the one that the writer saw, 0 for none.

        Raises ValidationError, RatedElsewhere, TooManyRevisions.
        """
        text = clean_text(text, LONGEST_REPLY)
        standing = self.filter(rating=rating).order_by("-number").first()
        standing_number = standing.number if standing else 0
        if not text and not (standing and standing.text):
            raise ValidationError({"text": _("Write an answer.")})
        if number is not None and number != standing_number:
            raise RatedElsewhere(revision=standing_number)
        if standing_number >= MOST_REVISIONS:
            raise TooManyRevisions
        return self.create(rating=rating, number=standing_number + 1, text=text, said_by=by)


class RatingReply(models.Model):
    """What the course's creator answers to a rating from `said_at` on; the last row stands. Append-only. No text: taken
    back.
    """

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=LONGEST_REPLY, blank=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    objects = RatingReplyQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rating", "number"], name="rating_reply_number")]

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.number}"


class RatingNotice(Digest):
    """The creator was mailed about all ratings that were first given until `told_until`."""

    class Meta:
        indexes = [models.Index(fields=["creator", "-told_until"], name="rating_notice_of_creator")]
