"""Name and look of the site, for every page and mail."""

from typing import Any

from django import template

from operating import look

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """In the language that is active."""
    return look.name()


@register.simple_tag
def site_names() -> str:
    """In both languages."""
    return look.names()


@register.simple_tag
def site_tagline(otherwise: str = "") -> str:
    """Its own line, or what else stands there."""
    return look.tagline() or otherwise


@register.simple_tag
def site_look() -> dict[str, Any]:
    """accent, logo, logo_dark, icon and so on; empty where the site looks as Kezhan comes."""
    return look.now()


@register.simple_tag
def look_stylesheet() -> str:
    """Its address; "" where none is needed."""
    return look.stylesheet_address()
