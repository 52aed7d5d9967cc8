"""What pages below show of courses saved for later: the button at a course, and the shelf in the library."""

from typing import Any

from django import template
from django.template.context import Context

from courses.models import Course
from discovery import saving
from discovery.models import SavedCourse

register = template.Library()


@register.inclusion_tag("discovery/_save_button.html", takes_context=True)
def save_button(context: Context, course: Course) -> dict[str, Any]:
    reader = context["request"].user
    # Of a visitor nothing is asked, and no question put together.
    is_saved = reader.is_authenticated and SavedCourse.objects.of(reader).filter(course=course).exists()
    return {"course": course, "reader": reader, "is_saved": is_saved, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("discovery/_saved_shelf.html", takes_context=True)
def saved_shelf(context: Context) -> dict[str, Any]:
    return {"saved": saving.of(context["request"].user, saving.ON_SHELF)}
