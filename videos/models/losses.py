"""Tries that ended without a word: the worker was killed, or its machine taken away. They say little about the film."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from marketplace.lib.work import Work


class MayBeLost(Work):
    """Work that takes minutes, so that a deploy or a full machine kills it now and then.

    Such losses have a bound of their own, far above that of tries that ended with an error; what kills its worker each
    time still comes to an end.
    """

    MAX_LOST: ClassVar[int] = 10
    UNTRIED = {"attempts": 0, "lost": 0}

    lost = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="attempts whose worker was not heard of again"
    )

    class Meta:
        abstract = True

    @property
    def tries(self) -> int:
        return self.attempts - self.lost

    @property
    def is_spent(self) -> bool:
        return super().is_spent or self.lost >= self.MAX_LOST

    def note_loss(self) -> None:
        self._write(lost=F("lost") + 1)
        self.lost += 1
