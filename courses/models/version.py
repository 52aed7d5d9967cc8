"""One version of a course's content, from draft over review to live. Only a draft can be edited."""

from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses import readiness
from courses.readiness import ReadyItem
from marketplace.lib import images
from marketplace.lib.errors import DomainError, NotAllowed

from .category import Category
from .course import Course, Language, Level

if TYPE_CHECKING:
    from .curriculum import Section
    from .review import Submission

COVER_SIDE, COVER_SMALL_SIDE, COVER_RATIO = 1280, 640, 16 / 9
MOST_SECTIONS = 60
CHANGE_NOTE_LENGTH = 500
EDITABLE_FIELDS = (
    "title", "subtitle", "description", "outcomes", "requirements", "audience", "level", "language", "category",
)  # fmt: skip


class EditedElsewhere(DomainError):
    code = "edited_elsewhere"
    message = _("This was edited in another window meanwhile. Reload to see it; what you wrote is still in this form.")


class VersionClosed(DomainError):
    code = "version_closed"
    message = _("This version can no longer be edited: it was submitted or published.")


class NotReady(DomainError):
    """`facts["missing"]`: what is still to do, as dicts of code and label."""

    code = "not_ready"
    message = _("The course is not ready to publish yet.")


class NothingToSubmit(DomainError):
    code = "nothing_to_submit"
    message = _("This version was submitted already.")


class TooMany(DomainError):
    code = "too_many"
    message = _("A course has at most 60 sections and 500 lessons.")


class VersionQuerySet(models.QuerySet["Version"]):
    def editable(self) -> "VersionQuerySet":
        return self.filter(state__in=Version.EDITABLE)

    def working(self) -> "VersionQuerySet":
        """Not yet decided on, or sent back."""
        return self.filter(state__in=[*Version.EDITABLE, Version.State.SUBMITTED])

    def published(self) -> "VersionQuerySet":
        """What the public sees or saw, the newest first: numbers without a gap, since drafts are never given up."""
        return self.filter(state__in=[Version.State.LIVE, Version.State.SUPERSEDED]).order_by("-number")

    def on_sale(self) -> "VersionQuerySet":
        """The live versions of courses that the public may see, with course, creator and category."""
        public = self.filter(state=Version.State.LIVE, course__in=Course.objects.on_sale())
        return public.select_related("course__creator", "course__category", "course__institution")

    def editable_by(self, user: Any) -> "VersionQuerySet":
        return self.editable().filter(course__creator__user_id=user.pk)


