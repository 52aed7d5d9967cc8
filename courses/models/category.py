"""The shelves of the catalogue."""

from django.core.cache import cache
from django.db import models
from django.utils.translation import get_language


class CategoryQuerySet(models.QuerySet["Category"]):
    def shelves(self) -> list["Category"]:
        """All of them in order, remembered for a minute: every public page draws them, and they change once a year."""
        return cache.get_or_set("courses.categories", lambda: list(self.all()), 60)


class Category(models.Model):
    """One shelf, named in both languages of the site."""

    slug = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en
