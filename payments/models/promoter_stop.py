"""Creators who do not want others to promote their courses for a part of the sale."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.errors import DomainError

from .creator_stop import CreatorStop, CreatorStopQuerySet


class PromotersStopped(DomainError):
    code = "promoters_stopped"
    message = _("Nobody promotes your courses for a part already.")


class PromotersAllowed(DomainError):
    code = "promoters_allowed"
    message = _("Others may promote your courses already.")


class PromoterStop(CreatorStop):
    """From `placed_at` until `lifted_at` sales of this creator's courses give no promoter a part: they are organic."""

    OF, STOPPED, ALLOWED = "promoters", PromotersStopped, PromotersAllowed

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="promoter_stops")

    objects = CreatorStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator"], condition=Q(lifted_at=None), name="one_open_promoter_stop")
        ]
