"""What pages of other apps show of memberships: beside a course, on a creator's page, in the library."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context

from courses.models import Course
from creators.models import Creator
from learners.models import Enrollment
from marketplace.lib import window
from operating import switches

from ..memberships import agreeing, beside, rights
from ..models import Membership, MembershipOffer

register = template.Library()


@register.simple_tag
def memberships_are_on() -> bool:
    """Whether this site offers memberships at all."""
    return switches.is_on("memberships")


@register.inclusion_tag("payments/_membership_with.html", takes_context=True)
def membership_with(context: Context, course: Course, keys: list[int]) -> dict[str, Any]:
    """What is offered that opens the course, beside buying it; her own membership, where the course is hers and closed
    since a part of its price did not come. Else nothing where it is hers, or her membership opens it. The page asks for
    the keys of what is offered with all else that it says of a course: most creators offer none.
    """
    person = context["request"].user
    told: dict[str, Any] = {"course": course, "request": context["request"], "offer": None}
    if person.is_authenticated:
        own = beside.of(context["request"], course)
        if own.membership and own.is_owned:
            return told | {"offer": own.membership.offer, "state": "member", "membership": own.membership}
        # Where her membership opens what she could buy, the box says so.
        if own.is_owned or own.membership or course.belongs_to(person):
            return told
    # Nothing is kept of no offer, so 0 says it.
    offered = keys if agreeing.are_on() else []
    pk = window.drawn(f"membership with {course.pk} {offered}", lambda: _offer_with(course, offered)) if offered else 0
    return told | {"offer": MembershipOffer.objects.select_related("creator").get(pk=pk) if pk else None}


@register.inclusion_tag("payments/_open_by_membership.html", takes_context=True)
def open_by_mine(context: Context, course: Course) -> dict[str, Any]:
    """The way into a course that is closed to the reader and that a membership of hers opens."""
    own = beside.of(context["request"], course)
    return {"own": own, "course": course, "block": ""}


@register.inclusion_tag("payments/_opened_already.html", takes_context=True)
def opened_already(context: Context, courses: Sequence[Course]) -> dict[str, Any]:
    """Which of the courses that are about to be bought a membership of hers opens."""
    return {"opened": beside.opened_among(context["request"].user, courses)}


@register.inclusion_tag("payments/_membership_with.html", takes_context=True)
def membership_of(context: Context, creator: Creator) -> dict[str, Any]:
    """What a creator offers, on her own page."""
    person = context["request"].user
    offer = agreeing.offered(creator) if creator.pk in agreeing.on_offer() else None
    told: dict[str, Any] = {"offer": offer, "course": None, "request": context["request"]}
    if offer is None or not offer.courses().exists():
        return told | {"offer": None}
    told["own"] = person.is_authenticated and creator.user_id == person.pk
    mine = agreeing.running_of(person, offer) if person.is_authenticated else None
    return told | {"state": "member" if mine else "", "membership": mine}


@register.inclusion_tag("payments/_paused_right.html", takes_context=True)
def paused_right(context: Context, enrollment: Enrollment) -> dict[str, Any]:
    """Why a course that a membership had opened is closed, and what to do."""
    return {"membership": _lender(context, enrollment), "enrollment": enrollment}


@register.inclusion_tag("payments/_lent_by.html", takes_context=True)
def lent_by(context: Context, enrollment: Enrollment) -> dict[str, Any]:
    """By which membership a course is open, and until when if it was canceled."""
    return {"membership": _lender(context, enrollment)}


def _lender(context: Context, enrollment: Enrollment) -> Membership | None:
    """Asked once a page for all of hers."""
    if enrollment.source != Enrollment.Source.MEMBERSHIP:
        return None
    request: Any = context.get("request") or getattr(context, "request", None)
    if "_memberships" not in request.__dict__:
        rows = Membership.objects.of(enrollment.learner).select_related("offer__creator")
        request._memberships = {one.reference: one for one in rows}
    found: Membership | None = request._memberships.get(enrollment.reference)
    return found


def _offer_with(course: Course, pks: list[int]) -> int:
    """The first of them that opens it."""
    offers = MembershipOffer.objects.in_bulk(pks)
    return next((pk for pk in pks if rights.includes(offers[pk], course)), 0)
