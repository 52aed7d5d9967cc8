"""Rows whose names stand beside every list of courses, in its filters: categories, skills, institutions."""

from typing import Any

from django.db import models

from . import window


class BesideLists(models.Model):
    """Whoever writes one has the names drawn anew (`window.near_name`), and the lists with them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        window.change_names()
