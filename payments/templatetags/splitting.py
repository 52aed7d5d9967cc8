"""How parts are written."""

from django import template

from ..models.revenue_rule import percent_text

register = template.Library()


@register.filter
def percent(bps: int) -> str:
    """Basis points as a percentage without its sign: 2500 is "25"."""
    return percent_text(bps)
