"""The frames of pages: what the head loads, head and foot of the site; drawn once a process for everybody who has no
session.

For visitors a frame depends on nothing but the language, the theme, which page it stands on, and what people of the
house decide about all pages (`shows`): when they decide anew, all are drawn anew. What differs from
request to request is put in afterwards: the address to come back to, the words in the box, the token of the forms, the
nonce of the policy. Of most pages the parts of the frame are kept one by one (the tag `frame_part`); a page that is
asked for with ever new questions is kept whole, and has its own texts put in as well (`framed`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .form_tokens import token_of
from .kept_pages import has_told, is_known, theme_of

# As many signs as the box takes, and as are looked for.
_LONGEST_ASKED = 200


def asked_words(request: HttpRequest) -> str:
    """What stands in the box of the site's head."""
    return request.GET.get("q", "")[:_LONGEST_ASKED]


# What every frame has put in, by the name that it has in the template.
_OWN: dict[str, Callable[[Any], str]] = {
    "next_address": lambda request: escape(request.get_full_path()),
    "asked_words": lambda request: escape(asked_words(request)),
    "csrf_token": token_of,
    "CSP_NONCE": lambda request: str(request.csp_nonce),
}
_MARK = re.compile("\0([A-Za-z_]+)\0")  # no page of ours has a NUL in it
# Text and names of what stands between, in turn.
_drawn: dict[tuple[str, ...], list[str]] = {}
_editions: list[Callable[[], str]] = []
# Of what all that is kept is.
_edition: list[tuple[str, ...]] = []


def shows(edition: Callable[[], str]) -> None:
    """Frames show something that changes while the process runs; `edition` names what it is now, and costs nothing."""
    _editions.append(edition)


def framed(request: HttpRequest, name: str, own: Mapping[str, str]) -> HttpResponse:
    """The page of the template `name`, which finds each text of `own` under its name. For visitors it is drawn once and
    the texts are put in, so it may show them and ask nothing else about them.
    """
    if is_drawn_anew(request):
        return render(request, name, dict(own))
    page = get_template(name)
    told = {each: conditional_escape(text) for each, text in own.items()}
    return HttpResponse(kept(request, name, told, lambda marks: page.render(marks, request)))


def kept(
    request: HttpRequest, name: str, told: Mapping[str, str], draw: Callable[[dict[str, SafeString]], str]
) -> SafeString:
    """What `draw` answers for all visitors of this page, once; in the places that it was given for them stand what is
    `told`, HTML by its name, and what is this request's own.
    """
    page = request.resolver_match.view_name if request.resolver_match else ""
    key = (name, get_language() or "", theme_of(request), page, *(edition() for edition in _editions))
    if found := _drawn.get(key):
        parts = list(found)
    else:
        parts = _MARK.split(draw({each: mark_safe(f"\0{each}\0") for each in (*_OWN, *told)}))
        # Asked again: what was drawn may have told this person something while it was being drawn.
        if not is_drawn_anew(request):
            _keep(key, parts)
    texts = dict(told)
    for at in range(1, len(parts), 2):
        own = parts[at]
        if own not in texts:
            texts[own] = _OWN[own](request)
        parts[at] = str(texts[own])
    return mark_safe("".join(parts))


def _keep(key: tuple[str, ...], parts: list[str]) -> None:
    """What was drawn of an older edition is not asked for any more."""
    if _edition != [key[4:]]:
        _drawn.clear()
        _edition[:] = [key[4:]]
    _drawn[key] = list(parts)


def is_drawn_anew(request: HttpRequest) -> bool:
    """Whether a page may show something of this person's own."""
    if settings.DEBUG or is_known(request) or request.session.modified or has_told(request):
        return True
    return bool(request.user.is_authenticated)
