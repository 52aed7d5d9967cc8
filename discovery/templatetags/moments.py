"""Where the words are said in films, drawn without a template: four rows stand on most pages of results."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from discovery.moments import Moment
from marketplace.lib.templatetags.ui import clock, icon

register = template.Library()


@register.simple_tag
def moment_rows(moments: Iterable[Moment]) -> SafeString:
    start = f'{icon("play")}<span class="visually-hidden">{escape(_("At"))}</span> '
    opens = escape(_("These words are spoken in this lesson. It opens with the course."))
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
    return mark_safe("".join(rows))
