"""The shelves of the catalogue."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language

from marketplace.lib import window
from marketplace.lib.beside_lists import BesideLists


class CategoryQuerySet(models.QuerySet["Category"]):
    def queries(self) -> frozenset[str]:
        """What the addresses of the shelves ask for."""
        return window.near_name("shelf queries", lambda: frozenset(f"category={one.slug}" for one in self.shelves()))

    def shelves(self) -> list["Category"]:
        """All of them in order, remembered for seconds: every public list draws them, and they change once a year."""
        return window.near_name("categories", lambda: list(self.all()))


class Category(BesideLists):
    """One shelf, named in both languages of the site."""

    slug = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_fast_moving = models.BooleanField(
        default=False, db_default=False, help_text="courses are stale after 18 months without a version or a check"
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('courses:catalogue')}?category={self.slug}"

    @property
    def name(self) -> str:
        return self.named(get_language() or "")

    def named(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en
