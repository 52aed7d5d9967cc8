"""Flags as pages draw them, and the studio's word that there are some."""

from typing import Any

from django import template
from django.template.context import Context

from courses.models import Course
from moderation import flag_drawing
from moderation.models import Flag

register = template.Library()


@register.inclusion_tag("moderation/_flag.html")
def flag_shown(flag: Flag) -> dict[str, Any]:
    """The figures of a flag, drawn and in words, with the rule that they passed."""
    figures = flag.figures
    tie = flag_drawing.TIES.get(figures.get("tie", ""))
    return {"flag": flag, "interval": flag_drawing.interval(figures), "bars": flag_drawing.bars(figures), "tie": tie}


@register.inclusion_tag("moderation/_course_flags.html", takes_context=True)
def course_flags(context: Context, course: Course) -> dict[str, Any]:
    """For the course's creator alone: what stands out, with the way to the figures."""
    user = context.get("user")
    if user is None or not user.pk:
        return {"flags": []}
    return {"flags": list(Flag.objects.told_to(user).standing().filter(case__course=course).order_by("id"))}
