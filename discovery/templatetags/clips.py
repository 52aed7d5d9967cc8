"""What pages below show of clips."""

from typing import Any

from django import template
from django.template.context import Context

from courses import clip_shown
from creators.models import Creator
from discovery.clips import feed

register = template.Library()


@register.inclusion_tag("discovery/_clips_of.html", takes_context=True)
def clips_from(context: Context, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The posters of a course's clips, from `clip_shown.rows_of`; nothing where it has none."""
    return {"tiles": feed.tiles(clip_shown.posters_from(rows), context["request"].user)}


@register.inclusion_tag("discovery/_clips_of.html", takes_context=True)
def clips_of_creator(context: Context, creator: Creator) -> dict[str, Any]:
    return {"tiles": feed.tiles(clip_shown.of_maker(creator), context["request"].user)}
