"""What pages below show of clips."""

from typing import Any

from django import template
from django.template.context import Context

from courses import clip_shown
from courses.models import Course
from creators.models import Creator
from discovery.clips import feed

register = template.Library()


@register.inclusion_tag("discovery/_clips_of.html", takes_context=True)
def clips_of_course(context: Context, course: Course) -> dict[str, Any]:
    """The posters of a course's clips; nothing where it has none."""
    return {"tiles": feed.tiles(clip_shown.of_course(course), context["request"].user)}


@register.inclusion_tag("discovery/_clips_of.html", takes_context=True)
def clips_of_creator(context: Context, creator: Creator) -> dict[str, Any]:
    return {"tiles": feed.tiles(clip_shown.of_maker(creator), context["request"].user)}
