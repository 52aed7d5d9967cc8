"""Marks for what was handed in: whose turn it is, what each gave, what came of it, appeal and ruling."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.assignments import scoring
from courses.assignments.scoring import Marks, Points, Score
from courses.assignments.shape import PEERS

from .hand_in import BLANK, HandIn

# So long one may keep a work that waits for review; then it goes to another.
TURN = timedelta(days=3)
# So long after the result was shown one may appeal.
APPEAL = timedelta(days=14)


class PeerTurnQuerySet(models.QuerySet["PeerTurn"]):
    def of(self, reviewer: Any) -> Self:
        return self.filter(reviewer_id=reviewer.pk) if reviewer.pk else self.none()

    def live(self) -> Self:
        """Taken, and neither marked nor given up."""
        return self.filter(expired_at=None, assessment=None)

    def overdue(self, now: datetime) -> Self:
        return self.live().filter(due_at__lt=now)

    def give(self, hand_in: HandIn, reviewer: User, now: datetime) -> "PeerTurn":
        """With the desk held: one of the three places of this work."""
        taken = set(self.filter(hand_in=hand_in, expired_at=None).values_list("place", flat=True))
        # Where none is free the database refuses the fourth.
        place = min(set(range(1, PEERS + 2)) - taken)
        return self.create(
            hand_in=hand_in, reviewer=reviewer, author_id=hand_in.learner_id, lesson_key=hand_in.lesson_key,
            place=place, taken_at=now, due_at=now + TURN,
        )  # fmt: skip

    def expire(self, now: datetime) -> None:
        """Places that are free again. Called with the desk held, or where an account goes."""
        self.live().update(expired_at=now)


class PeerTurn(models.Model):
    """A learner has a work of another before her. The database itself keeps that a work has three places, that nobody
    has her own, and that nobody meets the same person's work twice in one assignment.
    """

    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="turns")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    place = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expired_at = models.DateTimeField(null=True)

    objects = PeerTurnQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=PEERS), name="a_work_has_three_places"),
            models.UniqueConstraint(
                fields=["hand_in", "place"], condition=Q(expired_at=None), name="a_place_is_taken_once"
            ),
            models.UniqueConstraint(
                fields=["reviewer", "author", "lesson_key"], name="nobody_meets_the_same_work_twice"
            ),
            models.CheckConstraint(condition=~Q(reviewer=F("author")), name="nobody_reviews_herself"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(expired_at=None), name="turns_open")]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.hand_in_id}"

    @property
    def is_live(self) -> bool:
        return self.expired_at is None and getattr(self, "assessment", None) is None


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of(self, person: Any) -> Self:
        return self.filter(by_id=person.pk) if person.pk else self.none()

    def by_peers(self) -> Self:
        return self.filter(turn__isnull=False)

    def record(
        self, hand_in: HandIn, by: User, marks: Marks, text: str, *, now: datetime, turn: PeerTurn | None
    ) -> "Assessment":
        return self.create(hand_in=hand_in, by=by, turn=turn, marks=marks, text=text, given_at=now)

    def forget(self, person: User) -> None:
        """Marks stay, whoever gave them is nobody, and what she wrote goes."""
        self.filter(by=person).exclude(text=BLANK).update(text=BLANK)


class Assessment(models.Model):
    """One person's marks for one work. Append-only. Without a turn, the course's creator gave them."""

    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="assessments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    turn = models.OneToOneField(PeerTurn, null=True, on_delete=models.PROTECT, related_name="assessment")
    marks = models.JSONField(help_text="a level's id by the criterion's")
    text = models.TextField()
    given_at = models.DateTimeField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["hand_in", "by"], name="one_assessment_a_person")]

    def __str__(self) -> str:
        return f"{self.hand_in_id}: {self.by_id}"

    @property
    def points(self) -> Points:
        return scoring.points_of(self.hand_in.assignment, self.marks)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def record(self, assessment: Assessment, distance: int) -> None:
        self.create(assessment=assessment, distance=distance, is_far=distance > scoring.FAR_PERCENT)


class Agreement(models.Model):
    """How far a peer's marks were from the medians, in percent of all points; written when a work is settled."""

    assessment = models.OneToOneField(Assessment, primary_key=True, on_delete=models.PROTECT, related_name="agreement")
    distance = models.PositiveSmallIntegerField()
    is_far = models.BooleanField()

    objects = AgreementQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.distance} %"


class HandInResultQuerySet(models.QuerySet["HandInResult"]):
    def record(self, hand_in: HandIn, score: Score, source: str, now: datetime) -> "HandInResult":
        """Once: the second one breaks the key."""
        return self.create(
            hand_in=hand_in, source=source, points=score.points, percent=score.percent, passed=score.passed,
            settled_at=now,
        )  # fmt: skip


class HandInResult(models.Model):
    """What a work was worth: peers' medians, or the creator's marks. Append-only."""

    class Source(models.TextChoices):
        PEERS = "peers", _("Medians of three peers")
        CREATOR = "creator", _("The creator’s marks")

    hand_in = models.OneToOneField(HandIn, primary_key=True, on_delete=models.PROTECT, related_name="result")
    source = models.CharField(max_length=8, choices=Source.choices)
    points = models.JSONField(help_text="by criterion")
    percent = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    settled_at = models.DateTimeField()

    objects = HandInResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(source__in=["peers", "creator"]), name="source_of_result_is_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="at_most_all_points"),
        ]

    def __str__(self) -> str:
        return f"{self.hand_in_id}: {self.percent} %"


class HandInAppealQuerySet(models.QuerySet["HandInAppeal"]):
    def make(self, hand_in: HandIn, by: User, text: str) -> "HandInAppeal":
        return self.create(hand_in=hand_in, by=by, text=text, made_at=timezone.now())

    def waiting(self) -> Self:
        return self.filter(ruling=None)

    def forget(self, person: User) -> None:
        self.filter(by=person).exclude(text=BLANK).update(text=BLANK)


class HandInAppeal(models.Model):
    """The learner says why the result is wrong. Once a work; append-only."""

    hand_in = models.OneToOneField(HandIn, primary_key=True, on_delete=models.PROTECT, related_name="appeal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    made_at = models.DateTimeField()

    objects = HandInAppealQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.hand_in_id}"


class HandInRulingQuerySet(models.QuerySet["HandInRuling"]):
    def record(self, appeal: HandInAppeal, by: User, marks: Marks, score: Score, text: str) -> "HandInRuling":
        return self.create(
            appeal=appeal, by=by, marks=marks, points=score.points, percent=score.percent, passed=score.passed,
            text=text, decided_at=timezone.now(),
        )  # fmt: skip

    def forget(self, person: User) -> None:
        self.filter(by=person).exclude(text=BLANK).update(text=BLANK)


class HandInRuling(models.Model):
    """The creator's reasoned and final word on an appeal: it takes the place of the result. Append-only."""

    appeal = models.OneToOneField(HandInAppeal, primary_key=True, on_delete=models.PROTECT, related_name="ruling")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField()
    points = models.JSONField()
    percent = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    text = models.TextField()
    decided_at = models.DateTimeField()

    objects = HandInRulingQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="at_most_all_points_ruled")]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.percent} %"
