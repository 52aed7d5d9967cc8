"""What lies beside a lesson's text: files to take away, and pictures inside it. Private: a door asks for the right."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.models import User
from courses import file_types
from marketplace.lib import images
from marketplace.lib.errors import NotAllowed

from .version import Version

if TYPE_CHECKING:
    from .curriculum import Lesson

MOST_FILES, MOST_PICTURES = 20, 60
PICTURE_SIDE = 1600


def private_files() -> Any:
    return storages["private"]


def path_of_file(attachment: "Attachment", name: str) -> str:
    """Nothing of the name that a person gave reaches the disk."""
    return f"files/{attachment.key.hex[:2]}/{uuid.uuid4().hex}"


def path_of_picture(picture: "Picture", name: str) -> str:
    return f"pictures/{picture.pk.hex[:2]}/{picture.pk.hex}.webp"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def bytes_of(self, version: Version) -> int:
        return self.filter(version=version).aggregate(sum=Sum("size", default=0))["sum"]

    def copy_to(self, draft: Version, lessons: dict[uuid.UUID, int]) -> None:
        """Copy these rows, keys kept, to the lessons with the same keys; the files themselves are shared."""
        copies = []
        for row in self.select_related("lesson"):
            row.pk, row._state.adding = None, True
            row.version, row.lesson_id = draft, lessons[row.lesson.key]
            copies.append(row)
        Attachment.objects.bulk_create(copies)

    @transaction.atomic
    def remove(self) -> None:
        """Take rows out of their draft; a file that no version has any more goes from the storage as well."""
        named = set(self.values_list("file", flat=True))
        self.delete()
        kept = set(Attachment.objects.filter(file__in=named).values_list("file", flat=True))
        for name in named - kept:
            transaction.on_commit(lambda name=name: private_files().delete(name), robust=True)


class Attachment(models.Model):
    """A file of one lesson in one version. `key` stays the same from version to version, as a lesson's does."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey("Lesson", on_delete=models.CASCADE, related_name="files")
    key = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_files, upload_to=path_of_file, max_length=120)
    added_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="a_file_stands_once_in_a_version")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, lesson: "Lesson", upload: File) -> "Attachment":
        """Keep a file for this lesson. Raises VersionClosed, ValidationError when it may not lie here."""
        lesson.version.hold_open()
        return cls._kept(lesson, upload)

    @classmethod
    @transaction.atomic
    def add_each(cls, lesson: "Lesson", uploads: Iterable[File]) -> list[str]:
        """Keep those that may lie here; answers why others may not, each with its name. Raises VersionClosed."""
        lesson.version.hold_open()
        refusals = []
        for upload in uploads:
            try:
                cls._kept(lesson, upload)
            except ValidationError as error:
                refusals.append(f"{upload.name}: {' '.join(error.messages)}")
        return refusals

    @classmethod
    def _kept(cls, lesson: "Lesson", upload: File) -> "Attachment":
        version = lesson.version
        if lesson.kind != "file":
            raise ValidationError({"file": _("Only a lesson of files has files.")})
        if lesson.files.count() >= MOST_FILES:
            raise ValidationError({"file": _("A lesson has at most 20 files.")})
        name, media_type = file_types.checked(upload)
        if cls.objects.bytes_of(version) + upload.size > file_types.MOST_BYTES_A_COURSE:
            raise ValidationError({"file": _("The files of one course are at most 1 GB together.")})
        row = cls(version=version, lesson=lesson, name=name, media_type=media_type, size=upload.size)
        row.sha256 = _digest(upload)
        row.file = upload
        row.save()
        lesson.refresh_length()
        return row

    @transaction.atomic
    def remove(self) -> None:
        """Raises VersionClosed."""
        self.version.hold_open()
        Attachment.objects.filter(pk=self.pk).remove()
        self.lesson.refresh_length()


class Picture(models.Model):
    """A picture inside the text of a lesson, whatever version: the text says which are shown. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lesson_key = models.UUIDField(db_index=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(storage=private_files, upload_to=path_of_picture)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def markdown(self) -> str:
        """What to write in the text to show it."""
        return f"![{self.name}](picture:{self.pk})"

    @classmethod
    @transaction.atomic
    def add(cls, lesson: "Lesson", upload: IO[bytes], by: User) -> "Picture":
        """Decode, bound and write anew. Raises ValidationError when it is no picture; VersionClosed, NotAllowed."""
        if not lesson.version.course.belongs_to(by):
            raise NotAllowed
        lesson.version.hold_open()
        if cls.objects.filter(lesson_key=lesson.key).count() >= MOST_PICTURES:
            raise ValidationError({"picture": _("A lesson has at most 60 pictures.")})
        try:
            clean = images.cleaned(upload, PICTURE_SIDE)
        except ValidationError as error:
            raise ValidationError({"picture": error.messages}) from None
        picture = cls(lesson_key=lesson.key, added_by=by, name=file_types.words_of(getattr(upload, "name", "")))
        with Image.open(clean) as shown:
            picture.width, picture.height = shown.size
        clean.seek(0)
        picture.file.save("picture.webp", clean, save=False)
        picture.save(force_insert=True)
        return picture


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
