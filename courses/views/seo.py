"""What search engines ask for."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

from courses.models import Category, Course
from creators.models import Creator
from marketplace.lib import links

PRIVATE = [
    "/account/", "/accounts/", "/admin/", "/api/", "/cart/", "/checkout/", "/finance/", "/hls/", "/learn/", "/library/",
    "/moderation/", "/orders/", "/reports/", "/sandbox/", "/studio/", "/uploads/", "/*?*after=", "/*?*before=",
    "/*?*sort=",
]  # fmt: skip


class CourseSitemap(Sitemap):
    changefreq = "weekly"
    limit = 5_000

    def items(self) -> QuerySet[Course]:
        return Course.objects.listed().only("slug", "renewed_at").order_by("id")

    def lastmod(self, course: Course) -> Any:
        return course.renewed_at


class CreatorSitemap(Sitemap):
    changefreq = "monthly"
    limit = 5_000

    def items(self) -> QuerySet[Creator]:
        return Creator.objects.visible().only("slug").order_by("id")


class ShelfSitemap(Sitemap):
    changefreq = "daily"

    def items(self) -> list[str]:
        catalogue = reverse("courses:catalogue")
        shelves = [f"{catalogue}?category={slug}" for slug in Category.objects.values_list("slug", flat=True)]
        return [reverse("home"), catalogue, *shelves]

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"shelves": ShelfSitemap, "courses": CourseSitemap, "creators": CreatorSitemap}


@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {links.absolute(reverse('sitemap'))}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
