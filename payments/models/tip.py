"""What a giver chose of her tip, and creators who want none."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError

from .creator_stop import CreatorStop, CreatorStopQuerySet
from .order import Order


class TipsStopped(DomainError):
    code = "tips_stopped"
    message = _("Your courses take no tips already.")


class TipsAllowed(DomainError):
    code = "tips_allowed"
    message = _("Your courses take tips already.")


class TipQuerySet(models.QuerySet["Tip"]):
    def note(self, order: Order, *, shows_name: bool) -> None:
        """What she said last, while the order is open; of one that is paid it stays."""
        if order.is_open:
            self.update_or_create(order=order, defaults={"shows_name": shows_name, "noted_at": clock.now()})

    def forget_names(self, orders: models.QuerySet[Order]) -> None:
        """Of givers whose accounts are deleted."""
        self.filter(order__in=orders).update(shows_name=False)


class Tip(models.Model):
    """Of an order that is a tip: whether its creators may see who gave it. Its amount is the order's one item."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="tip")
    shows_name = models.BooleanField(default=False)
    noted_at = models.DateTimeField()

    objects = TipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.order_id}: {'with' if self.shows_name else 'without'} a name"


class TipStopQuerySet(CreatorStopQuerySet):
    def choose(self, creator: Creator, takes_tips: bool, *, by: Any) -> None:
        """Raises NotAllowed, TipsStopped, TipsAllowed."""
        if takes_tips:
            self.lift(creator, by=by)
        else:
            self.place(creator, by=by)


class TipStop(CreatorStop):
    """From `placed_at` until `lifted_at` nobody can start to give a tip for this creator's courses."""

    OF, STOPPED, ALLOWED = "tips", TipsStopped, TipsAllowed

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="tip_stops")

    objects = TipStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator"], condition=Q(lifted_at=None), name="one_open_tip_stop")
        ]
