"""What is asked, answered and commented under a lesson: a post each, one row, every state of it kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Course
from learners.models.placed import LAST_SECOND, Placed, SearchedQuerySet
from marketplace.lib.errors import DomainError
from marketplace.lib.words import normal

from .said import clean_text
from .voted import Voted

LONGEST_TITLE = 160
LONGEST_TEXT = 8_000
LONGEST_COMMENT = 1_000
SHORTEST_TITLE = 5
MOST_REVISIONS = 50
MOST_ANSWERS = 200
MOST_COMMENTS = 50
# So much one person writes within an hour; who answers her own course's learners, so much more.
MOST_AN_HOUR, MOST_OF_CREATORS = 20, 200
HOUR = timedelta(hours=1)


class PostChangedElsewhere(DomainError):
    """`facts["revision"]`: the one that stands."""

    code = "post_changed_elsewhere"
    message = _("This was changed in another window meanwhile. Reload to see it; copy what you wrote first.")


class TooManyChanges(DomainError):
    code = "too_many_changes"
    message = _("You have changed this as often as is possible.")


class TooManyPosts(DomainError):
    code = "too_many_posts"
    message = _("You have written much within an hour. Wait a little, then go on.")


class ThreadIsFull(DomainError):
    code = "thread_is_full"
    message = _("There is no room for more here. Ask a question of your own.")


class OwnPost(DomainError):
    code = "own_post"
    message = _("Nobody votes for what she wrote herself.")


class PostQuerySet(SearchedQuerySet["Post"]):
    def of(self, person: Any) -> Self:
        return self.filter(author_id=person.pk) if person.pk else self.none()

    def questions(self) -> Self:
        return self.filter(kind=Post.Kind.QUESTION)

    def answers(self) -> Self:
        return self.filter(kind=Post.Kind.ANSWER)

    def comments(self) -> Self:
        return self.filter(kind=Post.Kind.COMMENT)

    def shown(self) -> Self:
        """Not what a moderator has hidden."""
        return self.filter(is_hidden=False)

    def unanswered(self) -> Self:
        return self.questions().filter(answers_count=0)

    def waiting(self) -> Self:
        """Questions that wait for their course's creator: she has not answered, and no answer is accepted."""
        return self.questions().shown().filter(answered_at=None, accepted=None)

    def with_writers(self) -> Self:
        return self.select_related("author", "course__creator")

    def hold(self, pk: int) -> "Post":
        """A question, locked for the rest of the transaction: what changes its answers queues here."""
        rows = self.select_for_update(no_key=True, of=("self",)).select_related("course__creator", "author")
        return rows.get(pk=pk)

    def write(self, *, kind: str, author: User, said: Mapping[str, Any], **place: Any) -> "Post":
        """A new post, with its first revision. Called by `asking` alone, which holds the author and the question.

        Raises ValidationError by field, TooManyPosts.
        """
        fields = cleaned(kind, said)
        post = Post(kind=kind, author=author, **place)
        most = MOST_OF_CREATORS if post.is_by_creator else MOST_AN_HOUR
        if (
            self.of(author).filter(is_by_creator=post.is_by_creator, written_at__gt=timezone.now() - HOUR).count()
            >= most
        ):
            raise TooManyPosts
        post._say({"is_named": True, **fields})
        return post


