"""Where a member's money went, on her membership's page."""

from typing import Any

from django import template

from ..models import Membership
from ..pool import shown

register = template.Library()


@register.inclusion_tag("payments/_pool_went.html")
def where_it_went(membership: Membership, person: Any) -> dict[str, Any]:
    """Of the pass, for its member; nothing for others who may open the page."""
    return {"months": shown.of_membership(membership, person), "membership": membership}
