"""The token of a page's forms, as Django's middleware makes and takes it, from two draws of chance: Django draws each
of its sixty-four letters apart, which takes a third as long as a bare page. And what stands in its place where a page
is the same for all: a word that nobody need keep secret, with which a form is taken by where it comes from.
"""

import os

from django.http import HttpRequest, UnreadablePostError
from django.middleware.csrf import CSRF_ALLOWED_CHARS as LETTERS
from django.middleware.csrf import CSRF_SECRET_LENGTH

_PLACES = {letter: at for at, letter in enumerate(LETTERS)}
# In the forms of kept pages. No token of Django's has a hyphen in it.
OF_KEPT_PAGE = "of-a-kept-page"
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# Greater bytes would make some letters likelier than others.
_FAIR = 256 - 256 % len(LETTERS)


def token_of(request: HttpRequest) -> str:
    """The secret of the browser's cookie, a new one where it has none, under a mask of this answer's own."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = request.META["CSRF_COOKIE"] = _letters(_drawn())
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True  # the middleware sends the cookie
    mask = _drawn()
    masked = [(_PLACES[letter] + shift) % len(LETTERS) for letter, shift in zip(secret, mask, strict=True)]
    return _letters(mask + masked)


def is_of_kept_page(request: HttpRequest) -> bool:
    """Whether this is a form of a kept page, sent by a page of this very address."""
    if request.method in _SAFE or not is_from_here(request):
        return False
    try:
        given = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
    except UnreadablePostError:
        return False  # Django's middleware meets the same, and says it
    return OF_KEPT_PAGE in (given, request.headers.get("X-CSRFToken"))


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this scheme, host and port sent this. Pages cannot write these headers.

    Sec-Fetch-Site where it is sent (browsers since 2020, on https); else Origin, which forms have carried for longer;
    else Referer, by which browsers without Origin are judged on https anyway. A neighbour under the same domain is a
    stranger, and so is who says nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("same-origin", "same-site", "cross-site"):
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    return origin == here if origin else request.headers.get("Referer", "").startswith(f"{here}/")


def _drawn() -> list[int]:
    """Places in LETTERS, each as likely as another."""
    found: list[int] = []
    while len(found) < CSRF_SECRET_LENGTH:
        found += [byte % len(LETTERS) for byte in os.urandom(2 * CSRF_SECRET_LENGTH) if byte < _FAIR]
    return found[:CSRF_SECRET_LENGTH]


def _letters(places: list[int]) -> str:
    return "".join([LETTERS[at] for at in places])
