"""What a learner thinks of a course: stars, words, parts of it. One row each, every state of it kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course
from marketplace.lib.errors import DomainError

from .said import clean_text
from .voted import Voted

LONGEST_TEXT = 4_000
MOST_REVISIONS = 50
# Parts of a course that can be rated apart, each from 1 to 5 or not at all.
ASPECTS = {"content": _("Content"), "clarity": _("Explanations"), "practice": _("Practice")}
MOST_ON_THE_COURSE_PAGE = 3
_STARS = Q(stars__range=(1, 5))
# What the course's page shows of one.
_ROW = ("stars", "text", "is_named", "learned", "is_apart", "said_at", "revision", "helpful_count", "reply_text",
        "replied_at")  # fmt: skip


class RatedElsewhere(DomainError):
    """`facts["revision"]`: the one that stands."""

    code = "rated_elsewhere"
    message = _(
        "You have changed your rating in another window meanwhile. Reload to see it; copy what you wrote first."
    )


class TooManyRevisions(DomainError):
    code = "too_many_revisions"
    message = _("You have changed this rating as often as is possible.")


class RatingQuerySet(models.QuerySet["Rating"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def shown(self) -> Self:
        """What the public may read: not what a moderator has hidden."""
        return self.filter(is_hidden=False)

    def answerable_by(self, creator: Any) -> Self:
        """Those of her own courses."""
        return self.shown().filter(course__creator__user=creator).select_related("course__creator", "learner")

    def counting(self, since: datetime) -> Self:
        """Those that a score is made of: paid for or free for all, said since then, not hidden."""
        return self.shown().filter(is_apart=False, said_at__gt=since)

    def stand_apart(self, is_apart: bool = True) -> int:
        """No part of the score from now on: their writers have paid nothing after all; or a part of it again. How
        many.
        """
        return self.update(is_apart=is_apart)

    def with_replies(self) -> Self:
        """With their writers and the reply that stands: `reply_text`, `replied_at`, `reply_number`."""
        from .reply import RatingReply

        last = RatingReply.objects.filter(rating=OuterRef("pk")).order_by("-number")
        return self.select_related("learner").annotate(
            reply_text=Subquery(last.values("text")[:1]),
            replied_at=Subquery(last.values("said_at")[:1]),
            reply_number=Subquery(last.values("number")[:1]),
        )

    def rows_of(self, course: str) -> ArraySubquery:
        """The most helpful with words of the course that the field `course` names, as `rows_from` reads them: for
        whoever wants them in a query of its own.
        """
        worded = self.shown().filter(course=OuterRef(course)).exclude(text="").with_replies()
        rows = worded.order_by("-helpful_count", "-pk")[:MOST_ON_THE_COURSE_PAGE]
        return ArraySubquery(rows.values(row=JSONObject(name="learner__name", **{name: name for name in _ROW})))

    def say(
        self, *, learner: User, course: Course, said: Mapping[str, Any], learned: int, is_apart: bool,
        revision: int | None = None,
    ) -> "Rating":  # fmt: skip
        """The learner's rating says this from now on. Called by `rating.rate` alone, which holds the course.

        `said`: stars, text, is_named (left out: as it stands) and ASPECTS. `revision`: the one that she saw, 0 for
        none, None for whatever stands. Raises ValidationError, RatedElsewhere, TooManyRevisions.
        """
        fields = cleaned(said)
        # Its own lock too: a vote holds no course, and what it counts between this look and the writing must stay.
        row = self.select_for_update(no_key=True).filter(learner=learner, course=course).first()
        standing = row.revision if row else 0
        if revision is not None and revision != standing:
            raise RatedElsewhere(revision=standing)
        if standing >= MOST_REVISIONS:
            raise TooManyRevisions
        said_anew = row or Rating(learner=learner, course=course)
        said_anew.take(fields, learned=learned, is_apart=is_apart)
        return said_anew


class Rating(Voted):
    """What one learner says of one course now. It stays when her money comes back, and when she goes, without a name.

    `learned`: percent of the course that she had verifiably seen when she said it. `is_apart`: she paid nothing for a
    course that has a price; shown beside the others, and no part of the score.
    """

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ratings")
    stars = models.PositiveSmallIntegerField()
    content = models.PositiveSmallIntegerField(null=True)
    clarity = models.PositiveSmallIntegerField(null=True)
    practice = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    is_named = models.BooleanField(default=True)
    learned = models.PositiveSmallIntegerField()
    is_apart = models.BooleanField(default=False)
    first_at = models.DateTimeField(default=timezone.now)
    said_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0)
    # Follows the open restriction of a moderator.
    is_hidden = models.BooleanField(default=False, db_default=False)
    # Follows the rows of HelpfulVote.
    helpful_count = models.PositiveIntegerField(default=0)

    # Only on rows of `shown`: the reply that stands, and whether the reader has voted for it.
    reply_text: str | None
    replied_at: datetime | None
    reply_number: int | None
    is_found_helpful: bool

    COUNT = "helpful_count"
    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "learner"], name="one_rating_a_course"),
            models.CheckConstraint(condition=_STARS, name="one_to_five_stars"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__range": (1, 5)}), name=f"rating_of_{name}_in_stars"
                )
                for name in ASPECTS
            ),
            models.CheckConstraint(condition=Q(learned__range=(10, 100)), name="a_rater_has_seen_a_tenth"),
        ]
        indexes = [
            models.Index(F("course"), F("helpful_count").desc(), F("id").desc(), name="rating_helpful"),
            models.Index(F("course"), F("said_at").desc(), F("id").desc(), name="rating_newest"),
            models.Index(fields=["learner"], name="rating_of_learner"),
            # What is new on the whole site: asked for by the search index every few seconds, by the mails each hour.
            models.Index(fields=["said_at"], name="rating_said_at"),
            models.Index(fields=["first_at"], name="rating_first_at"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.stars}"

    @property
    def author(self) -> str:
        """As the public reads it; empty for who wants no name there, or is gone."""
        return self.learner.name if self.is_named else ""

    @property
    def milli(self) -> int:
        """Its stars in thousandths, as they are drawn."""
        return self.stars * 1000

    @property
    def was_edited(self) -> bool:
        return self.revision > 1

    def take(self, fields: Mapping[str, Any], *, learned: int, is_apart: bool) -> None:
        """Say this, and keep it as a revision; called by `say` alone."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.learned, self.is_apart, self.said_at = learned, is_apart, timezone.now()
        self.revision += 1
        self.save()
        kept = ("stars", *ASPECTS, "text", "is_named", "learned", "is_apart", "said_at")
        self.revisions.create(number=self.revision, **{name: getattr(self, name) for name in kept})

    @transaction.atomic
    def find_helpful(self, voter: User, *, helpful: bool = True) -> None:
        """One vote a person; twice is as good as once. Called by `rating.find_helpful`, and when somebody goes.

        Raises OwnRating for her own, and for the course's creator.
        """
        rows = Rating.objects.select_for_update(no_key=True, of=("self",)).select_related("course__creator")
        row = rows.get(pk=self.pk)
        if row.learner_id == voter.pk or row.course.belongs_to(voter):
            raise OwnRating
        row._take_vote(voter, helpful)

    def may_be_judged_by(self, person: User) -> bool:
        """A moderator who neither wrote it nor made the course."""
        is_own = person.pk == self.learner_id or self.course.belongs_to(person)
        return person.has_role("moderator") and not is_own

    def be_hidden(self, hidden: bool) -> None:
        """Follow a moderator's restriction; called with the course held."""
        self.is_hidden = hidden
        self.save(update_fields=["is_hidden"])


