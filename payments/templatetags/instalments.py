"""What pages of other apps show of prices in parts: the creator's offer, the way to pay a part that did not come."""

from typing import Any

from django import template
from django.template.context import Context

from courses.models import Course
from operating import switches

from ..instalments import giving_back, plans, schedule
from ..instalments.forms import OfferForm
from ..models import InstalmentOffer, InstalmentPlan, Order

register = template.Library()


@register.simple_tag
def instalments_are_on() -> bool:
    """Whether this site offers prices in parts at all."""
    return switches.is_on("instalments")


@register.inclusion_tag("payments/_offer_instalments.html", takes_context=True)
def offer_instalments(context: Context, course: Course) -> dict[str, Any]:
    least, months = schedule.least_price(course.currency), InstalmentOffer.objects.months_of(course)
    is_possible = not months or plans.months_of(course) > 0
    form = OfferForm(initial={"months": months})
    return {"course": course, "form": form, "least": least, "is_possible": is_possible, "request": context["request"]}


@register.inclusion_tag("payments/_paused_plan.html", takes_context=True)
def paused_plan(context: Context, course: Course) -> dict[str, Any]:
    # A card is included with its own inputs only, and keeps the request beside them.
    request: Any = context.get("request") or getattr(context, "request", None)
    mine = InstalmentPlan.objects.of(request.user).filter(course=course)
    return {"plan": mine.filter(state=InstalmentPlan.State.PAUSED).first()}


@register.inclusion_tag("payments/_refused_part.html", takes_context=True)
def refused_part(context: Context, order: Order) -> dict[str, Any]:
    """For finance: the provider refused to give a part of a price back, and what is to be done."""
    failed = giving_back.refused_of([order.pk]).get(order.pk) if order.plan_id else None
    may_give, token = context["request"].user.has_role("finance"), context.get("csrf_token")
    return {"order": order, "failed": failed, "may_give": may_give, "csrf_token": token}
