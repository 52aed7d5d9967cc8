"""A moderator's measure against a handed-in work: peers have it no more before them, until that is lifted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.restraint import Restraint
from marketplace.lib.errors import DomainError

from .hand_in import HandIn


class AlreadyKeptBack(DomainError):
    code = "already_kept_back"
    message = _("This is so already: there is nothing left to do.")


class AlreadyGivenBack(DomainError):
    code = "already_freed"
    message = _("This is lifted already.")


class WorkHidingQuerySet(models.QuerySet["WorkHiding"]):
    def open(self) -> "WorkHidingQuerySet":
        return self.filter(lifted_at=None)


class WorkHiding(Restraint):
    """A work was with the course's creator instead of with peers from `hidden_at` until `lifted_at`."""

    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="hidings")
    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField(default=timezone.now)

    objects = WorkHidingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_in"], condition=Q(lifted_at=None), name="one_open_hiding_a_work")
        ]

    def __str__(self) -> str:
        return f"{self.hand_in_id}: {self.rule_code}"
