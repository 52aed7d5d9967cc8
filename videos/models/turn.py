"""When a creator's films were last given to a worker, so that creators take turns."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class FilmTurnQuerySet(models.QuerySet["FilmTurn"]):
    def take(self, owner_id: Any) -> None:
        self.update_or_create(owner_id=owner_id, defaults={"taken_at": Now()})


class FilmTurn(models.Model):
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="film_turn"
    )
    taken_at = models.DateTimeField()

    objects = FilmTurnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.taken_at}"
