"""The parts of a page's frame: what its head loads, head and foot of the site; drawn once a process for everybody who
has no session.

For visitors such a part depends on nothing but the language, the theme and which page it stands on. What differs from
request to request is put in while the page is drawn: the address to come back to, the words in the box, the token of
the forms, the nonce of the policy.
"""

import re
from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from marketplace.lib.kept_pages import is_known, theme_of

register = template.Library()

# What is put in, by the name that it has in the template.
_OWN: dict[str, Callable[[Any, Context], str]] = {
    "next_address": lambda request, page: escape(request.get_full_path()),
    "asked_words": lambda request, page: escape(request.GET.get("q", "")),
    "csrf_token": lambda request, page: str(page["csrf_token"]),  # the page's own forms have the same
    "CSP_NONCE": lambda request, page: str(request.csp_nonce),
}
_MARKS = {name: mark_safe(f"\0{name}\0") for name in _OWN}  # no page of ours has a NUL in it
_MARK = re.compile(f"\0({'|'.join(_OWN)})\0")
# Text and names of what stands between, in turn.
_drawn: dict[tuple[str, ...], list[str]] = {}


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """The template `name`, which finds beside the page's context: next_address and asked_words."""
    request = context.get("request")
    if request is None:
        return _draw(context, name)
    if settings.DEBUG or _has_reader(request):
        return _draw(context, name, next_address=request.get_full_path(), asked_words=request.GET.get("q", ""))
    page = request.resolver_match.view_name if request.resolver_match else ""
    key = (name, get_language() or "", theme_of(request), page)
    if key not in _drawn:
        _drawn[key] = _MARK.split(_draw(context, name, **_MARKS))
    text, *rest = _drawn[key]
    for own, more in zip(rest[::2], rest[1::2], strict=True):
        text += _OWN[own](request, context) + more
    return mark_safe(text)


def _has_reader(request: HttpRequest) -> bool:
    """Whether the part may show something of this person's own."""
    if is_known(request) or request.session.modified:
        return True
    return bool(request.user.is_authenticated)


def _draw(context: Context, name: str, **more: Any) -> SafeString:
    with context.push(**more):
        return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]
