"""A membership as people see it: its months, what comes back now, the courses that it opened, what can be done."""

from typing import Any

from django.db.models import F
from django.urls import reverse

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock

from ..models import Membership, MembershipCharge, MembershipMonth, Order
from . import agreeing, canceling, ending, paying, taking_back

MOST_SHOWN = 48


def page_of(membership: Membership) -> dict[str, Any]:
    """What its page and the API show beside the row."""
    meter = taking_back.of(membership)
    return {
        "months": months_of(membership), "meter": meter if meter and meter.amount else None,
        "charge": charge_under_way(membership), "may_resume": canceling.may_resume(membership),
        "closing": ending.closing_of(membership) if membership.is_live else None,
        "rights": rights_of(membership), "rule": membership.refund_rule,
        "leaving": leaving(membership), "may_pay": paying.may_pay(membership, clock.now()),
        "to_open": to_open(membership), "again": again(membership),
    }  # fmt: skip


def again(membership: Membership) -> str:
    """Where she begins one that has ended again; empty where it runs, or is not offered any more."""
    is_over = membership.state == Membership.State.ENDED
    offer = agreeing.offered(membership.offer.creator) if is_over else None
    if offer is None or agreeing.running_of(membership.member, offer) or not offer.courses().exists():
        return ""
    name = "payments:join_membership" if offer.creator else "payments:join_pass"
    return reverse(name, args=[offer.creator.slug] if offer.creator else [])


def months_of(membership: Membership) -> list[MembershipMonth]:
    """The newest first."""
    return list(MembershipMonth.objects.filter(membership=membership).select_related("order").order_by("-number")[:36])


def charge_under_way(membership: Membership) -> MembershipCharge | None:
    """A try of which nobody knows yet whether it took the money."""
    tries = MembershipCharge.objects.under_way().filter(order__membership=membership)
    return tries.filter(order__state=Order.State.PENDING).first()


def rights_of(membership: Membership) -> list[Enrollment]:
    """The courses that it has opened for her."""
    mine = Enrollment.objects.of(membership.member).active().filter(reference=membership.reference)
    return list(mine.select_related("course").order_by(F("paused_at").asc(nulls_first=True), "course__title"))


def to_open(membership: Membership) -> list[Course]:
    """What it opens that does not stand in her library yet."""
    if not membership.is_open(clock.now()) or membership.paused_at:
        return []
    hers = Enrollment.objects.of(membership.member).watchable().values("course")
    rows = membership.offer.courses().exclude(pk__in=hers).listed()
    return list(rows.select_related("creator").order_by("title")[:MOST_SHOWN])


def leaving(membership: Membership) -> set[int]:
    """Which of those (by key) it does not open to others any more: they stay to the end of the paid month."""
    kept = set(membership.offer.courses().values_list("pk", flat=True))
    return {right.course_id for right in rights_of(membership)} - kept
