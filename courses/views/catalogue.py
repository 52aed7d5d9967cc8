"""The public pages: home, the catalogue with its filters and search, and the page of one course."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from courses import outline, shelves
from courses.filters import ORDERS, CourseFilter, boxes, orders
from courses.models import Category, Course, Version
from courses.paging import page_of
from courses.structured import course_data
from marketplace.lib import clock


def home(request: HttpRequest) -> HttpResponse:
    context = {"shelves": shelves.filled(get_language() or "en"), "categories": Category.objects.shelves()}
    return render(request, "courses/home.html", context)


def catalogue(request: HttpRequest) -> HttpResponse:
    asked = CourseFilter(request.GET, Course.objects.on_sale().cards())
    page = page_of(
        asked.qs, ORDERS[asked.order], after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {"page": page, "orders": orders(asked.chosen, asked.order), **_said(asked.chosen)}
    return render(request, "courses/catalogue.html", context)


def _said(chosen: dict[str, str]) -> dict[str, object]:
    """What the page says about the question. For search engines one shelf is a page of its own; the rest are not."""
    shelf = next((c for c in Category.objects.shelves() if c.slug == chosen.get("category")), None)
    plain, groups = reverse("courses:catalogue"), boxes(chosen)
    return {
        "chosen": chosen,
        "boxes": groups,
        "narrowed": [option for _label, options in groups for option in options if option.is_chosen],
        "shelf": shelf,
        "address": f"{plain}?category={shelf.slug}" if shelf else plain,
        "is_indexed": not chosen or (shelf is not None and len(chosen) == 1),
    }


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(Version.objects.on_sale(), course__slug=slug)
    course, chapters = version.course, outline.chapters(version)
    previews = outline.previews(chapters)
    context = {
        "course": course,
        "version": version,
        "chapters": chapters,
        "preview": outline.shown_preview(previews, request.GET.get("preview", "")),
        "previews_count": len(previews),
        "refund_days": settings.KEZHAN_REFUND_DAYS,
        "refund_until": clock.now() + timedelta(days=settings.KEZHAN_REFUND_DAYS),
        "structured": course_data(course, version),
    }
    return render(request, "courses/detail.html", context)
