"""An upload in parts: what was promised, what has come, and how it ended."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from .space import SpaceGrant
from .video import Video

MOST_OPEN = 50
LIVES_FOR = timedelta(days=7)


class QuotaReached(DomainError):
    code = "quota_reached"
    message = _("Your space for originals is full. Remove films that you no longer need, or ask us for more.")

    @classmethod
    def by(cls, size: int, used: int, limit: int) -> "QuotaReached":
        """Of a film of `size` bytes, in words that say how much is lacking."""
        words = _(
            "This film has %(size)s, and of your %(limit)s for originals %(left)s are left. Remove films that you no "
            "longer need, or ask us for more."
        )
        left = max(0, limit - used)
        said = words % {"size": filesizeformat(size), "limit": filesizeformat(limit), "left": filesizeformat(left)}
        return cls(said, quota_bytes=limit, used_bytes=used)


class TooManyUploads(DomainError):
    code = "too_many_uploads"
    message = _("Too many uploads are open. Finish or cancel some first.")


class UploadClosed(DomainError):
    code = "upload_closed"
    message = _(
        "This upload has ended: it is complete, was taken back, or nobody went on with it for a week. Begin it anew to "
        "send the file."
    )


class PartsMissing(DomainError):
    code = "parts_missing"
    message = _("Some parts of the file have not arrived, or differ from what was sent. Send them again.")


class UploadQuerySet(models.QuerySet["Upload"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)

    def open(self) -> Self:
        return self.filter(completed_at=None, aborted_at=None)

    def wanted(self) -> Self:
        """Those whose bytes, as they were sent, somebody may still need: open, or of a film that can be made."""
        return self.filter(aborted_at=None, video__put_away=None).exclude(video__in=Video.objects.failed_for_good())

    def complete_of(self, size: int) -> Self:
        """Films of that many bytes which are here or being made, the newest first; `parts` prefetched."""
        gone = Q(video__put_away__isnull=False) | Q(video__state__in=["failed", "cancelled"])
        whole = self.filter(size=size, completed_at__isnull=False).exclude(gone)
        return whole.select_related("video").prefetch_related("parts").order_by("-completed_at")

    def expired(self) -> Self:
        return self.open().filter(expires_at__lt=timezone.now())

    def begin(self, *, owner: Any, name: str, size: int, content_type: str, **at_store: Any) -> "Upload":
        """A new upload and its film; `at_store`: id and store_id, where its parts go to S3.

        Raises QuotaReached, TooManyUploads. Size and type were checked at the door.
        """
        with transaction.atomic():
            lock_person(owner)
            if self.owned_by(owner).open().count() >= MOST_OPEN:
                raise TooManyUploads
            require_quota(owner, size)
            video = Video.objects.begin(owner=owner, name=name, size=size)
            return self.create(
                owner=owner,
                video=video,
                name=name,
                size=size,
                content_type=content_type,
                part_size=part_size_for(size),
                expires_at=timezone.now() + LIVES_FOR,
                **at_store,
            )


class Upload(models.Model):
    """One file on its way here, in numbered parts. Open until it is completed or aborted (taken back, or expired)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="upload")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100, blank=True)
    part_size = models.PositiveIntegerField()
    store_id = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="S3's name for the upload in parts; empty: parts come to our disk",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    aborted_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(completed_at=None, aborted_at=None), name="upload_open_until"
            ),
            models.Index(fields=["owner", "-created_at"], name="upload_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0, part_size__gt=0), name="upload_has_a_size"),
            models.CheckConstraint(condition=Q(completed_at=None) | Q(aborted_at=None), name="upload_ends_in_one_way"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.aborted_at is None

    @property
    def parts_count(self) -> int:
        return -(-self.size // self.part_size)

    def part_bytes(self, number: int) -> int | None:
        """How many bytes part `number` (from 1) must have; None when there is no such part."""
        if not 1 <= number <= self.parts_count:
            return None
        return min(self.part_size, self.size - (number - 1) * self.part_size)

    def record_part(self, *, number: int, size: int, etag: str, file_name: str) -> str:
        """Part `number` lies in `file_name`. Returns the file that it replaces, or "". Raises UploadClosed.

        The row names the file, so of two writers of one part the later one wins whole: never a mixture of both.
        """
        with transaction.atomic():
            self._lock_open()
            before = self.parts.filter(number=number).first()
            UploadPart.objects.update_or_create(
                upload=self,
                number=number,
                defaults={"size": size, "etag": etag, "file_name": file_name, "received_at": timezone.now()},
            )
            self.prolong()
        return before.file_name if before else ""

    def take_stock(self, found: list[dict[str, Any]]) -> None:
        """What lies in S3 now ([{"number", "size", "etag"}]), instead of what was known. Raises UploadClosed.

        Parts of another size than agreed are as good as missing.
        """
        with transaction.atomic():
            self._lock_open()
            self.parts.all().delete()
            now, whole = timezone.now(), [one for one in found if one["size"] == self.part_bytes(one["number"])]
            UploadPart.objects.bulk_create(UploadPart(upload=self, received_at=now, **one) for one in whole)
            self.prolong()

    def prolong(self) -> None:
        """Somebody goes on with it."""
        type(self).objects.filter(pk=self.pk).update(expires_at=timezone.now() + LIVES_FOR)

    def complete(self, parts: list[dict[str, Any]]) -> Video:
        """All parts are here: the film goes to the workers. Repeating it is harmless.

        `parts` is what the sender believes to have sent: [{"number", "etag"}]. Raises PartsMissing, UploadClosed.
        """
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            if locked.completed_at is None:
                self._lock_open()
                self.compare(parts)
                type(self).objects.filter(pk=self.pk).update(completed_at=timezone.now())
                locked.video.accept_upload()
        self.refresh_from_db()
        return self.video

    def abort(self) -> None:
        """The owner takes it back."""
        self._close("upload_cancelled")

    def expire(self) -> None:
        """Nobody went on with it."""
        self._close("upload_expired")

    def refuse(self, code: str) -> None:
        """Its first bytes show that it is no film."""
        self._close(code)

    def _close(self, code: str) -> None:
        with transaction.atomic():
            self._lock_open()
            type(self).objects.filter(pk=self.pk).update(aborted_at=timezone.now())
            self.video.fail(code)
        self.refresh_from_db()

    def _lock_open(self) -> None:
        if not type(self).objects.select_for_update().get(pk=self.pk).is_open:
            raise UploadClosed

    def compare(self, parts: list[dict[str, Any]]) -> None:
        """Raises PartsMissing unless all parts are here, each as its sender believes."""
        here = dict(UploadPart.objects.filter(upload=self).values_list("number", "etag"))
        said = {int(part["number"]): str(part["etag"]).strip('"').lower() for part in parts}
        wanted = range(1, self.parts_count + 1)
        wrong = [number for number in wanted if number not in here or said.get(number, "") != here[number]]
        if wrong or len(said) != self.parts_count:
            raise PartsMissing(missing=wrong[:100])


class UploadPart(models.Model):
    """One part that has arrived whole, and the file that holds it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    etag = models.CharField(max_length=32, help_text="MD5 of its bytes, in hex, as S3 does for parts")
    file_name = models.CharField(max_length=60, blank=True, help_text="empty: it lies in S3")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_row_a_part"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=10_000), name="part_number_1_to_10000"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


def lock_person(owner: Any) -> None:
    """One begins after the other: two uploads begun at once must not both fit into the last free space."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)


def require_quota(owner: Any, size: int) -> None:
    """Whether so many bytes more fit. Call it with the person locked. Raises QuotaReached."""
    used, limit = Video.objects.bytes_kept_for(owner), SpaceGrant.objects.limit_of(owner)
    if used + size > limit:
        raise QuotaReached.by(size, used, limit)
    # Begun, cancelled and begun again, films would fill the disk that all share.
    if (here := Video.objects.bytes_kept_for(owner, cancelled_too=True)) + size > 2 * limit:
        raise QuotaReached.by(size, here - limit, limit)


def part_size_for(size: int) -> int:
    """Bytes a part: the setting, or more where 10,000 parts (the limit of S3) would not hold the file."""
    return max(settings.UPLOAD_PART_BYTES, -(-size // 10_000))
