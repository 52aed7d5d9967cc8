"""What pages show of a coupon."""

from datetime import datetime
from typing import Any

from django import template

from ..models import Coupon

register = template.Library()


@register.inclusion_tag("payments/_coupon_state.html")
def coupon_state(coupon: Coupon, at: datetime) -> dict[str, Any]:
    """How it stands at `at`, as a word."""
    return {"state": coupon.state_at(at)}
