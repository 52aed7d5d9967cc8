"""Sections and lessons of a version. They change only while the version is open; a trigger refuses the rest."""

import uuid
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Deferrable, Max
from django.utils.translation import gettext_lazy as _

from videos.models import Video

from .attachment import Attachment
from .lesson import Lesson, titled
from .version import TooMany, Version

MOST_LESSONS = 500


class SectionQuerySet(models.QuerySet["Section"]):
    def editable_by(self, user: Any) -> "SectionQuerySet":
        return self.filter(version__state__in=Version.EDITABLE, version__course__creator__user_id=user.pk)

    def append(self, version: Version, title: str) -> "Section":
        """Called by Version.add_section alone."""
        section = self.model(version=version, title=titled(title), position=_next(version.sections))
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
        """Copy these sections with their lessons and files, keys kept; called by Version.copied alone."""
        files = Attachment.objects.filter(lesson__section__in=[section.pk for section in self])
        for section in self.prefetch_related("lessons"):
            lessons = list(section.lessons.all())
            section.pk, section._state.adding, section.version = None, True, draft
            section.save(force_insert=True)
            for lesson in lessons:
                lesson.pk, lesson._state.adding = None, True
                lesson.version, lesson.section = draft, section
            Lesson.objects.bulk_create(lessons)
        files.copy_to(draft, dict(draft.lessons.values_list("key", "pk")))


class Section(models.Model):
    """A chapter of one version. `key` stays the same from version to version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    # The database has its own default for the version before, which knows no keys, while both run.
    key = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID())
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveIntegerField()

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="section_positions_are_unique", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["version", "key"], name="a_section_stands_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def rename(self, title: str) -> None:
        self.version.hold_open()
        self.title = titled(title)
        self.save(update_fields=["title"])

    @transaction.atomic
    def add_lesson(self, title: str, kind: str = "video", video: Video | None = None) -> Lesson:
        """A new last lesson of this section, perhaps with its film.
        Raises TooMany, VersionClosed, ValidationError, NotAllowed for somebody else's film, VideoPutAway.
        """
        self.version.hold_open()
        if self.version.lessons.count() >= MOST_LESSONS:
            raise TooMany
        if kind not in Lesson.Kind.values:
            raise ValidationError({"kind": _("A lesson is a video, an article, files, a quiz or an assignment.")})
        lesson = Lesson(version=self.version, section=self, title=titled(title), kind=kind)
        lesson.position = _next(self.lessons)
        if video is not None:
            lesson._show(video)
        lesson.save()
        self.version.recount()
        lesson.hasten_film()
        return lesson

    @transaction.atomic
    def remove(self) -> None:
        """Take the section and its lessons out of the draft."""
        self.version.hold_open()
        Attachment.objects.filter(lesson__section=self).remove()
        self.delete()
        self.version.recount()


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
