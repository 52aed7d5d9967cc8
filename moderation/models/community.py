"""Community reviewers: people who earned trust and give a blind voice on slight cases. Who has which case, what each
said, and what came of it are rows; the standing that all of it gives is reckoned, never stored.
"""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .case import Case
from .rule import FORGOTTEN

# For so long a case waits for the one who has it.
A_TURN = timedelta(days=2)


class CommunityReviewerQuerySet(models.QuerySet["CommunityReviewer"]):
    def present(self) -> Self:
        return self.filter(left_at=None)

    def of(self, person: Any) -> "CommunityReviewer | None":
        return self.present().filter(person_id=person.pk).first() if person.pk else None


class CommunityReviewer(models.Model):
    """A person said that she will review, after the test on the rule book of that edition. Ended by leaving."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="community_reviews")
    edition = models.CharField(max_length=20)
    # How many of the book's examples she judged right, of how many.
    right_answers = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)

    objects = CommunityReviewerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(left_at=None), name="a_reviewer_joins_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} since {self.joined_at:%Y-%m-%d}"

    def leave(self) -> None:
        self.left_at = timezone.now()
        self.save(update_fields=["left_at"])
        CommunityTurn.objects.open_now().filter(reviewer=self).update(ends_at=self.left_at)


class CommunityTurnQuerySet(models.QuerySet["CommunityTurn"]):
    def open_now(self) -> Self:
        """Given, not answered, not over."""
        return self.filter(vote=None, ends_at__gt=timezone.now())


class CommunityTurn(models.Model):
    """A case was given to a reviewer, by chance. Once each; over when she has voted or let the time pass."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="community_turns")
    reviewer = models.ForeignKey(CommunityReviewer, on_delete=models.PROTECT, related_name="turns")
    given_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    objects = CommunityTurnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reviewer"], name="a_case_is_given_once")]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.reviewer_id}"


class Verdict(models.TextChoices):
    BREAKS = "breaks", _("It breaks a rule")
    FINE = "fine", _("It is in order")


class CommunityVote(models.Model):
    """What one reviewer said of one case, without knowing what others said. Append-only but for forgetting."""

    turn = models.OneToOneField(CommunityTurn, on_delete=models.PROTECT, related_name="vote")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="community_votes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="community_votes")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.CharField(max_length=500)
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "by"], name="one_vote_a_person_and_case"),
            models.CheckConstraint(condition=Q(verdict__in=["breaks", "fine"]), name="vote_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.verdict}"

    @classmethod
    def forget(cls, person: User) -> None:
        cls.objects.filter(by=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)


class CommunityAdvice(models.Model):
    """What the reviewers recommend, when enough have voted. Append-only; a moderator decides."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="community_advice")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    votes = models.PositiveSmallIntegerField()
    agreeing = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["breaks", "fine"]), name="advice_is_known"),
            models.CheckConstraint(
                condition=Q(agreeing__lte=models.F("votes"), votes__gte=1), name="advice_counts_its_votes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.verdict} {self.agreeing}/{self.votes}"

    @property
    def is_unanimous(self) -> bool:
        return self.votes == self.agreeing
