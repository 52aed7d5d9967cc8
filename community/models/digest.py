"""What creators were mailed about, one mail for all that is new."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models

from creators.models import Creator

_Row = TypeVar("_Row", bound="Digest", covariant=True)


class DigestQuerySet(models.QuerySet[_Row]):
    def since(self, time: datetime) -> Self:
        return self.filter(mailed_at__gt=time)

    def last_told(self, creator: Any) -> datetime | None:
        return self.filter(creator=creator).values_list("told_until", flat=True).order_by("-told_until").first()

    def note(self, creator: Creator, told_until: datetime, at: datetime) -> Any:
        """Called by `digests` alone, with the creator held."""
        return self.create(creator=creator, told_until=told_until, mailed_at=at)


class Digest(models.Model):
    """The creator was mailed about all of one kind that came until `told_until`."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    told_until = models.DateTimeField()
    mailed_at = models.DateTimeField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.creator_id}: {self.told_until:%Y-%m-%d}"
