"""Where a member's money went, on her membership's page."""

from typing import Any

from django import template

from ..models import Membership
from ..pool import shown

register = template.Library()


@register.inclusion_tag("payments/_pool_went.html")
def where_it_went(membership: Membership) -> dict[str, Any]:
    """Of the pass; nothing of a creator's own membership."""
    return {"months": shown.of_membership(membership), "membership": membership}
