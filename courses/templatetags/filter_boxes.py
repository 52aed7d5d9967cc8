"""The filters of a list and its orders, drawn without a template: some fifty options stand on every list."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from courses.filters import Option
from courses.paging import MOST_COUNTED
from marketplace.lib.templatetags.ui import icon, written

register = template.Library()


@register.simple_tag
def filter_boxes(boxes: Iterable[tuple[str, list[Option]]], at_least: bool = False) -> SafeString:
    """Links, so that each choice is a page, from pairs of a label and its options. `at_least`: there may be more than
    an option counts.
    """
    language = get_language() or ""
    hidden = '<span class="visually-hidden"> {}</span>'
    away = icon("x") + hidden.format(escape(gettext("(take away)")))
    courses = hidden.format(escape(pgettext("how many a filter leaves", "courses")))
    parts = [f'<nav class="filters" aria-label="{escape(gettext("Filters"))}">']
    for label, options in boxes:
        parts.append(f'<section><h2 class="filters__title">{escape(label)}</h2>\n<ul>')
        addresses, labels = _escaped(each.address for each in options), _escaped(each.label for each in options)
        for option, address, name in zip(options, addresses, labels, strict=True):
            start = f'<li><a class="filters__option" href="{address}" rel="nofollow"'
            if option.is_chosen:
                parts.append(f'{start} aria-current="true">{name}{away}</a></li>')
                continue
            number = _about(option.count, at_least, language) if option.count else ""
            told = f'<span class="muted small">{number}{courses}</span>' if number else ""
            parts.append(f"{start}>{name}{told}</a></li>")
        parts.append("</ul></section>")
    return mark_safe("".join([*parts, "</nav>"]))


@register.simple_tag
def order_menu(orders: list[Option]) -> SafeString:
    """The order of a list, which opens to the others."""
    present, others = "", []
    for option in orders:
        name = escape(option.label)
        if option.is_chosen:
            present = name
        mark, sign = (' aria-current="true"', icon("check")) if option.is_chosen else ("", "")
        others.append(f'<a href="{escape(option.address)}" rel="nofollow"{mark}>{sign}{name}</a>')
    told, opens = escape(gettext("Change the order")), icon("chevron-down")
    return mark_safe(
        '<details class="menu" name="site-menu"><summary class="button button--small button--quiet">'
        f'{present}{opens}<span class="visually-hidden">{told}</span></summary>\n'
        f'<div class="menu__items">{"".join(others)}</div></details>'
    )


@register.filter
def about(number: int) -> str:
    """A number of courses as lists say it: the exact one of many helps nobody."""
    return _about(number, at_least=False, language=get_language() or "")


@register.filter
def together(drawn: Iterable[SafeString]) -> SafeString:
    """HTML that was drawn already, piece after piece."""
    return mark_safe("".join(drawn))


def _escaped(texts: Iterable[str]) -> list[str]:
    """All of them at once; none has a NUL in it."""
    return escape("\0".join(texts)).split("\0")


def _about(number: int, at_least: bool, language: str) -> str:
    has_more = at_least or number > MOST_COUNTED
    return f"{written(min(number, MOST_COUNTED), language)}{'+' if has_more else ''}"
