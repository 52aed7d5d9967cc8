"""What search engines should visit, in parts that cost the same whichever is asked for and however many there are.

A part is a range of keys, not the n-th so many rows: the thousandth does not walk past the ones before it.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max, QuerySet
from django.urls import reverse

from creators.models import Creator, Institution
from marketplace.lib import links
from operating.models import CustomPage

from .models import Category, Clip, Collection, Course, Path, Skill

A_PART = 2_000
LISTS = (
    "courses:collections", "institutions:institutions", "paths:paths", "discovery:clips", "discovery:all_clips",
    "report_card:newest", "rules:book", "rules:reporting", "rules:figures", "rules:log", "payments:sharing",
    "payments:refund_rules", "payments:seals", "learners:check_certificate", "discovery:exposure", "community:formula",
)  # fmt: skip


class KeyRanges:
    """What a sitemap asks of a paginator, by ranges of `size` primary keys. A range may be emptier than another."""

    def __init__(self, rows: QuerySet[Any], size: int) -> None:
        self.rows, self.size = rows, size

    @property
    def num_pages(self) -> int:
        last: int = self.rows.model.objects.aggregate(last=Max("pk"))["last"] or 0
        return last // self.size + 1

    def page(self, number: int | str) -> "KeyRange":
        """Raises PageNotAnInteger or EmptyPage, which a sitemap answers with 404."""
        if not str(number).isdecimal() or len(str(number)) > 9:
            raise PageNotAnInteger(str(number))
        if not 1 <= int(number) <= self.num_pages:
            raise EmptyPage(str(number))
        first = (int(number) - 1) * self.size
        return KeyRange(self.rows.filter(pk__gte=first, pk__lt=first + self.size).order_by("pk"))


class KeyRange:
    def __init__(self, rows: QuerySet[Any]) -> None:
        self.object_list = rows


class InLanguages(Sitemap):
    """Each address with the same page in every language of the site, or in those that its item is written in."""

    def spoken(self, item: Any) -> list[str] | None:
        return None

    def get_urls(self, page: Any = 1, site: Any = None, protocol: Any = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            spoken = links.in_all_languages(url["location"], self.spoken(url["item"]))
            url["alternates"] = [{"lang_code": language, "location": address} for language, address in spoken]
        return urls


class CourseSitemap(InLanguages):
    def items(self) -> QuerySet[Course]:
        return Course.objects.listed().only("slug", "renewed_at")

    @property
    def paginator(self) -> Any:
        return KeyRanges(self.items(), A_PART)

    def lastmod(self, course: Course) -> Any:
        return course.renewed_at

    def get_latest_lastmod(self) -> Any:
        """By the index over the dates: all courses are not read to say when the last one changed."""
        return self.items().aggregate(last=Max("renewed_at"))["last"]


class CreatorSitemap(InLanguages):
    def items(self) -> QuerySet[Creator]:
        return Creator.objects.visible().only("slug")

    @property
    def paginator(self) -> Any:
        return KeyRanges(self.items(), A_PART)


class InstitutionSitemap(InLanguages):
    def items(self) -> QuerySet[Institution]:
        return Institution.objects.public().only("slug")

    @property
    def paginator(self) -> Any:
        return KeyRanges(self.items(), A_PART)


class ListSitemap(InLanguages):
    """The pages that lead to the others of their kind. Some belong to apps above this one: by their names."""

    changefreq = "daily"

    def items(self) -> list[str]:
        return [reverse(name) for name in LISTS]

    def location(self, item: str) -> str:
        return item


class ShelfSitemap(InLanguages):
    changefreq = "daily"

    def items(self) -> list[str]:
        return list(self._addresses())

    def _addresses(self) -> Iterator[str]:
        catalogue = reverse("courses:catalogue")
        yield from (reverse("home"), catalogue)
        yield from (f"{catalogue}?category={shelf.slug}" for shelf in Category.objects.shelves())

    def location(self, item: str) -> str:
        return item


class SkillSitemap(InLanguages):
    changefreq = "weekly"

    def items(self) -> list[str]:
        return [reverse("courses:skills"), *(skill.get_absolute_url() for skill in Skill.objects.known())]

    def location(self, item: str) -> str:
        return item


class PathSitemap(InLanguages):
    changefreq = "weekly"

    def items(self) -> QuerySet[Path]:
        return Path.objects.public()

    def lastmod(self, path: Path) -> Any:
        return path.published_at


class CollectionSitemap(InLanguages):
    changefreq = "weekly"

    def items(self) -> QuerySet[Collection]:
        return Collection.objects.public()

    def lastmod(self, collection: Collection) -> Any:
        return collection.present.at


class ClipSitemap(InLanguages):
    def items(self) -> QuerySet[Clip]:
        return Clip.objects.listed().only("key", "published_at")

    @property
    def paginator(self) -> Any:
        return KeyRanges(self.items(), A_PART)

    def lastmod(self, clip: Clip) -> Any:
        return clip.published_at

    def get_latest_lastmod(self) -> Any:
        """A clip that is withdrawn since then may still be the latest: nothing is lost by a visit too many."""
        return Clip.objects.aggregate(last=Max("published_at"))["last"]


class PageSitemap(InLanguages):
    """What the house says of itself: terms, privacy, who it is."""

    changefreq = "monthly"

    def items(self) -> QuerySet[CustomPage]:
        return CustomPage.objects.public()

    def spoken(self, item: CustomPage) -> list[str] | None:
        return item.shown.languages if item.shown else None

    def lastmod(self, page: CustomPage) -> Any:
        return page.present.at if page.present else None


SITEMAPS = {
    "clips": ClipSitemap,
    "collections": CollectionSitemap,
    "institutions": InstitutionSitemap,
    "lists": ListSitemap,
    "pages": PageSitemap,
    "paths": PathSitemap,
    "shelves": ShelfSitemap,
    "skills": SkillSitemap,
    "courses": CourseSitemap,
    "creators": CreatorSitemap,
}
