"""What people do with posts: votes, following, accepting an answer; what a post said before; and who wants no mails."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError

from .digest import Digest
from .post import Post


class AcceptedElsewhere(DomainError):
    """`facts["number"]`: of the choice that stands."""

    code = "accepted_elsewhere"
    message = _("Somebody has just chosen an answer. Reload to see which one, then choose again if you like.")


class PostRevisionQuerySet(models.QuerySet["PostRevision"]):
    def forget(self, author: User) -> None:
        """What she had said before she said it otherwise: its words go. The database lets the deleted alone do so."""
        earlier = self.filter(post__author=author, number__lt=F("post__revision")).exclude(text="", title="")
        self.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(text="", title="")


class PostRevision(models.Model):
    """What a post said from `said_at` until the next one. Append-only."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    is_named = models.BooleanField()
    said_at = models.DateTimeField()

    objects = PostRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_revision_number")]

    def __str__(self) -> str:
        return f"{self.post_id}, {self.number}"


class PostVoteQuerySet(models.QuerySet["PostVote"]):
    def forget(self, voter: User) -> None:
        """All votes of a person who goes; they are not counted any more."""
        for post in Post.objects.filter(votes__voter=voter).order_by("pk"):
            post.vote(voter, up=False)


class PostVote(models.Model):
    """Somebody wants to know that too, or found that answer good."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    voted_at = models.DateTimeField(default=timezone.now)

    objects = PostVoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "voter"], name="one_vote_a_post")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.voter_id}"


MOST_CHOICES = 20


class ChosenTooOften(DomainError):
    code = "chosen_too_often"
    message = _("The answer to this question was changed too often; it stays as it is.")


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def choose(self, question: Post, answer: Post | None, *, by: User, number: int | None) -> "Acceptance":
        """The question's answer is this from now on, or none; with the question held.

        `number`: of the choice that the chooser saw, 0 for none. Chosen already, it is the row that stands. Raises
        AcceptedElsewhere, ChosenTooOften.
        """
        last = self.filter(question=question).order_by("-number").first()
        standing = last.number if last else 0
        if number is not None and number != standing:
            raise AcceptedElsewhere(number=standing)
        if last is not None and last.answer == answer:
            return last
        if standing >= MOST_CHOICES:
            raise ChosenTooOften
        row = self.create(question=question, answer=answer, number=standing + 1, chosen_by=by)
        question.follow_choice()
        return row


class Acceptance(models.Model):
    """Who asked, or the course's creator, chose this answer at `chosen_at`; the last row stands. Append-only.

    No answer: the choice before was taken back.
    """

    question = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="acceptances")
    number = models.PositiveSmallIntegerField()
    answer = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="acceptance_number")]

    def __str__(self) -> str:
        return f"{self.question_id}, {self.number}"


class QuestionFollowQuerySet(models.QuerySet["QuestionFollow"]):
    def choose(self, question: Post, person: User, *, follows: bool) -> None:
        """From now on; chosen twice is as good as once."""
        if follows:
            self.bulk_create([self.model(question=question, person=person)], ignore_conflicts=True)
        else:
            self.filter(question=question, person=person).delete()


class QuestionFollow(models.Model):
    """Somebody wants to hear of answers to a question."""

    question = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects = QuestionFollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="one_follow_a_question")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.person_id}"


class QuestionMailStopQuerySet(models.QuerySet["QuestionMailStop"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def wants(self, person: Any) -> bool:
        return not self.open().filter(person_id=person.pk).exists()

    def choose(self, person: User, *, wants: bool) -> None:
        """From now on; chosen twice is as good as once."""
        if wants:
            self.open().filter(person=person).update(ended_at=timezone.now())
        else:
            self.bulk_create([self.model(person=person)], ignore_conflicts=True)


class QuestionMailStop(models.Model):
    """From `stopped_at` until `ended_at` the person wants to hear nothing of questions and answers."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = QuestionMailStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_open_question_mail_stop")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.stopped_at:%Y-%m-%d}"


class QuestionNotice(Digest):
    """The creator was mailed about all questions that were asked until `told_until`."""

    class Meta:
        indexes = [models.Index(fields=["creator", "-told_until"], name="question_notice_of_creator")]