class Version(models.Model):
    """The content of one course at one time. `revision` counts edits: two windows cannot overwrite each other."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Under review")
        RETURNED = "returned", _("Sent back")
        LIVE = "live", _("Live")
        SUPERSEDED = "superseded", _("Replaced")

    EDITABLE = (State.DRAFT, State.RETURNED)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    live_at = models.DateTimeField(null=True, blank=True)
    change_note = models.CharField(_("what is new"), max_length=CHANGE_NOTE_LENGTH, blank=True, db_default="")

    tells_learners = models.BooleanField(default=False, db_default=False)
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    outcomes = models.JSONField(_("what you will learn"), default=list, blank=True)
    requirements = models.JSONField(_("requirements"), default=list, blank=True)
    audience = models.JSONField(_("who it is for"), default=list, blank=True)
    level = models.CharField(_("level"), max_length=16, choices=Level.choices, default=Level.ALL)
    language = models.CharField(_("language"), max_length=12, choices=Language.choices, default=Language.ENGLISH)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover = models.ImageField(_("cover"), upload_to=images.path_of_cover, blank=True)
    cover_small = models.ImageField(upload_to=images.path_of_cover, blank=True)
    lessons_count = models.PositiveIntegerField(default=0)
    duration_s = models.PositiveIntegerField(default=0)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="version_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="one_working_version_a_course",
            ),
            models.UniqueConstraint(
                fields=["course"], condition=Q(state="live"), name="one_live_version_a_course"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "live", "superseded"]),
                name="version_state_is_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE

    @property
    def waiting_submission(self) -> "Submission | None":
        return self.submissions.waiting().first()

    def hold(self) -> "Version":
        """Lock the course and read this version anew; inside a transaction."""
        self.course = self.course.hold()
        self.refresh_from_db(fields=["state", "revision", "lessons_count", "duration_s"])
        return self

    def hold_open(self) -> "Version":
        """As `hold`, and raises VersionClosed unless the version can be edited."""
        if not self.hold().is_editable:
            raise VersionClosed
        return self

    @transaction.atomic
    def edit(self, changes: dict[str, Any], by: User, revision: int) -> None:
        """Change fields named in EDITABLE_FIELDS. `revision` is the one that the writer saw.
        Raises EditedElsewhere (facts: revision), VersionClosed, NotAllowed, ValidationError by field.
        """
        self._must_belong_to(by)
        self.hold_open()
        if revision != self.revision:
            raise EditedElsewhere(revision=self.revision)
        fields = [field for field in EDITABLE_FIELDS if field in changes]
        for field in fields:
            setattr(self, field, _cleaned(field, changes[field]))
        self.clean_fields(exclude=[f.name for f in self._meta.fields if f.name not in fields])
        self._note_edit(fields)

    @transaction.atomic
    def change_cover(self, upload: IO[bytes], by: User) -> None:
        """A new 16:9 cover in two sizes. Raises ValidationError when it is no picture; VersionClosed, NotAllowed."""
        self._must_belong_to(by)
        self.hold_open()
        try:
            large = images.cleaned(upload, COVER_SIDE, ratio=COVER_RATIO)
            small = images.cleaned(large, COVER_SMALL_SIDE, ratio=COVER_RATIO)
        except ValidationError as error:
            raise ValidationError({"cover": error.messages}) from None
        large.seek(0)
        self.cover.save(f"{self.course.slug}.webp", large, save=False)
        self.cover_small.save(f"{self.course.slug}-small.webp", small, save=False)
        self._note_edit(["cover", "cover_small"])

    @transaction.atomic
    def add_section(self, title: str, by: User) -> "Section":
        """A new last section. Raises TooMany, VersionClosed, NotAllowed, ValidationError."""
        self._must_belong_to(by)
        self.hold_open()
        if self.sections.count() >= MOST_SECTIONS:
            raise TooMany
        return self.sections.append(self, title)

    @transaction.atomic
    def arrange(self, order: list[tuple[int, list[int]]]) -> None:
        """Put sections, and lessons in them, in this order: [(section id, [lesson ids])].
        Raises EditedElsewhere when the ids are not exactly those of this version; VersionClosed.
        """
        self.hold_open()
        if not self.sections.arrange(self, order):
            raise EditedElsewhere(revision=self.revision)

    def readiness(self) -> list[ReadyItem]:
        """What a course needs before it is published, each done or not, in the order in which to do it."""
        return readiness.items(self)

    def must_be_ready(self) -> None:
        missing = [item.as_json() for item in self.readiness() if item.required and not item.done]
        if missing:
            raise NotReady(missing=missing)

    @transaction.atomic
    def submit(self, by: User, note: str = "", *, change_note: str = "", tells_learners: bool = False) -> "Submission":
        """Ask for review. `note` is for moderators, `change_note` for everybody once the version is live.
        Raises NotReady, NothingToSubmit, NotAllowed, ValidationError for a note that is too long.
        """
        self._must_belong_to(by)
        change_note = " ".join(change_note.replace("\x00", "").split())
        if len(change_note) > CHANGE_NOTE_LENGTH:
            raise ValidationError({"change_note": _("Say it in at most 500 characters.")})
        if not self.hold().is_editable:
            raise NothingToSubmit
        self.recount()
        self.must_be_ready()
        self.change_note, self.tells_learners = change_note, tells_learners
        self._turn(self.State.SUBMITTED, "change_note", "tells_learners")
        return self.submissions.ask(self, by=by, note=note)

    def go_live(self) -> None:
        """Called by Submission.approve alone; the database looks for the decision."""
        for old in self.course.versions.filter(state=self.State.LIVE):
            old._turn(self.State.SUPERSEDED)
        self.live_at = timezone.now()
        self._turn(self.State.LIVE, "live_at")
        self.course.publish(self)

    def go_back(self) -> None:
        """Called by Submission.send_back alone."""
        self._turn(self.State.RETURNED)

    def reopen(self) -> None:
        """Called by Submission.withdraw alone."""
        self._turn(self.State.DRAFT)

    def copied(self) -> "Version":
        """A new draft with the same content and the same lesson keys; called by Course.open_draft alone."""
        last = self.course.versions.aggregate(last=models.Max("number"))["last"]
        kept = {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name in _COPIED}
        draft = Version.objects.create(course=self.course, number=last + 1, **kept)
        self.sections.copy_to(draft)
        self.skills.all().copy_to(draft)
        return draft

    def recount(self) -> None:
        """Write the number of lessons and their length anew; a live version's course follows."""
        sums = self.lessons.aggregate(count=Count("id"), length=Sum("duration_s", default=0))
        if (sums["count"], sums["length"]) == (self.lessons_count, self.duration_s):
            return
        self.lessons_count, self.duration_s = sums["count"], sums["length"]
        self.save(update_fields=["lessons_count", "duration_s"])
        self._show_in_lists()

    def _turn(self, state: str, *more: str) -> None:
        self.state = state
        self.save(update_fields=["state", *more])

    def _note_edit(self, fields: list[str]) -> None:
        self.revision += 1
        self.edited_at = timezone.now()
        self.save(update_fields=[*fields, "revision", "edited_at"])
        self._show_in_lists()

    def _show_in_lists(self) -> None:
        """A course that was never live shows its draft, for its creator's own lists."""
        if self.course.live_version_id in (None, self.pk):
            self.course.show(self)

    def _must_belong_to(self, by: User) -> None:
        if not self.course.belongs_to(by):
            raise NotAllowed


_COPIED = {*EDITABLE_FIELDS, "cover", "cover_small", "lessons_count", "duration_s"}
_LISTS = {"outcomes": 12, "requirements": 12, "audience": 12}


def _cleaned(field: str, value: Any) -> Any:
    if field not in _LISTS:
        return value.strip() if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise ValidationError({field: _("Send a list of sentences.")})
    lines = [line.strip() for line in value if line.strip()]
    if len(lines) > _LISTS[field] or any(len(line) > 200 for line in lines):
        raise ValidationError({field: _("At most 12 lines of at most 200 characters.")})
    return lines