class OwnRating(DomainError):
    code = "own_rating"
    message = _("Who wrote a rating, or made its course, has no vote on it.")


class RatingRevisionQuerySet(models.QuerySet["RatingRevision"]):
    def forget(self, learner: User) -> None:
        """What she had said before she said it otherwise: its words go. The database lets the deleted alone do so."""
        earlier = self.filter(rating__learner=learner, number__lt=F("rating__revision")).exclude(text="")
        self.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(text="")


class RatingRevision(models.Model):
    """What a rating said from `said_at` until the next one. Append-only."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    stars = models.PositiveSmallIntegerField()
    content = models.PositiveSmallIntegerField(null=True)
    clarity = models.PositiveSmallIntegerField(null=True)
    practice = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    is_named = models.BooleanField(default=True, db_default=True)
    learned = models.PositiveSmallIntegerField()
    is_apart = models.BooleanField(default=False, db_default=False)
    said_at = models.DateTimeField()

    objects = RatingRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rating", "number"], name="rating_revision_number")]

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.number}: {self.stars}"


class HelpfulVoteQuerySet(models.QuerySet["HelpfulVote"]):
    def forget(self, voter: User) -> None:
        """All votes of a person who goes; they are not counted any more."""
        for rating in Rating.objects.filter(votes__voter=voter).order_by("pk"):
            rating.find_helpful(voter, helpful=False)


class HelpfulVote(models.Model):
    """Somebody found a rating helpful."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    voted_at = models.DateTimeField(default=timezone.now)

    objects = HelpfulVoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "voter"], name="one_vote_a_rating")]

    def __str__(self) -> str:
        return f"{self.rating_id}: {self.voter_id}"


def rows_from(rows: list[dict[str, Any]]) -> list[Rating]:
    """Ratings with what a page shows of them, from `RatingQuerySet.rows_of`."""
    made = []
    for row in rows:
        fields = {name: row[name] for name in _ROW if not name.startswith("repl")}
        one = Rating(**{**fields, "said_at": datetime.fromisoformat(row["said_at"])}, learner=User(name=row["name"]))
        one.reply_text = row["reply_text"]
        one.replied_at = datetime.fromisoformat(row["replied_at"]) if row["replied_at"] else None
        made.append(one)
    return made


def cleaned(said: Mapping[str, Any]) -> dict[str, Any]:
    """What of `said` a rating keeps. Raises ValidationError by field."""
    stars = {"stars": said.get("stars"), **{name: said.get(name) for name in ASPECTS}}
    for name, value in stars.items():
        is_left_out = value is None and name != "stars"
        if not is_left_out and (not isinstance(value, int) or not 1 <= value <= 5):
            raise ValidationError({name: _("Give one to five stars.")})
    text = clean_text(said.get("text") or "", LONGEST_TEXT)
    named = {} if said.get("is_named") is None else {"is_named": bool(said["is_named"])}
    return {**stars, "text": text, **named}
