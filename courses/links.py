"""Links in a course's texts that lead nowhere, as far as can be said without asking another host."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from marketplace.lib import links, markdown

from .models import Course

_NAMED_BY_SLUG = {"courses:detail", "courses:versions", "courses:compare"}


def dead_in(text: str) -> Iterator[tuple[str, str]]:
    """(address, what is wrong with it and what to do) of each link that leads nowhere, once each."""
    for address in dict.fromkeys(markdown.links_in(text)):
        if why := why_dead(address):
            yield address, why


def why_dead(address: str) -> str:
    """A sentence, or "" for an address that may well lead somewhere."""
    try:
        parts = urlsplit(links.here(address))
    except ValueError:
        return _("It cannot be read as an address.")
    if parts.scheme in ("http", "https"):
        return _of_host(parts)
    if parts.scheme == "mailto":
        return "" if "@" in parts.path else _("There is no mail address in it.")
    if parts.scheme:
        return _("Only addresses that begin with https://, http:// or mailto: are shown as links.")
    return _here(parts)


def _of_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    is_named = "." in host.strip(".") or ":" in host
    return "" if is_named else _("The name of the site is missing or not whole.")


def _here(parts: SplitResult) -> str:
    """An address of this site, which is known without asking anybody."""
    if not parts.path.startswith("/"):
        return _("It leads to no page of this site. Does https:// at its beginning lack?")
    try:
        found = resolve(parts.path)
    except Resolver404:
        return _("There is no such page on this site.")
    return _course(found)


def _course(found: ResolverMatch) -> str:
    if found.view_name not in _NAMED_BY_SLUG or Course.objects.listed().filter(slug=found.kwargs["slug"]).exists():
        return ""
    return _("That course is not in the shop.")
