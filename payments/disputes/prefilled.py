"""What speaks for us in a dispute, out of our own rows: a draft of the evidence that a person then edits.

It is in English whoever prepares it, since people at the buyer's bank read it. Each text says only what a row says.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from courses.models import Course, Lesson
from learners import watched
from learners.models import Enrollment, WatchSession
from marketplace.lib.money import Money

from ..models import Dispute, Order

MOST_LINES = 120


def draft(dispute: Dispute) -> dict[str, str]:
    """By the provider's field names."""
    order = dispute.order
    with translation.override("en"):
        fields = {
            "uncategorized_text": _story(order),
            "access_activity_log": _activity(order),
            "product_description": _products(order),
            "customer_name": str(order.buyer),
            "customer_email_address": order.buyer.email,
            "service_date": f"{order.paid_at:%Y-%m-%d}" if order.paid_at else "",
            "refund_policy_disclosure": _policy(order),
            "refund_refusal_explanation": _refunds(order),
        }
        if dispute.reason == "duplicate":
            fields["duplicate_charge_explanation"] = _other_orders(order)
    return fields


def _story(order: Order) -> str:
    rights = Enrollment.objects.of(order.buyer).filter(reference=order.of_right).select_related("course").order_by("pk")
    lines = [
        f"Order {order.number}, charge {order.charge_id}.",
        f"The account {order.buyer.email} was opened on {_time(order.buyer.joined_at)}.",
        *_of_plan(order),
        f"It asked to pay on {_time(order.placed_at)} and paid {order.total.format('en')} on {_time(order.paid_at)} "
        "on the payment provider's own page."
        if order.checkout_session_id
        else f"{order.total.format('en')} were paid on {_time(order.paid_at)} with the card that it agreed to keep.",
        *(f"Access to “{right.course.title}” was given on {_time(right.granted_at)}." for right in rights),
        f"A receipt was mailed to {order.buyer.email}.",
    ]
    return "\n".join(lines)


def _of_plan(order: Order) -> list[str]:
    """What was agreed, of a price that is paid in parts."""
    plan = order.plan
    if plan is None:
        return []
    parts = ", ".join(
        f"{amount.format('en')} on {day:%Y-%m-%d}" for day, amount in zip(plan.due_on, plan.amounts, strict=True)
    )
    return [f"On {_time(plan.agreed_at)} it was shown, and agreed to, a plan of {plan.months} parts: {parts}."]


def _activity(order: Order) -> str:
    """Each playback of this buyer in the courses of this order: when, which lesson, how much of it."""
    courses = _courses(order)
    seen = watched.of_courses(order.buyer, courses)
    lines = [
        f"“{course.title}”: {seen[course.pk].seconds // 60} of {seen[course.pk].length_s // 60} minutes watched."
        for course in courses
        if course.pk in seen
    ]
    sessions = WatchSession.objects.filter(learner=order.buyer, course__in=courses, reported_at__isnull=False)
    titles = dict(Lesson.objects.filter(version__course__in=courses).values_list("key", "title"))
    for session in sessions.order_by("started_at")[:MOST_LINES]:
        lines.append(f"{_time(session.started_at)}: “{titles.get(session.lesson_key, 'a lesson')}” played.")
    return "\n".join(lines) if lines else "No playback is on record."


def _products(order: Order) -> str:
    return "\n".join(
        f"A tip to {item.creator.name} for the course “{item.course_title}”, which the buyer had already, "
        f"{item.price.format('en')}. It was offered back for {settings.TIP_BACK_HOURS} hours."
        if item.is_tip
        else f"A month of the membership “{item.course_title}”, {item.price.format('en')}: the courses that it opens, "
        "as streaming access in the buyer's account. It may be canceled at any time, as its page said before."
        if item.is_month
        else f"“{item.title}”, an online video course by {item.creator.name}, {item.price.format('en')}. "
        "Delivered at once as streaming access in the buyer's account."
        for item in order.items.select_related("creator", "order")
    )


def _policy(order: Order) -> str:
    rule = order.refund_rule
    return (
        f"Within {rule.whole_days} days, and with at most {rule.whole_bps // 100} % of a course watched, the buyer "
        f"takes the whole price back by herself; within {rule.part_days} days and up to {rule.part_bps // 100} %, the "
        "part that was not watched. This is shown on the course's page before the purchase, at checkout, in the "
        "library and on the page of the order."
    )


def _refunds(order: Order) -> str:
    given = [refund for refund in order.refunds.all() if refund.state == "done"]
    if not given:
        return "No refund was asked for before the dispute."
    lines = (f"{_sum(refund, order)} was given back on {_time(refund.settled_at)}." for refund in given)
    return "\n".join(lines)


def _other_orders(order: Order) -> str:
    """Other payments of the same buyer for the same courses: the strongest word in a dispute about paying twice."""
    paid = Order.objects.of(order.buyer).filter(paid_at__isnull=False).exclude(pk=order.pk)
    if order.membership:
        months = paid.filter(membership=order.membership).order_by("month")
        lines = [f"Order {other.number} of {_time(other.paid_at)} is for another month of it." for other in months]
        return "\n".join(lines) or "The buyer has paid no other month."
    courses = [item.course_id for item in order.items.all()]
    others = paid.filter(items__course__in=courses)
    lines = [f"Order {other.number} of {_time(other.paid_at)} is for the same course." for other in others.distinct()]
    return "\n".join(lines) or "The buyer has no other payment for these courses."


def _courses(order: Order) -> list[Course]:
    """What was bought; of a month the courses that the membership has opened."""
    if order.membership is None:
        return [item.course for item in order.items.select_related("course") if item.course]
    rights = Enrollment.objects.of(order.buyer).filter(reference=order.of_right).select_related("course")
    return [right.course for right in rights.order_by("pk")]


def _sum(refund: Any, order: Order) -> str:
    return Money(refund.amount_minor, order.currency).format("en")


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "-"
