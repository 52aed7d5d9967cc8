"""Whether a page may offer something that an administrator can turn off."""

from django import template

from operating import switches

register = template.Library()


@register.simple_tag
def is_on(code: str) -> bool:
    """Whether the switch of this code is on."""
    return switches.is_on(code)
