"""The public pages: home, the catalogue with its filters, and the page of one course."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import (
    caption_words,
    cards,
    clip_shown,
    first_rows,
    history,
    listing,
    outline,
    shelves,
    skill_shelves,
    wide_facets,
)  # fmt: skip
from courses.filters import (
    ORDERS,
    Option,
    address_of,
    boxes,
    chosen_of,
    facets_of,
    is_common,
    left_out,
    narrow,
    orders,
    sort_words,
    unfiltered,
)  # fmt: skip
from courses.models import Category, Course, PriceChange, SubjectCheck, Takedown, TaughtSkill, Version, taught_by
from courses.models.bundled import bundles_with, memberships_with
from courses.models.check import present_of
from courses.models.course import Language, Level
from courses.models.price_change import history_of
from courses.models.rated import said_of
from courses.paging import Page, first_page
from courses.structured import course_data
from courses.structured_lists import all_courses, item_list, of_slugs, site_data, way_step, way_to, way_to_course
from courses.ways_out import ways_out
from creators.models import Creator
from marketplace.lib import window
from marketplace.lib.kept_pages import kept_page, kept_with
from marketplace.lib.rows import written_once


@kept_page
def home(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    drawn = window.drawn(f"home {language}", lambda: _home(language), window.SOLD_SECONDS)
    return render(request, "courses/home.html", {"window": drawn, "structured": site_data()})


@kept_with(Category.objects.queries)
def catalogue(request: HttpRequest) -> HttpResponse:
    if request.GET.get("q", "").strip():
        # Words are looked for on a page of their own.
        return redirect(f"{reverse('discovery:search')}?{request.GET.urlencode()}")
    chosen = chosen_of(request.GET)
    marks = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    if is_common(chosen) and not marks and _is_known(chosen):
        name = f"catalogue {get_language()} {address_of(chosen)}"
        answer = window.drawn(name, lambda: _answer(chosen, marks), window.SOLD_SECONDS)
    else:
        answer = _answer(chosen, marks)
    # Beside the window, which is drawn once for all who are left with the same.
    return render(request, "courses/catalogue.html", {**answer, "left_out": left_out(request.GET, chosen)})


def _home(language: str) -> SafeString:
    context = {"categories": Category.objects.shelves(), **shelves.drawn(language, timezone.now())}
    return render_to_string("courses/_home.html", context)


def _answer(chosen: dict[str, str], marks: dict[str, str]) -> dict[str, Any]:
    """The list as HTML, drawn without a reader, and what its page says of itself. For search engines one shelf is a
    page of its own; other questions are not.
    """
    known, order = Category.objects.shelves(), chosen.get("sort", "popular")
    counted = wide_facets.counted(facets_of(chosen, known), chosen.get("creator", ""))
    page = _page(chosen, marks, counted)
    page.say(counted.total, is_part=counted.is_part)
    is_seldom = bool(marks) or not is_common(chosen)
    page.cards = cards.drawn(((row.pk, row.stamp) for row in page.rows), is_seldom=is_seldom)
    groups = boxes(chosen, known, counted.by_choice, counted.partly)
    context = {
        "page": page,
        "before": page.before and address_of({**chosen, "before": page.before}),
        "after": page.after and address_of({**chosen, "after": page.after}),
        "boxes": groups,
        **_narrowed(chosen, groups, is_empty=not (page.rows or page.after or page.before)),
        "orders": orders(chosen, order, sort_words(get_language() or "")),
        "clear": reverse("courses:catalogue") + (address_of(kept) if (kept := unfiltered(chosen)) else ""),
        "is_asked": bool(chosen),
        "shelves": known,
    }
    window_html = render_to_string("courses/_catalogue.html", context)
    return {"window": window_html, **_of_its_page(chosen, marks, known, page.rows)}


def _page(chosen: dict[str, str], marks: dict[str, str], counted: wide_facets.Counted) -> Page:
    wish = listing.Wish(chosen, marks)
    if not marks and listing.may_walk_all(wish, counted):
        return first_page(first_rows.rows_of(chosen, wish.sort), ORDERS[wish.sort])
    rows = cards.stamped(narrow(Course.objects.listed(), chosen), ORDERS[wish.sort][0].lstrip("-"), "slug", "title")
    return listing.page(rows, wish, counted)


def _of_its_page(
    chosen: dict[str, str], marks: dict[str, str], known: list[Category], rows: list[Any]
) -> dict[str, Any]:
    """What the page of a list says of itself, and to search engines, which shall know whole shelves alone."""
    shelf = next((category for category in known if category.slug == chosen.get("category")), None)
    is_indexed = not marks and (not chosen or (shelf is not None and len(chosen) == 1))
    name, address = way_step(shelf) if shelf else all_courses()
    return {
        "shelf": shelf.name if shelf else _called(chosen),
        "shelf_slug": shelf.slug if shelf else "",
        "words": skill_shelves.words_of(shelf) if shelf else _("All courses, by what they teach, price and length."),
        "address": address,
        "is_indexed": is_indexed,
        "structured": item_list(name, address, of_slugs(rows)) if is_indexed and rows else None,
        "way": way_to(all_courses(), (name, address)) if is_indexed and shelf else None,
    }


def _narrowed(chosen: dict[str, str], groups: Any, *, is_empty: bool) -> dict[str, list[Option]]:
    narrowed = [option for _label, options in groups for option in options if option.is_chosen]
    return {"narrowed": narrowed, "ways_out": ways_out(chosen, narrowed, _left) if is_empty else []}


def _is_known(chosen: dict[str, str]) -> bool:
    """Whether there is what was asked for: whoever makes up names must not fill the cache."""
    return all(facets_of(chosen, Category.objects.shelves()).values())


def _left(_without: str, chosen: dict[str, str]) -> tuple[int, bool]:
    return wide_facets.total_of(facets_of(chosen, Category.objects.shelves()), chosen.get("creator", ""))


def _called(chosen: dict[str, str]) -> str:
    """Whose courses these are, where one creator's are asked for."""
    names = Creator.objects.visible().filter(slug=chosen.get("creator", "")).values_list("name", flat=True)
    return names.first() or "" if "creator" in chosen else ""


