"""Sections and lessons of a version. They change only while the version is open; a trigger refuses the rest."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Deferrable, Max, Q
from django.utils.translation import gettext_lazy as _

from courses.reading import reading_seconds
from marketplace.lib.errors import NotAllowed
from videos.models import Video

from .course import Course
from .version import EditedElsewhere, TooMany, Version

MOST_LESSONS = 500


class SectionQuerySet(models.QuerySet["Section"]):
    def editable_by(self, user: Any) -> "SectionQuerySet":
        return self.filter(version__state__in=Version.EDITABLE, version__course__creator__user_id=user.pk)

    def append(self, version: Version, title: str) -> "Section":
        """Called by Version.add_section alone."""
        section = self.model(version=version, title=_title(title), position=_next(version.sections))
        section.save()
        return section

    def arrange(self, version: Version, order: list[tuple[int, list[int]]]) -> bool:
        """Called by Version.arrange alone; False when the ids are not those of the version. Positions may swap, since
        their uniqueness is checked at commit.
        """
        sections = {section.pk: section for section in version.sections.all()}
        lessons = {lesson.pk: lesson for lesson in version.lessons.all()}
        named = [pk for _section, pks in order for pk in pks]
        if sorted(sections) != sorted(pk for pk, _pks in order) or sorted(lessons) != sorted(named):
            return False
        for at, (section_pk, lesson_pks) in enumerate(order):
            sections[section_pk].position = at
            for lesson_at, pk in enumerate(lesson_pks):
                lessons[pk].section_id, lessons[pk].position = section_pk, lesson_at
        Section.objects.bulk_update(sections.values(), ["position"])
        Lesson.objects.bulk_update(lessons.values(), ["section", "position"])
        return True

    def copy_to(self, draft: Version) -> None:
        """Copy these sections with their lessons, keys kept; called by Version.copied alone."""
        for section in self.prefetch_related("lessons"):
            lessons = list(section.lessons.all())
            section.pk, section._state.adding, section.version = None, True, draft
            section.save(force_insert=True)
            for lesson in lessons:
                lesson.pk, lesson._state.adding = None, True
                lesson.version, lesson.section = draft, section
            Lesson.objects.bulk_create(lessons)


class Section(models.Model):
    """A chapter of one version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveIntegerField()

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="section_positions_are_unique", deferrable=Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def rename(self, title: str) -> None:
        self.version.hold_open()
        self.title = _title(title)
        self.save(update_fields=["title"])

    @transaction.atomic
    def add_lesson(self, title: str, kind: str = "video", video: Video | None = None) -> "Lesson":
        """A new last lesson of this section, perhaps with its film.
        Raises TooMany, VersionClosed, ValidationError, NotAllowed for somebody else's film.
        """
        self.version.hold_open()
        if self.version.lessons.count() >= MOST_LESSONS:
            raise TooMany
        if kind not in Lesson.Kind.values:
            raise ValidationError({"kind": _("A lesson is a video or an article.")})
        lesson = Lesson(version=self.version, section=self, title=_title(title), kind=kind)
        lesson.position = _next(self.lessons)
        if video is not None:
            lesson._show(video)
        lesson.save()
        self.version.recount()
        return lesson

    @transaction.atomic
    def remove(self) -> None:
        """Take the section and its lessons out of the draft."""
        self.version.hold_open()
        self.delete()
        self.version.recount()


class LessonQuerySet(models.QuerySet["Lesson"]):
    def live_of(self, course: Course) -> "LessonQuerySet":
        """Lessons of the live version, in order, with section and film."""
        return self.filter(version_id=course.live_version_id).in_order().select_related("section", "video")

    def live(self) -> "LessonQuerySet":
        """Lessons that stand in a live version."""
        return self.filter(version__state=Version.State.LIVE)

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
    """One film or article. `key` stays the same from version to version, and evidence of learning hangs on it."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("Video")
        ARTICLE = "article", _("Article")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="lessons")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="lessons")
    key = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.VIDEO)
    position = models.PositiveIntegerField()
    video = models.ForeignKey(Video, null=True, blank=True, on_delete=models.PROTECT, related_name="lessons")
    article = models.TextField(_("text"), max_length=100_000, blank=True)
    is_preview = models.BooleanField(_("free preview"), default=False)
    duration_s = models.PositiveIntegerField(default=0)
    # Counts edits of title and text, so that two windows cannot overwrite each other.
    revision = models.PositiveIntegerField(default=0)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"], name="lesson_positions_are_unique", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["version", "key"], name="a_lesson_stands_once_in_a_version"),
            models.CheckConstraint(condition=Q(kind__in=["video", "article"]), name="lesson_kind_is_known"),
            models.CheckConstraint(condition=Q(kind="video") | Q(video=None), name="an_article_has_no_film"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_article(self) -> bool:
        return self.kind == self.Kind.ARTICLE

    @property
    def is_complete(self) -> bool:
        """Whether there is something to watch or read."""
        return bool(self.article.strip()) if self.is_article else bool(self.video and self.video.is_ready)

    @transaction.atomic
    def edit(
        self,
        *,
        title: str | None = None,
        article: str | None = None,
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
            self.title = _title(title)
        if article is not None and self.is_article:
            self.article = article
            self.duration_s = reading_seconds(article)
        if is_preview is not None:
            self.is_preview = is_preview
        self.revision += 1
        self.clean_fields(exclude=["version", "section", "video"])
        self.save(update_fields=["title", "article", "duration_s", "is_preview", "revision"])
        self.version.recount()

    @transaction.atomic
    def attach_video(self, video: Video) -> None:
        """Make `video` this lesson's film; it may still be on its way. Raises NotAllowed for somebody else's film."""
        self.version.hold_open()
        self._show(video)
        self.save(update_fields=["video", "duration_s"])
        self.version.recount()

    def _show(self, video: Video) -> None:
        if not self.version.course.belongs_to(video.owner):
            raise NotAllowed(_("This film belongs to somebody else."))
        if self.is_article:
            raise ValidationError({"video": _("An article has no film.")})
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
        self.is_preview = is_preview
        self.save(update_fields=["is_preview"])

    @transaction.atomic
    def remove(self) -> None:
        """Take the lesson out of the draft; live versions keep theirs."""
        self.version.hold_open()
        self.delete()
        self.version.recount()


def _film_seconds(video: Video) -> int:
    return -(-(video.duration_ms or 0) // 1000)


def _title(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 120:
        raise ValidationError({"title": _("Give it a title of at most 120 characters.")})
    return text


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
