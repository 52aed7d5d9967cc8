"""What stands around the cards of a list, drawn without a template: its filters have some fifty options."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from courses.filters import Option
from courses.paging import MOST_COUNTED
from marketplace.lib.templatetags.ui import count, icon, written

register = template.Library()

_HIDDEN = '<span class="visually-hidden">{}</span>'


@register.simple_tag
def list_filters(boxes: list[tuple[str, list[Option]]]) -> SafeString:
    """What opens the filters, and these as links, so that each choice is a page; from pairs of a label and its options.
    Nothing without a pair.
    """
    if not boxes:
        return mark_safe("")
    language = get_language() or ""
    opens, away = _words_of_filters(language)
    chosen = sum(option.is_chosen for _label, options in boxes for option in options)
    parts = [f"{opens[0]}{f' ({chosen})' if chosen else ''}{opens[1]}"]
    told = _escaped(
        text for label, options in boxes for text in (label, *(each for o in options for each in (o.address, o.label)))
    )
    for _label, options in boxes:
        parts.append(f'<section><h2 class="filters__title">{next(told)}</h2>\n<ul>')
        for option in options:
            address, name = next(told), next(told)
            start = f'<li><a class="filters__option" href="{address}" rel="nofollow"'
            if option.is_chosen:
                parts.append(f'{start} aria-current="true">{name}{away}</a></li>')
            else:
                number = _left(option.count, option.has_more, language) if option.count else ""
                parts.append(f"{start}>{name}{number}</a></li>")
        parts.append("</ul></section>")
    return mark_safe("".join([*parts, "</nav></details>"]))


@register.simple_tag
def list_order(orders: list[Option]) -> SafeString:
    """The order of a list, which opens to the others."""
    present, others = "", []
    told = _escaped(each for option in orders for each in (option.address, option.label))
    for option in orders:
        address, name = next(told), next(told)
        if option.is_chosen:
            present = name
        mark, sign = (' aria-current="true"', icon("check")) if option.is_chosen else ("", "")
        others.append(f'<a href="{address}" rel="nofollow"{mark}>{sign}{name}</a>')
    opens = _words_of_orders(get_language() or "")
    return mark_safe(
        '<details class="menu" name="site-menu"><summary class="button button--small button--quiet">'
        f'{present}{opens}</summary>\n<div class="menu__items">{"".join(others)}</div></details>'
    )


@register.simple_tag
def list_total(page: Any) -> str:
    """How many courses there are, of what counts them: a page of courses.paging or of results."""
    if page.has_more_than_counted:
        return gettext("%(number)s+ courses") % {"number": count(getattr(page, "counted", 0) or page.total)}
    return ngettext("%(number)s course", "%(number)s courses", page.total) % {"number": page.total}


@register.simple_tag
def neighbors(before: str, after: str) -> SafeString:
    """The way to the neighboring pages by their addresses; empty ones at the ends."""
    if not (before or after):
        return mark_safe("")
    start, back, on = _words_of_pages(get_language() or "")
    back = f'<a href="{escape(before)}" rel="prev">{back}</a>' if before else ""
    on = f'<a href="{escape(after)}" rel="next">{on}</a>' if after else ""
    return mark_safe(f"{start}\n{back}\n{on}</nav>")


@register.simple_tag
def list_ways_out(options: list[Option]) -> SafeString:
    """Out of an empty list: each filter, crossed out, with how many courses are left without it."""
    if not options:
        return mark_safe("")
    language, drawn = get_language() or "", []
    for option in options:
        number = _about(option.count or 0, option.has_more, language)
        words = ngettext("Without “%(filter)s”: %(number)s course", "Without “%(filter)s”: %(number)s courses",
                         option.count or 0) % {"filter": option.label, "number": number}  # fmt: skip
        drawn.append(f'<a class="button button--small" href="{escape(option.address)}" rel="nofollow">{icon("x")}'
                     f"{escape(words)}</a>")  # fmt: skip
    return mark_safe(f'<p class="cluster">{"".join(drawn)}</p>')


@register.filter
def about(number: int) -> str:
    """A number of courses as lists say it: the exact one of many helps nobody."""
    return _about(number, has_more=False, language=get_language() or "")


@register.filter
def together(drawn: Iterable[SafeString]) -> SafeString:
    """HTML that was drawn already, piece after piece."""
    return mark_safe("".join(drawn))


def _escaped(texts: Iterable[str]) -> Iterator[str]:
    """All of them at once; none has a NUL in it."""
    return iter(escape("\0".join(texts)).split("\0"))


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _words_of_filters(language: str) -> tuple[tuple[str, str], str]:
    """What opens the filters, around the number of those that are chosen, and what stands beside one of these. In
    `language`, which is the active one.
    """
    opens, away = escape(gettext("Filters")), escape(gettext("(take away)"))
    start = f'<details class="catalogue__filters"><summary class="button button--small">{icon("filter")}{opens}'
    return (start, f'</summary>\n<nav class="filters" aria-label="{opens}">'), icon("x") + _HIDDEN.format(f" {away}")


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _words_of_orders(language: str) -> str:
    """What stands beside the present order in `language`, which is the active one."""
    return icon("chevron-down") + _HIDDEN.format(escape(gettext("Change the order")))


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _words_of_pages(language: str) -> tuple[str, str, str]:
    """The start of the neighbors, and the words of both, in `language`, which is the active one."""
    back, on = escape(gettext("Previous")), escape(gettext("Next"))
    start = f'<nav class="pagination" aria-label="{escape(gettext("Pages"))}">'
    return start, icon("left") + back, on + icon("right")


@lru_cache(maxsize=4 * MOST_COUNTED)
def _left(number: int, has_more: bool, language: str) -> str:
    """How many courses a filter leaves, or at least leaves, in `language`, which is the active one."""
    courses = _HIDDEN.format(f" {escape(pgettext('how many a filter leaves', 'courses'))}")
    return f'<span class="muted small">{_about(number, has_more, language)}{courses}</span>'


def _about(number: int, has_more: bool, language: str) -> str:
    plus = "+" if has_more or number > MOST_COUNTED else ""
    return f"{written(min(number, MOST_COUNTED), language)}{plus}"
