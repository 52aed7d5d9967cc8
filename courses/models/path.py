"""Learning paths: courses in an order, in stages, made by staff or a creator. What it says lives in editions."""

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.slugs import free_slug

if TYPE_CHECKING:
    from .path_edition import PathEdition

RESERVED_SLUGS = frozenset({"create", "mine"})


class PathUnderReview(DomainError):
    code = "path_under_review"
    message = _("The path is under review. You can edit it again when it is decided on.")


class PathQuerySet(models.QuerySet["Path"]):
    def public(self) -> Self:
        """Published, not closed, and of nobody who is suspended."""
        suspended = Creator.objects.suspended().values("pk")
        return self.filter(live_edition__isnull=False, is_closed=False).exclude(creator_id__in=suspended)

    def editable_by(self, user: Any) -> Self:
        """A creator's own; staff's own for moderators."""
        if not user.pk:
            return self.none()
        staffs = Q(creator=None) if user.has_role("moderator") else Q(pk__in=[])
        return self.filter(Q(creator__user_id=user.pk) | staffs)

    def with_working(self) -> Self:
        """For lists: with the editions that `shown_edition` looks for."""
        from .path_edition import PathEdition

        working = models.Prefetch("editions", queryset=PathEdition.objects.working(), to_attr="working_ones")
        return self.select_related("creator", "live_edition").prefetch_related(working)

    @transaction.atomic
    def start(self, *, title: str, language: str, by: User, creator: Creator | None = None) -> "Path":
        """A new path with an empty draft; staff's where no creator is named. Raises NotAllowed, ValidationError."""
        title = title.strip()
        if not title or len(title) > 120:
            raise ValidationError({"title": _("Give the path a title of at most 120 characters.")})
        path = self.model(creator=creator, slug=free_slug(self.model.objects.all(), title, "path", RESERVED_SLUGS))
        if not path.belongs_to(by):
            raise NotAllowed
        path.save(force_insert=True)
        path.editions.create(number=1, title=title, language=language)
        return path


class Path(models.Model):
    """One path. Without a creator it is staff's. `is_closed` follows the last PathClosure row."""

    creator = models.ForeignKey(Creator, null=True, blank=True, on_delete=models.PROTECT, related_name="paths")
    slug = models.SlugField(max_length=80, unique=True)
    live_edition = models.ForeignKey(
        "courses.PathEdition", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    is_closed = models.BooleanField(default=False)

    objects = PathQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(live_edition=None) | Q(published_at__isnull=False), name="a_live_path_has_a_date"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("paths:path", args=[self.slug])

    @property
    def working_edition(self) -> "PathEdition | None":
        if "working_ones" in self.__dict__:
            return next(iter(self.__dict__["working_ones"]), None)
        return self.editions.working().first()

    @property
    def shown_edition(self) -> "PathEdition":
        """What is worked on, or what is live when nothing is."""
        edition = self.working_edition or self.live_edition
        assert edition is not None  # A path is born with a draft.
        return edition

    def belongs_to(self, user: Any) -> bool:
        if self.creator is None:
            return bool(user.pk) and user.has_role("moderator")
        return user.pk is not None and self.creator.user_id == user.pk

    def hold(self) -> "Path":
        """Lock it for the rest of the transaction: every verb on a path or its editions starts here."""
        return Path.objects.select_for_update(no_key=True, of=("self",)).select_related("creator").get(pk=self.pk)

    @transaction.atomic
    def open_draft(self, by: User) -> "PathEdition":
        """The edition to edit: the open draft, or a copy of the live one. Raises PathUnderReview, NotAllowed."""
        if not self.belongs_to(by):
            raise NotAllowed
        self.hold()
        working = self.working_edition
        if working is None:
            return self.shown_edition.copied()
        if not working.is_editable:
            raise PathUnderReview
        return working

    def publish(self, edition: "PathEdition") -> None:
        """Called by PathSubmission.approve alone, which has the decision."""
        self.live_edition = edition
        self.published_at = self.published_at or timezone.now()
        self.save(update_fields=["live_edition", "published_at"])
        window.change()

    @transaction.atomic
    def close(self, is_closed: bool, *, by: User, reason: str) -> "PathClosure":
        """Out of the lists, or in them again. Who follows it keeps it. Raises NotAllowed, ValidationError."""
        if not (self.belongs_to(by) or by.has_role("moderator")):
            raise NotAllowed
        if not reason.strip():
            raise ValidationError({"reason": _("Say why: it stays on record.")})
        self.hold()
        row = PathClosure.objects.create(path=self, is_closed=is_closed, by=by, reason=reason.strip()[:600])
        self.is_closed = is_closed
        self.save(update_fields=["is_closed"])
        audit.record(by, "path.close" if is_closed else "path.reopen", self, reason=row.reason)
        window.change()
        return row


class PathClosure(models.Model):
    """Somebody took a path out of the lists, or put it back. The database refuses changes to these rows."""

    path = models.ForeignKey(Path, on_delete=models.PROTECT, related_name="closures")
    is_closed = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=600)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.path}: {'closed' if self.is_closed else 'open'}"
