"""One lesson of a version: what it shows, how it is written, and how long it takes."""

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Deferrable, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses import file_types, film_words, lengths
from courses.assignments import completeness as of_assignment
from courses.assignments import shape as assignment_shape
from courses.quizzes import completeness, shape
from marketplace.lib.errors import NotAllowed
from videos.models import Priority, PutAway, Video, VideoFinding

from .attachment import Attachment
from .course import Course
from .restriction import Restriction
from .version import EditedElsewhere, Version

if TYPE_CHECKING:
    pass


class LessonQuerySet(models.QuerySet["Lesson"]):
    def live_of(self, course: Course) -> "LessonQuerySet":
        """Lessons of the live version, in order, with section and film."""
        return self.filter(version_id=course.live_version_id).in_order().select_related("section", "video")

    def live(self) -> "LessonQuerySet":
        """Lessons that stand in a live version."""
        return self.filter(version__state=Version.State.LIVE)

    def in_use(self) -> "LessonQuerySet":
        """Lessons of versions that learners see or somebody may yet work on: not of past ones."""
        return self.exclude(version__state=Version.State.SUPERSEDED).select_related("version__course__live_version")

    def not_hidden(self) -> "LessonQuerySet":
        """Without what a moderator has hidden: nobody can open it, so nothing may wait for it."""
        return self.exclude(key__in=Restriction.objects.hiding().values("lesson_key"))

    def with_hidden(self) -> "LessonQuerySet":
        """With `is_hidden`: whether a moderator has hidden it."""
        return self.annotate(is_hidden=Exists(Restriction.objects.hiding().filter(lesson_key=OuterRef("key"))))

    def with_twins(self) -> "LessonQuerySet":
        """Lessons whose film runs beside an earlier one of another creator."""
        return self.filter(video__in=VideoFinding.objects.twins().values("video_id"))

    def in_order(self) -> "LessonQuerySet":
        return self.order_by("section__position", "position")

    def editable_by(self, user: Any) -> "LessonQuerySet":
        return self.filter(version__state__in=Version.EDITABLE, version__course__creator__user_id=user.pk)

    @transaction.atomic
    def refresh_durations(self, video: Video) -> None:
        """The film's length is known or has changed: its lessons, their versions and courses follow."""
        length = _film_seconds(video)
        stale = self.filter(video=video).exclude(duration_s=length)
        versions = list(Version.objects.filter(pk__in=stale.values("version_id")).select_related("course"))
        stale.update(duration_s=length)
        for version in versions:
            version.recount()


