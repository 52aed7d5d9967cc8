"""The filters of a list, drawn without a template: some forty options stand on every list."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from courses.filters import Option
from courses.paging import MOST_COUNTED
from marketplace.lib.templatetags.ui import count, icon

register = template.Library()


@register.simple_tag
def filter_boxes(boxes: Iterable[tuple[Any, list[Option]]], at_least: bool = False) -> SafeString:
    """Links, so that each choice is a page, from pairs of a label and its options. `at_least`: there may be more than
    an option counts.
    """
    courses, away = escape(pgettext("how many a filter leaves", "courses")), escape(gettext("(take away)"))
    hidden = '<span class="visually-hidden"> {}</span>'
    parts = [f'<nav class="filters" aria-label="{escape(gettext("Filters"))}">']
    for label, options in boxes:
        parts.append(f'<section><h2 class="filters__title">{escape(label)}</h2>\n<ul>')
        for option in options:
            address, name = escape(option.address), escape(option.label)
            start = f'<li><a class="filters__option" href="{address}" rel="nofollow"'
            if option.is_chosen:
                parts.append(f'{start} aria-current="true">{name}{icon("x")}{hidden.format(away)}</a></li>')
                continue
            number = "" if option.count is None else _about(option.count, at_least)
            told = f'<span class="muted small">{number}{hidden.format(courses)}</span>' if number else ""
            parts.append(f"{start}>{name}{told}</a></li>")
        parts.append("</ul></section>")
    return mark_safe("".join([*parts, "</nav>"]))


def _about(number: int, at_least: bool) -> str:
    return f"{count(min(number, MOST_COUNTED))}+" if at_least or number > MOST_COUNTED else count(number)