@kept_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    found = _shown(slug)
    if not found:
        return _gone(request, slug)
    version = found[0]
    course, chapters = version.course, outline.chapters(version)
    previews, checks = outline.previews(chapters), present_of(version.said)
    context = {
        "course": course,
        # Asked of the course itself, each would look up the words of all its choices.
        "level": Level(course.level).label,
        "spoken": Language(course.language).label,
        "captions": caption_words.languages_of(course.captions),
        "version": version,
        "chapters": chapters,
        "hidden_count": sum(chapter.hidden_count for chapter in chapters),
        "skills": taught_by(version.taught),
        "preview": outline.shown_preview(previews, request.GET.get("preview", "")),
        "previews_count": len(previews),
        "price_history": history_of(course, version.prices, timezone.now()),
        "lately": history.lately(version),
        "checks": checks,
        "structured": course_data(course, version, chapters, checks),
        "way": way_to_course(course),
    }
    return render(request, "courses/detail.html", context)


@written_once
def _shown(slug: Any) -> QuerySet[Version]:
    """The version on sale of the course at this address, with all that its page says."""
    return (
        Version.objects.on_sale()
        .filter(course__slug=slug)
        .defer("course__search", "course__search_text")
        .annotate(
            prices=PriceChange.objects.rows_of("course_id"),
            taught=TaughtSkill.objects.rows_of("pk"),
            said=SubjectCheck.objects.rows_of("course_id"),
            clip_rows=clip_shown.rows_of("course_id"),
            rating_rows=said_of("course_id"),
            bundle_keys=bundles_with("course_id"),
            membership_keys=memberships_with("course__creator_id"),
        )
    )


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """404, but a creator reads why her own course is off the sale."""
    takedowns = Takedown.objects.filter(course__slug=slug, lifted_at=None).select_related("course")
    takedown = get_object_or_404(takedowns, course__in=Course.objects.editable_by(request.user))
    return render(request, "courses/taken_down.html", {"takedown": takedown}, status=410)