class Lesson(models.Model):
    """One film, article, set of files, quiz or assignment.

    `key` stays the same from version to version; evidence hangs on it.
    """

    class Kind(models.TextChoices):
        VIDEO = "video", _("Video")
        ARTICLE = "article", _("Article")
        FILE = "file", _("Files")
        QUIZ = "quiz", _("Quiz")
        ASSIGNMENT = "assignment", _("Assignment")

    TEXTS = (Kind.ARTICLE, Kind.FILE)
    # Done by what a learner makes, not by what she looks at.
    GRADED = (Kind.QUIZ, Kind.ASSIGNMENT)

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="lessons")
    section = models.ForeignKey("Section", on_delete=models.CASCADE, related_name="lessons")
    key = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.VIDEO)
    position = models.PositiveIntegerField()
    video = models.ForeignKey(Video, null=True, blank=True, on_delete=models.PROTECT, related_name="lessons")
    article = models.TextField(_("text"), max_length=100_000, blank=True)
    # What `courses.quizzes.shape` reads and writes; null until a quiz has its first question or rule.
    quiz = models.JSONField(null=True, blank=True)
    # What `courses.assignments.shape` reads and writes; null until an assignment has its first word.
    assignment = models.JSONField(null=True, blank=True)
    is_preview = models.BooleanField(_("free preview"), default=False)
    duration_s = models.PositiveIntegerField(default=0)
    # Counts edits of title and text, so that two windows cannot overwrite each other.
    revision = models.PositiveIntegerField(default=0)

    # Only on rows of with_hidden().
    is_hidden: bool

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"], name="lesson_positions_are_unique", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["version", "key"], name="a_lesson_stands_once_in_a_version"),
            models.CheckConstraint(
                condition=Q(kind__in=["video", "article", "file", "quiz", "assignment"]), name="lesson_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(kind="video") | Q(video=None), name="an_article_has_no_film"),
            models.CheckConstraint(condition=Q(kind="quiz") | Q(quiz__isnull=True), name="only_a_quiz_has_questions"),
            models.CheckConstraint(
                condition=Q(kind="assignment") | Q(assignment__isnull=True), name="only_an_assignment_has_a_task"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["quiz", "assignment"], is_preview=True), name="what_is_graded_is_no_preview"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_article(self) -> bool:
        return self.kind == self.Kind.ARTICLE

    @property
    def icon(self) -> str:
        """The name of its sign in lists."""
        return {"video": "film", "article": "text", "file": "file", "quiz": "quiz"}.get(self.kind, "edit")

    @property
    def is_video(self) -> bool:
        return self.kind == self.Kind.VIDEO

    @property
    def is_shown_free(self) -> bool:
        """Whether everybody may open it, in the live version; only of rows of with_hidden()."""
        return self.is_preview and not self.is_hidden

    @property
    def is_complete(self) -> bool:
        """Whether there is something to watch, read, take away or answer."""
        if self.is_video:
            return bool(self.video and self.video.is_ready)
        if self.kind == self.Kind.FILE:
            return bool(self.files.all())
        if self.kind == self.Kind.ASSIGNMENT:
            return of_assignment.is_complete(self.assigned)
        return bool(self.article.strip()) if self.is_article else completeness.is_complete(self.questions)

    @property
    def why_its_film_stays(self) -> str:
        return film_words.why_it_stays(self)

    @property
    def questions(self) -> shape.Quiz:
        """The quiz of this lesson: rules and questions, answers included."""
        return shape.read(self.quiz)

    @property
    def assigned(self) -> assignment_shape.Assignment:
        """The assignment of this lesson: what is to be done, rules and rubric."""
        return assignment_shape.read(self.assignment)

    @transaction.atomic
    def edit(
        self,
        *,
        title: str | None = None,
        article: str | None = None,
        quiz: shape.Quiz | None = None,
        assignment: assignment_shape.Assignment | None = None,
        is_preview: bool | None = None,
        revision: int | None = None,
    ) -> None:
        """`revision` is the one that the writer saw; None edits whatever is there.
        Raises EditedElsewhere (facts: revision), VersionClosed, ValidationError.
        """
        self.version.hold_open()
        self.refresh_from_db(fields=["revision"])
        if revision not in (None, self.revision):
            raise EditedElsewhere(revision=self.revision)
        if title is not None:
            self.title = titled(title)
        if article is not None and self.kind in self.TEXTS:
            self.article = article
        if quiz is not None and self.kind == self.Kind.QUIZ:
            shape.must_hold(quiz)
            self.quiz = shape.written(quiz)
        if assignment is not None and self.kind == self.Kind.ASSIGNMENT:
            assignment_shape.must_hold(assignment, file_types.TYPES)
            self.assignment = assignment_shape.written(assignment)
        if is_preview is not None:
            self._offer(is_preview)
        if not self.is_video:
            self.duration_s = self._length()
        self.revision += 1
        self.clean_fields(exclude=["version", "section", "video"])
        self.save(update_fields=["title", "article", "quiz", "assignment", "duration_s", "is_preview", "revision"])
        self.version.recount()

    def hold_open(self) -> None:
        """Lock the course and read the words of this lesson anew; inside a transaction. Raises VersionClosed."""
        self.version.hold_open()
        self.refresh_from_db(fields=["title", "article", "quiz", "assignment", "is_preview", "revision"])

    def refresh_length(self) -> None:
        """Its files have changed; called by Attachment alone, with the version held."""
        self.duration_s = self._length()
        self.save(update_fields=["duration_s"])
        self.version.recount()

    def _length(self) -> int:
        if self.kind == self.Kind.QUIZ:
            return lengths.of_quiz(self.questions)
        if self.kind == self.Kind.ASSIGNMENT:
            return lengths.of_assignment(self.assigned)
        files = self.files.count() if self.kind == self.Kind.FILE else 0
        return lengths.of_text(self.article) + lengths.of_files(files)

    def _offer(self, is_preview: bool) -> None:
        if is_preview and self.kind in self.GRADED:
            raise ValidationError(
                {"is_preview": _("Quizzes and assignments belong to who has the course: they are no free preview.")}
            )
        self.is_preview = is_preview

    @transaction.atomic
    def attach_video(self, video: Video) -> None:
        """Make `video` this lesson's film; it may still be on its way.

        Raises NotAllowed for somebody else's film, VideoPutAway for one that she removed.
        """
        self.version.hold_open()
        self._show(video)
        self.save(update_fields=["video", "duration_s"])
        self.version.recount()
        self.hasten_film()

    def hasten_film(self) -> None:
        """The first film of a course that was never on sale is converted before others: its creator waits for it."""
        is_new = self.version.course.live_version_id is None
        if self.video and is_new and not self.version.lessons.exclude(pk=self.pk).exclude(video=None).exists():
            self.video.hasten(Priority.SOON)

    def _show(self, video: Video) -> None:
        if not self.version.course.belongs_to(video.owner):
            raise NotAllowed(_("This film belongs to somebody else."))
        if not self.is_video:
            raise ValidationError({"video": _("Only a video lesson has a film.")})
        PutAway.objects.must_be_kept(video)
        self.video, self.duration_s = video, _film_seconds(video)

    @transaction.atomic
    def detach_video(self) -> None:
        self.version.hold_open()
        self.video, self.duration_s = None, 0
        self.save(update_fields=["video", "duration_s"])
        self.version.recount()

    @transaction.atomic
    def mark_preview(self, is_preview: bool) -> None:
        self.version.hold_open()
        self._offer(is_preview)
        self.save(update_fields=["is_preview"])

    @transaction.atomic
    def remove(self) -> None:
        """Take the lesson out of the draft; live versions keep theirs."""
        self.version.hold_open()
        Attachment.objects.filter(lesson=self).remove()
        self.delete()
        self.version.recount()


def _film_seconds(video: Video) -> int:
    return -(-(video.duration_ms or 0) // 1000)


def titled(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 120:
        raise ValidationError({"title": _("Give it a title of at most 120 characters.")})
    return text
