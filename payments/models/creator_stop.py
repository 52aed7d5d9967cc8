"""What a creator may switch off for all her courses: a row from when until when, and who said so."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction

from accounts import audit
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed


class CreatorStopQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    @transaction.atomic
    def place(self, creator: Creator, *, by: Any) -> None:
        """From now on. Raises NotAllowed, and what says that it is so already."""
        _only_herself(creator, by)
        try:
            with transaction.atomic():
                self.create(creator=creator, placed_by=by, placed_at=clock.now())
        except IntegrityError:
            raise self.model.STOPPED from None
        audit.record(by, f"{self.model.OF}.stop", creator)

    @transaction.atomic
    def lift(self, creator: Creator, *, by: Any) -> None:
        """No longer. Raises NotAllowed, and what says that nothing stood."""
        _only_herself(creator, by)
        if not self.open().filter(creator=creator).update(lifted_at=clock.now(), lifted_by=by):
            raise self.model.ALLOWED
        audit.record(by, f"{self.model.OF}.allow", creator)


class CreatorStop(models.Model):
    """It counts from `placed_at` until `lifted_at`. `OF`: what it stops, in the log; and how it is refused twice."""

    OF: ClassVar[str]
    STOPPED: ClassVar[type[DomainError]]
    ALLOWED: ClassVar[type[DomainError]]

    creator_id: int  # of each kind's own key, which has its name among a creator's rows
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.creator_id} from {self.placed_at:%Y-%m-%d}"


def _only_herself(creator: Creator, by: Any) -> None:
    if creator.user_id != by.pk:
        raise NotAllowed
