"""What pages show of tips: the quiet way to give one, and what an order's page says of one."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context

from courses.models import Course

from ..models import Order, OrderItem
from ..tips import taking_back, terms

register = template.Library()


@register.inclusion_tag("payments/_tip_link.html", takes_context=True)
def tip_link(context: Context, course: Course) -> dict[str, Any]:
    """On a page of a course that the reader has; nothing where the course takes no tips."""
    request: Any = context.get("request") or getattr(context, "request", None)
    return {"course": course, "is_open": not terms.refusal(request.user, course)}


@register.simple_tag
def closed_to_tips(shelved: Sequence[Any]) -> set[int]:
    """Which of the courses on a shelf take no tips, by their keys."""
    return terms.closed([one.course for one in shelved])


@register.simple_tag
def tip_in(order: Order) -> OrderItem | None:
    """The item of an order that is a tip, else None. No query where its items are at hand."""
    return next((item for item in order.items.all() if item.is_tip), None)


@register.filter
def back_until(item: OrderItem) -> Any:
    """Until when its giver may take it back, while she may; else None."""
    return taking_back.until(item) if taking_back.may_be_taken_back(item) else None