class Post(Voted, Placed):
    """What one person wrote under one lesson, whatever version of the course it stands in; it stays when her right
    ends, and when she goes, without a name.

    A question has no `question`; an answer has one, and a comment one and the `parent` that it is about: that question
    or an answer to it. `is_by_creator`: written by the course's creator or a co-author, as such.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("asked by learners", "Question")
        ANSWER = "answer", _("Answer")
        COMMENT = "comment", _("Comment")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="posts")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="comments")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    # Title and text in small letters and simplified signs: what is searched.
    plain = models.TextField(blank=True, editable=False)
    is_named = models.BooleanField(default=True)
    is_by_creator = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)
    said_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0)
    # Follows the open restriction of a moderator.
    is_hidden = models.BooleanField(default=False)
    # Follows the rows of PostVote.
    votes_count = models.PositiveIntegerField(default=0)
    # Of a question: its answers that are shown, when a creator first answered, and the chosen one while it is shown.
    answers_count = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    accepted = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # When those who follow were told of it; of a question always nothing.
    told_at = models.DateTimeField(null=True)

    # Only on rows of `threads`: has the reader voted, what is said about it, its lesson now, why hers is hidden.
    is_voted = False
    remarks: "list[Post]"
    lesson: Any
    hiding: Any = None

    COUNT = "votes_count"
    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="question", question=None, parent=None) & ~Q(title="")
                | Q(kind="answer", question__isnull=False, parent=None, title="")
                | Q(kind="comment", question__isnull=False, parent__isnull=False, title=""),
                name="a_post_knows_its_place",
            ),
            models.CheckConstraint(
                condition=Q(kind="question") | Q(at_s=None, accepted=None, answered_at=None, answers_count=0),
                name="a_question_alone_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(at_s=None, asset=None) | Q(at_s__lte=LAST_SECOND, asset__isnull=False),
                name="a_second_is_of_a_film",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    F(of), F(by).desc(), F("id").desc(), condition=Q(kind="question", is_hidden=False), name=name
                )
                for of, by, name in (
                    ("course", "votes_count", "question_voted"),
                    ("course", "written_at", "question_newest"),
                    ("lesson_key", "votes_count", "question_of_lesson_voted"),
                    ("lesson_key", "written_at", "question_of_lesson_newest"),
                )
            ),
            models.Index(
                fields=["course", "written_at", "id"], name="question_waiting",
                condition=Q(kind="question", is_hidden=False, answered_at=None, accepted=None),
            ),
            # What is new on the whole site: asked for by the mails.
            models.Index(fields=["written_at"], condition=Q(kind="question"), name="question_asked_at"),
            models.Index(F("question"), F("votes_count").desc(), F("id").desc(), condition=Q(kind="answer"),
                         name="answer_voted"),
            models.Index(fields=["parent", "id"], condition=Q(kind="comment"), name="comment_in_order"),
            models.Index(fields=["author", "written_at"], name="post_of_author"),
            models.Index(fields=["written_at", "id"], condition=Q(told_at=None) & ~Q(kind="question"),
                         name="post_to_be_told"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_question(self) -> bool:
        return self.kind == self.Kind.QUESTION

    @property
    def thread_id(self) -> int:
        """Of the question that it is, or belongs to."""
        return self.question_id or self.pk

    @property
    def by(self) -> str:
        """As others read it; empty for who wants no name there, or is gone."""
        if self.is_by_creator and self.course.belongs_to(self.author):
            return self.course.creator.name
        return self.author.name if self.is_named else ""

    @property
    def was_edited(self) -> bool:
        return self.revision > 1

    @property
    def excerpt(self) -> str:
        """What a mail or a list says of it."""
        return self.title or " ".join(self.text.split())[:200]

    def edit(self, said: Mapping[str, Any], *, revision: int | None = None) -> None:
        """Say this from now on, with the row locked. `revision`: the one that the writer saw, None for whatever stands.

        Raises ValidationError, PostChangedElsewhere, TooManyChanges.
        """
        fields = cleaned(self.kind, said)
        if revision is not None and revision != self.revision:
            raise PostChangedElsewhere(revision=self.revision)
        if self.revision >= MOST_REVISIONS:
            raise TooManyChanges
        self._say(fields)

    def _say(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.plain = normal(f"{self.title}\n{self.text}")
        self.said_at = timezone.now()
        self.revision += 1
        self.save()
        kept = ("title", "text", "is_named", "said_at")
        self.revisions.create(number=self.revision, **{name: getattr(self, name) for name in kept})

    @transaction.atomic
    def vote(self, voter: User, *, up: bool = True) -> None:
        """One vote a person; twice is as good as once. Called by `asking.vote`. Raises OwnPost."""
        row = Post.objects.select_for_update(no_key=True).get(pk=self.pk)
        if row.author_id == voter.pk:
            raise OwnPost
        row._take_vote(voter, up)

    def follow_answers(self) -> None:
        """The question's own row says how many answers are shown, and when its creator first answered; held."""
        shown = self.posts.answers().shown()
        first = shown.filter(is_by_creator=True).order_by("written_at").values_list("written_at", flat=True).first()
        self.answers_count, self.answered_at = shown.count(), first
        self.save(update_fields=["answers_count", "answered_at"])

    def follow_choice(self) -> None:
        """The answer that the last Acceptance names, for as long as a moderator has not hidden it; held."""
        last = self.acceptances.select_related("answer").last()
        chosen = last.answer if last else None
        self.accepted = None if chosen is None or chosen.is_hidden else chosen
        self.save(update_fields=["accepted"])

    def be_told(self, at: datetime) -> None:
        self.told_at = at
        self.save(update_fields=["told_at"])

    def may_be_judged_by(self, person: User) -> bool:
        """A moderator who neither wrote it nor made the course."""
        is_own = person.pk == self.author_id or self.course.belongs_to(person)
        return person.has_role("moderator") and not is_own

    def be_hidden(self, hidden: bool) -> None:
        """Follow a moderator's restriction; called with the question held."""
        self.is_hidden = hidden
        self.save(update_fields=["is_hidden"])


def cleaned(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What of `said` such a post keeps. Raises ValidationError by field."""
    text = clean_text(said.get("text") or "", LONGEST_COMMENT if kind == Post.Kind.COMMENT else LONGEST_TEXT)
    fields: dict[str, Any] = {"text": text}
    if kind == Post.Kind.QUESTION:
        fields["title"] = clean_text(" ".join((said.get("title") or "").split()), LONGEST_TITLE, "title")
        if len(fields["title"]) < SHORTEST_TITLE:
            raise ValidationError({"title": _("Say in a few words what you want to know.")})
    elif not text:
        raise ValidationError({"text": _("Write something.")})
    if said.get("is_named") is not None:
        fields["is_named"] = bool(said["is_named"])
    return fields
