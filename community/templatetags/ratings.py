"""What pages of other apps show of ratings."""

from typing import Any

from django import template
from django.template.context import Context

from community import rating, shown
from community.models.rating import rows_from
from courses.models import Course

register = template.Library()


@register.inclusion_tag("community/_on_course_page.html")
def ratings_of(course: Course, said: list[dict[str, Any]]) -> dict[str, Any]:
    """The number, its spread and a few words of learners, which the page's own query brought (`said_of`)."""
    return {"course": course, "summary": shown.Summary(course), "rows": rows_from(said)}


@register.inclusion_tag("community/_your_rating.html", takes_context=True)
def your_rating(context: Context, course: Course) -> dict[str, Any]:
    """The learner's way to say what she thinks; nothing for who never had the course."""
    return {"course": course, "standing": rating.standing(context["request"].user, course)}
