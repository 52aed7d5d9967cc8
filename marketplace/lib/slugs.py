"""Names in addresses: short, ASCII, free, and never reused for something else."""

import secrets

from django.db import models
from django.utils.text import slugify

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def free_slug(rows: models.QuerySet, text: str, fallback: str, reserved: frozenset[str] = frozenset()) -> str:
    """A slug of `text` that no row of `rows` has. Text without Latin letters gets `fallback` and five random signs,
    since a percent-encoded address can be neither read aloud nor typed.
    """
    plain = slugify(text)[:60].strip("-")
    if len(plain) < 3:
        return _with_tail(plain or fallback)
    if plain in reserved or rows.filter(slug=plain).exists():
        return _with_tail(plain)
    return plain


def _with_tail(stem: str) -> str:
    return f"{stem}-{''.join(secrets.choice(_ALPHABET) for _ in range(5))}"
