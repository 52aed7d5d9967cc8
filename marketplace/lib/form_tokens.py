"""The token of a page's forms, as Django's middleware makes and takes it, from two draws of chance: Django draws each
of its sixty-four letters apart, which takes a third as long as a bare page.
"""

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS as LETTERS
from django.middleware.csrf import CSRF_SECRET_LENGTH

_PLACES = {letter: at for at, letter in enumerate(LETTERS)}
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


def _drawn() -> list[int]:
    """Places in LETTERS, each as likely as another."""
    found: list[int] = []
    while len(found) < CSRF_SECRET_LENGTH:
        found += [byte % len(LETTERS) for byte in os.urandom(2 * CSRF_SECRET_LENGTH) if byte < _FAIR]
    return found[:CSRF_SECRET_LENGTH]


def _letters(places: list[int]) -> str:
    return "".join([LETTERS[at] for at in places])
