"""Where the words are said in films, drawn without a template: four rows stand on most pages of results."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from discovery.moments import Moment
from marketplace.lib.templatetags.ui import clock, icon

register = template.Library()


@register.simple_tag
def said_in_films(moments: Iterable[Moment]) -> SafeString:
    """Excerpt and second of the films that the reader may watch, the titles of the others."""
    title, start, opens = _words(get_language() or "")
    rows = []
    for one in moments:
        place = "" if one.start_s is None else f"{start}{clock(one.start_s)} · "
        spoken = escape(one.course_language)
        said = f'<p lang="{escape(one.language)}">“{escape(one.excerpt)}”</p>' if one.excerpt else ""
        told = f'<p class="muted small">{opens}</p>' if one.start_s is None else ""
        rows.append(
            f'<li><a href="{escape(one.address)}">{place}<span lang="{spoken}">{escape(one.lesson_title)}</span></a>\n'
            f'{said or told}\n<p class="muted small" lang="{spoken}">{escape(one.course_title)}</p></li>'
        )
    head = f'<section class="panel stack" aria-labelledby="moments"><h2 id="moments">{title}</h2>\n<ul class="rows">'
    return mark_safe("".join([head, *rows, "</ul></section>"]))


@register.simple_tag
def lessons_so_called(lessons: Iterable[Moment]) -> SafeString:
    """Lessons of the courses below whose titles have the words, each a way into the course."""
    rows = [
        f'<a href="{escape(one.address)}"><span lang="{escape(one.course_language)}">{escape(one.lesson_title)}</span>'
        f'<span class="muted small" lang="{escape(one.course_language)}"> · {escape(one.course_title)}</span></a>'
        for one in lessons
    ]
    title = escape(_("Lessons that are called so"))
    head = f'<section class="panel stack" aria-labelledby="lessons"><h2 id="lessons">{title}</h2>\n<ul class="rows">'
    return mark_safe(f"{head}<li>{'</li><li>'.join(rows)}</li></ul></section>")


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _words(language: str) -> tuple[str, str, str]:
    """Title, what stands before a second, and what is said of a film that she may not watch. In `language`, which is
    the active one.
    """
    start = f'{icon("play")}<span class="visually-hidden">{escape(_("At"))}</span> '
    opens = escape(_("These words are spoken in this lesson. It opens with the course."))
    return escape(_("Said in films")), start, opens
