"""Creators who do not want others to promote their courses for a part of the sale."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed


class PromotersStopped(DomainError):
    code = "promoters_stopped"
    message = _("Nobody promotes your courses for a part already.")


class PromotersAllowed(DomainError):
    code = "promoters_allowed"
    message = _("Others may promote your courses already.")


class PromoterStopQuerySet(models.QuerySet["PromoterStop"]):
    def open(self) -> "PromoterStopQuerySet":
        return self.filter(lifted_at=None)

    @transaction.atomic
    def place(self, creator: Creator, *, by: Any) -> "PromoterStop":
        """From now on no sale of hers gives a promoter a part. Raises NotAllowed, PromotersStopped."""
        _only_herself(creator, by)
        try:
            with transaction.atomic():
                stop = self.create(creator=creator, placed_by=by, placed_at=clock.now())
        except IntegrityError:
            raise PromotersStopped from None
        audit.record(by, "promoters.stop", creator)
        return stop

    @transaction.atomic
    def lift(self, creator: Creator, *, by: Any) -> None:
        """Others may promote her courses again. Raises NotAllowed, PromotersAllowed."""
        _only_herself(creator, by)
        if not self.open().filter(creator=creator).update(lifted_at=clock.now(), lifted_by=by):
            raise PromotersAllowed
        audit.record(by, "promoters.allow", creator)


class PromoterStop(models.Model):
    """From `placed_at` until `lifted_at` sales of this creator's courses give no promoter a part: they are organic."""

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="promoter_stops")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = PromoterStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator"], condition=Q(lifted_at=None), name="one_open_promoter_stop")
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} from {self.placed_at:%Y-%m-%d}"


def _only_herself(creator: Creator, by: Any) -> None:
    if creator.user_id != by.pk:
        raise NotAllowed
