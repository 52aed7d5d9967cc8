"""What pages below payments show of buying: the box beside a course, the bar on small screens, the cart's number."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context

from courses.models import Course

from .. import carts
from ..instalments import plans, schedule
from ..memberships import beside
from ..tax import shown

register = template.Library()


@register.inclusion_tag("payments/_buy_box.html", takes_context=True)
def buy_box(context: Context, course: Course) -> dict[str, Any]:
    return _offer(context, course)


@register.inclusion_tag("payments/_buy_bar.html", takes_context=True)
def buy_bar(context: Context, course: Course) -> dict[str, Any]:
    return _offer(context, course)


@register.inclusion_tag("payments/_price_tax.html", takes_context=True)
def price_tax(context: Context, course: Course) -> dict[str, Any]:
    return {"tax": shown.of_course(course, context["request"].user)}


@register.simple_tag(takes_context=True)
def cart_count(context: Context) -> int:
    """How many courses are in the cart. Asks the database only for people who have logged in or put something in."""
    request = context.get("request")
    if request is None or not hasattr(request, "session"):
        return 0
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not request.session.get(carts.KEY):
        return 0
    return len(carts.course_ids(request.user, request.session))


def _offer(context: Context, course: Course) -> dict[str, Any]:
    """Asked once a page: box and bar show the same."""
    request = context["request"]
    kept: dict[int, dict[str, Any]] = request.__dict__.setdefault("_offers", {})
    if course.pk not in kept:
        state = _state(request, course)
        own = beside.of(request, course) if state in ("buy", "in_cart") else beside.Own()
        asks = _naming(request, course, state) if course.is_price_named else _in_parts(course, state)
        kept[course.pk] = {"state": state, "own": own} | asks
    told = {"course": course, "request": request, "price_history": context.get("price_history")}
    return told | kept[course.pk]


def _naming(request: Any, course: Course, state: str) -> dict[str, Any]:
    in_bundle = state == "in_cart" and carts.is_in_bundle(request.user, request.session, course)
    return {"amount": _amount(request, course), "in_bundle": in_bundle}


def _in_parts(course: Course, state: str) -> dict[str, Any]:
    months = plans.months_of(course) if state in ("buy", "in_cart") else 0
    if not months or course.price is None:
        return {}
    return {"months": months, "first_part": schedule.amounts(course.price, months)[0]}


def _amount(request: Any, course: Course) -> str:
    """What stands in the box: what she named before, else what is suggested."""
    named = carts.named(request.user, request.session, [course]).get(course.pk)
    amount = named or course.suggested
    return amount.decimal_text() if amount else ""


def _state(request: Any, course: Course) -> str:
    """own, owned, off_sale, free, in_cart or buy."""
    # Of a visitor nothing is asked: putting the question together alone is a tenth of the page.
    if request.user.is_authenticated and course.belongs_to(request.user):
        return "own"
    if beside.of(request, course).is_owned:
        return "owned"
    if not course.is_on_sale:
        return "off_sale"
    if course.is_free:
        return "free"
    return "in_cart" if course.pk in carts.course_ids(request.user, request.session) else "buy"
