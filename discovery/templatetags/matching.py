"""What pages below show of matching: a shelf for the reader, and the button that follows a creator."""

from typing import Any

from django import template
from django.template.context import Context

from courses.models import Category
from creators.models import Creator
from discovery.matching import explained
from discovery.models import Follow, Taste

register = template.Library()

ON_SHELF = 8


@register.inclusion_tag("discovery/_for_you_shelf.html", takes_context=True)
def for_you_shelf(context: Context) -> dict[str, Any]:
    """The first of the reader's list, and until she has said it, what she wants to learn; nothing for strangers."""
    reader = context["request"].user
    if not reader.is_authenticated:
        return {"cards": [], "is_asked": False}
    taste = Taste.objects.of(reader)
    asked = {"is_asked": taste.is_new, "goals": Category.objects.shelves()}
    return {"cards": explained.drawn(reader, "h3", ON_SHELF, taste), **asked, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("discovery/_follow_button.html", takes_context=True)
def follow_button(context: Context, creator: Creator) -> dict[str, Any]:
    reader = context["request"].user
    is_own = reader.is_authenticated and creator.user_id == reader.pk
    follows = Follow.objects.of(reader).filter(creator=creator).exists()
    shown = {"creator": creator, "reader": reader, "is_own": is_own, "follows": follows}
    return {**shown, "csrf_token": context.get("csrf_token")}
