"""The parts of a page's frame: head and foot of the site, drawn once a process for everybody who has no session.

For visitors such a part depends on nothing but the language, the theme and which page it stands on. What differs from
request to request is put in while the page is drawn: the address to come back to, the words in the box, the token of
the forms.
"""

from typing import Any

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from marketplace.lib.kept_pages import is_known, theme_of

register = template.Library()

_ADDRESS, _WORDS, _TOKEN = "\0address\0", "\0words\0", "\0token\0"  # no page of ours has a NUL in it
_drawn: dict[tuple[str, ...], str] = {}


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """The template `name`, which finds beside the page's context: next_address and asked_words."""
    request = context.get("request")
    if request is None:
        return _draw(context, name)
    address, words = request.get_full_path(), request.GET.get("q", "")
    if settings.DEBUG or _has_reader(request):
        return _draw(context, name, next_address=address, asked_words=words)
    page = request.resolver_match.view_name if request.resolver_match else ""
    key = (name, get_language() or "", theme_of(request), page)
    if key not in _drawn:
        marks = {"next_address": mark_safe(_ADDRESS), "asked_words": mark_safe(_WORDS)}
        _drawn[key] = _draw(context, name, csrf_token=mark_safe(_TOKEN), **marks)
    part = _drawn[key]
    if _TOKEN in part:
        part = part.replace(_TOKEN, get_token(request))
    return mark_safe(part.replace(_ADDRESS, escape(address)).replace(_WORDS, escape(words)))


def _has_reader(request: Any) -> bool:
    """Whether the part may show something of this person's own."""
    if is_known(request) or request.session.modified:
        return True
    return bool(request.user.is_authenticated)


def _draw(context: Context, name: str, **more: Any) -> SafeString:
    with context.push(**more):
        return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]
