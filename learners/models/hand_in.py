"""What a learner makes for an assignment: her draft, and what she handed in. What is handed in does not change."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from courses import file_types
from courses.assignments.shape import Assignment
from courses.models import Course, Lesson
from courses.models.attachment import private_files

# What stands where words of a deleted account stood.
BLANK = "…"
LONGEST_TEXT = 50_000
LOOK_AGAIN = timedelta(hours=1)


def path_of_hand_in(row: "HandInFile", name: str) -> str:
    """Nothing of the name that a person gave reaches the disk."""
    return f"hand-ins/{row.key.hex[:2]}/{uuid.uuid4().hex}"


class AssignmentDeskQuerySet(models.QuerySet["AssignmentDesk"]):
    def hold(self, lesson_key: uuid.UUID) -> "AssignmentDesk":
        """Locked for the rest of the transaction: works of one assignment are given out and settled one by one."""
        self.get_or_create(lesson_key=lesson_key)
        return self.select_for_update(of=("self",)).get(lesson_key=lesson_key)


class AssignmentDesk(models.Model):
    """The lock of one assignment. Whoever also needs a learner's meter takes the meter first."""

    lesson_key = models.UUIDField(primary_key=True)

    objects = AssignmentDeskQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.lesson_key)


class HandInDraftQuerySet(models.QuerySet["HandInDraft"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def open(self, *, learner: User, lesson: Lesson) -> "HandInDraft":
        """The learner's draft; a new one begins with what she handed in last."""
        row, is_new = self.get_or_create(
            learner=learner, lesson_key=lesson.key, defaults={"course_id": lesson.version.course_id}
        )
        last = HandIn.objects.of(learner).filter(lesson_key=lesson.key).last() if is_new else None
        if last is not None:
            row.text = last.text
            row.save(update_fields=["text"])
            HandInFile.objects.copy(last.files.all(), row)
        return row


class HandInDraft(models.Model):
    """What is not handed in yet. Saved while it is written."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = HandInDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson_key"], name="one_draft_an_assignment")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.lesson_key}"

    def take(self, text: str) -> None:
        self.text, self.saved_at = text, timezone.now()
        self.save(update_fields=["text", "saved_at"])


class HandInQuerySet(models.QuerySet["HandIn"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def whole(self) -> Self:
        """With all that happened to each."""
        return self.select_related("lesson__version__course", "handling", "result", "appeal__ruling").prefetch_related(
            "files"
        )

    def reviewed_by(self, creator_user: Any) -> Self:
        """Those of courses that this person has made."""
        return self.filter(course__creator__user_id=creator_user.pk)

    def record(self, draft: HandInDraft, lesson: Lesson, *, number: int, late: bool) -> "HandIn":
        """The draft becomes a hand-in, with its files; called with the desk held."""
        now = timezone.now()
        row = self.create(
            learner_id=draft.learner_id, course_id=draft.course_id, lesson=lesson, lesson_key=lesson.key,
            number=number, text=draft.text, handed_in_at=now, is_late=late,
        )  # fmt: skip
        Handling.objects.begin(row, lesson.assigned, now)
        draft.files.update(draft=None, hand_in=row)
        draft.delete()
        return row

    def forget(self, learner: User) -> None:
        """Her words go; that something was handed in, and what it was worth, stays without a name."""
        self.filter(learner=learner).exclude(text=BLANK).update(text=BLANK)


class HandIn(models.Model):
    """One work. Append-only; `lesson` is the assignment in the version that was live then, whose content is closed:
    a rubric that is changed later changes nothing here.
    """

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hand_ins")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    handed_in_at = models.DateTimeField()
    is_late = models.BooleanField()

    objects = HandInQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "lesson_key", "number"], name="hand_ins_are_numbered")
        ]
        indexes = [models.Index(fields=["lesson_key", "handed_in_at"], name="hand_ins_of_lesson")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.lesson_key}: {self.number}"

    @property
    def assignment(self) -> Assignment:
        return self.lesson.assigned

    @property
    def outcome(self) -> Any:
        """What counts: the creator's ruling on an appeal, else the result; None before."""
        appeal = getattr(self, "appeal", None)
        ruling = getattr(appeal, "ruling", None) if appeal is not None else None
        return ruling or getattr(self, "result", None)

    @property
    def is_shown(self) -> bool:
        return self.handling.shown_at is not None


class HandlingQuerySet(models.QuerySet["Handling"]):
    def begin(self, hand_in: HandIn, assignment: Assignment, now: datetime) -> None:
        by_peers = assignment.is_by_peers
        self.create(
            hand_in=hand_in, by_peers=by_peers, to_creator_at=None if by_peers else now,
            waits_until=now + timedelta(days=assignment.fallback_days),
        )  # fmt: skip

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def with_peers(self) -> Self:
        """Peers may take these."""
        return self.unsettled().filter(by_peers=True, to_creator_at=None)

    def overdue(self, now: datetime) -> Self:
        """Three peers were not found in time."""
        return self.with_peers().filter(waits_until__lt=now)

    def to_be_shown(self) -> Self:
        return self.filter(settled_at__isnull=False, shown_at=None)

    def look_again(self, now: datetime) -> None:
        """Not yet: the bell comes back to these in an hour."""
        self.update(look_at=now + LOOK_AGAIN)


class Handling(models.Model):
    """Where a hand-in is on its way, each step a machine's with its time."""

    hand_in = models.OneToOneField(HandIn, primary_key=True, on_delete=models.PROTECT, related_name="handling")
    by_peers = models.BooleanField()
    waits_until = models.DateTimeField(
        help_text="from then on the creator marks, and nobody owes reviews that she cannot give"
    )
    to_creator_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    # When the bell looks whether a settled work may be shown, so that those who owe reviews hold up nobody.
    look_at = models.DateTimeField(null=True)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_at=None) | Q(settled_at__isnull=False), name="shown_is_what_is_settled"
            ),
        ]
        indexes = [
            models.Index(fields=["waits_until"], condition=Q(settled_at=None), name="handling_open"),
            models.Index(fields=["look_at"], condition=Q(shown_at=None), name="handling_to_be_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.hand_in_id}"

    def settle(self, now: datetime) -> None:
        self.settled_at = self.look_at = now
        self.save(update_fields=["settled_at", "look_at"])

    def show(self, now: datetime) -> bool:
        """The learner may see her result. True the first time only."""
        is_first = bool(Handling.objects.filter(pk=self.pk).to_be_shown().update(shown_at=now))
        self.shown_at = self.shown_at or now
        return is_first

    def give_to_creator(self, now: datetime) -> None:
        self.to_creator_at = now
        self.save(update_fields=["to_creator_at"])

    def give_to_peers(self) -> None:
        """Back: a moderator had kept it from them."""
        self.to_creator_at = None
        self.save(update_fields=["to_creator_at"])


class HandInFileQuerySet(models.QuerySet["HandInFile"]):
    def copy(self, files: Iterable["HandInFile"], draft: HandInDraft) -> None:
        """Into a draft; what is stored is shared."""
        kept = ("learner_id", "name", "media_type", "size", "sha256", "file")
        self.bulk_create([HandInFile(draft=draft, **{name: getattr(row, name) for name in kept}) for row in files])

    @transaction.atomic
    def remove(self) -> None:
        """Take rows out; a file that no row names any more goes from the storage as well."""
        named = set(self.values_list("file", flat=True))
        self.delete()
        kept = set(HandInFile.objects.filter(file__in=named).values_list("file", flat=True))
        for name in named - kept:
            transaction.on_commit(lambda name=name: private_files().delete(name), robust=True)


class HandInFile(models.Model):
    """A file of a draft, or of what was handed in; then the database keeps it until its learner's account goes."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(HandInDraft, null=True, on_delete=models.CASCADE, related_name="files")
    hand_in = models.ForeignKey(HandIn, null=True, on_delete=models.PROTECT, related_name="files")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_files, upload_to=path_of_hand_in, max_length=120)
    added_at = models.DateTimeField(default=timezone.now)

    objects = HandInFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft=None, hand_in__isnull=False) | Q(draft__isnull=False, hand_in=None),
                name="a_file_is_in_a_draft_or_handed_in",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @classmethod
    def keep(cls, draft: HandInDraft, upload: File, assignment: Assignment) -> "HandInFile":
        """Look into the upload and keep it in the draft. Raises ValidationError when it may not be handed in."""
        name, media_type = file_types.checked(upload, assignment.endings, assignment.most_mb)
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        row = cls(draft=draft, learner_id=draft.learner_id, name=name, media_type=media_type, size=upload.size)
        row.sha256, row.file = digest.hexdigest(), upload
        row.save()
        return row
