"""What pages show of taking money back: the meter of a course that one has, the promise for one that one might buy."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Course

from .. import meter, meter_drawing
from ..meter import Meter
from ..models import Order, OrderItem
from ..refund_rule import Reason

register = template.Library()

WHY_NOT: dict[Reason, str | Promise] = {
    Reason.COMPLETED: _("You have completed the course."),
    Reason.TOO_LATE: _("The time for it has passed."),
    Reason.WATCHED_TOO_MUCH: _("You have watched more than the rule allows."),
    Reason.NOTHING_LEFT: _("It was given back."),
    Reason.REFUNDED_BEFORE: _("You took your money back for this course once before."),
    Reason.UNDER_WAY: _("The money is on its way back to you."),
    Reason.DISPUTED: _("Your bank is looking into the payment. It decides."),
    Reason.NOT_YOURS: _("You had the course already, so this payment went back to you."),
}


@register.inclusion_tag("payments/_refund_meter.html", takes_context=True)
def refund_meter(context: Context, course: Course) -> dict[str, Any]:
    """The meter of a course that the reader bought, while its time runs; else nothing."""
    return _drawn(_mine(context, course))


@register.inclusion_tag("payments/_refund_line.html", takes_context=True)
def refund_line(context: Context, course: Course) -> dict[str, Any]:
    """The same in one line, while something would come back."""
    mine = _mine(context, course)
    return _drawn(mine if mine and mine.offer else None)


@register.inclusion_tag("payments/_refund_meter.html")
def drawn_meter(shown: Meter) -> dict[str, Any]:
    """A meter that the page has at hand."""
    return _drawn(shown)


@register.inclusion_tag("payments/_refund_promise.html", takes_context=True)
def refund_promise(context: Context, courses: Course | Sequence[Course]) -> dict[str, Any]:
    """Before the purchase: the rule in words and as a meter, and what is different for this reader."""
    asked = [courses] if isinstance(courses, Course) else list(courses)
    meters = meter.before(context["request"].user, asked)
    offered = [shown for shown in meters if shown.offer]
    return {
        "meters": meters,
        "example": offered[0] if offered else None,
        "bars": meter_drawing.bars(offered[0]) if len(offered) == 1 else [],
        "without": [(shown.course, WHY_NOT[shown.offer.reason]) for shown in meters if not shown.offer],
        "is_one": len(meters) == 1,
    }


@register.simple_tag
def meters_of(order: Order) -> list[Meter]:
    """Of each paid course of an order, in its order; of a price in parts all that was paid stands at the first."""
    if not order.is_paid or order.is_later_part:
        return []
    items = order.items.filter(is_tip=False, course__isnull=False)
    return meter.of_items(list(items.select_related("order__refund_rule", "course", "buyer")))


@register.simple_tag
def offers_of(orders: Sequence[Order]) -> dict[int, Meter]:
    """Of one buyer's orders each item of which something would come back now, by its key; of a price in parts the first
    part's. Few queries for them all.
    """
    paid = [order.pk for order in orders if order.is_paid and not order.is_later_part]
    items = OrderItem.objects.filter(order__in=paid, refunded_at=None, is_tip=False, course__isnull=False)
    rows = items.select_related("order__refund_rule", "course", "buyer").order_by("pk")
    return {shown.item.pk: shown for shown in meter.of_items(list(rows)) if shown.offer and shown.item}


@register.filter
def of_item(offers: dict[int, Meter], item: OrderItem) -> Meter | None:
    return offers.get(item.pk)


@register.filter
def share(bps: int) -> str:
    """Basis points as a percentage."""
    return meter_drawing.percent_text(bps)


def _drawn(shown: Meter | None) -> dict[str, Any]:
    if shown is None:
        return {"meter": None}
    return {
        "meter": shown,
        "bars": meter_drawing.bars(shown),
        "share": meter_drawing.percent_text(meter_drawing.share_bps(shown)),
        "why_not": WHY_NOT.get(shown.offer.reason, ""),
    }


def _mine(context: Context, course: Course) -> Meter | None:
    """Asked once a page for all of the reader's courses, however many are shown."""
    # A card is included with its own inputs only, and keeps the request beside them.
    request: Any = context.get("request") or getattr(context, "request", None)
    if not request.user.is_authenticated:
        return None
    if "_refund_meters" not in request.__dict__:
        request._refund_meters = meter.of_learner(request.user)
    found: Meter | None = request._refund_meters.get(course.pk)
    return found
