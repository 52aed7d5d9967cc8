"""Pictures that lie where no public address leads, as long as what they show is off the sale by a moderator's act."""

from typing import Any, Self

from django.core.files.base import File
from django.core.files.storage import default_storage, storages
from django.db import models
from django.utils import timezone

from creators.models import Creator

from .course import Course
from .takedown import Takedown


class PutAwayQuerySet(models.QuerySet["PutAway"]):
    """By whose a picture is, never by its name: one that was exchanged since is no less forbidden."""

    def still_due(self) -> Self:
        """Their creator is suspended, or their course taken down."""
        return self.filter(_is_due())

    def to_bring_back(self) -> Self:
        return self.exclude(_is_due())


def _is_due() -> models.Q:
    taken_down = Takedown.objects.filter(course=models.OuterRef("course"), lifted_at=None)
    return models.Q(creator__suspended_at__isnull=False) | models.Q(models.Exists(taken_down))


class PutAway(models.Model):
    """The cover or portrait of this name lies in the private store, since its course is taken down or its creator
    suspended. `moved_at` is empty while the file is on its way, there or back: it is asked for in both stores then.
    """

    name = models.CharField(max_length=100, unique=True)
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+")
    # None for a portrait.
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(null=True)

    objects = PutAwayQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="put_away_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def is_open_to(self, user: Any) -> bool:
        """To who made it, who has the course, and whoever decides or looks on; to all when it is on its way back."""
        if not PutAway.objects.still_due().filter(pk=self.pk).exists():
            return True
        if not user.is_authenticated:
            return False
        if self.creator.user_id == user.pk or user.may_read("moderator"):
            return True
        return self.course is not None and self.course.enrollments.active().of(user).exists()  # type: ignore[attr-defined]

    def open(self) -> File:
        """Raises FileNotFoundError."""
        try:
            return storages["private"].open(self.name)
        except FileNotFoundError:
            return default_storage.open(self.name)

    def put_away(self) -> None:
        """May be cut short anywhere, and begins anew then."""
        _move(self.name, default_storage, storages["private"])
        self.moved_at = timezone.now()
        self.save(update_fields=["moved_at"])

    def bring_back(self) -> None:
        """The same the other way; the row goes last."""
        self.moved_at = None
        self.save(update_fields=["moved_at"])
        _move(self.name, storages["private"], default_storage)
        self.delete()


def _move(name: str, here: Any, there: Any) -> None:
    """Raises FileNotFoundError for a file that lies in neither. Of two the longer one is whole: the other one was being
    written when its worker was killed, on the way there or, before that, on the way back.
    """
    lies_there = there.exists(name)
    try:
        file = here.open(name)
    except FileNotFoundError:
        if lies_there:
            return
        raise
    with file:
        if not lies_there or there.size(name) < file.size:
            there.delete(name)
            there.save(name, file)
    here.delete(name)
