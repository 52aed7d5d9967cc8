"""The link with which pages of lower apps let people report what they show."""

from typing import Any

from django import template
from django.template.context import Context

from moderation import targets

register = template.Library()


@register.inclusion_tag("reports/_button.html", takes_context=True)
def report_button(context: Context, kind: str, key: Any, owner_id: int | None = None) -> dict[str, Any]:
    """For everybody but the owner of the thing; beside somebody's words also for whoever said them."""
    user = context.get("user")
    is_own = bool(user and user.pk and user.pk == owner_id)
    return {"kind": kind, "key": key, "is_own": is_own, "is_claimable": kind in ("course", "lesson"),
            "is_spoken": kind in targets.SPOKEN}  # fmt: skip
