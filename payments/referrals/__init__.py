"""Who brought a buyer to a course, by which rule the sale is shared then, and whether a promoter gets a part.

Decided when the order is placed, and frozen in it. Nobody earns by bringing herself: a buyer who owns the link, or who
shares in the course, came by herself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse

from courses.models import Course
from creators.models import Creator

from ..coupons import tries
from ..models import Coupon, PromoterStop, Referral, RevenueRule
from ..models.coupon import CouponRefused, as_code
from ..models.revenue_rule import RuleCode

Parts = tuple[tuple[int, int], ...]  # co-authors: creator's id, basis points


@dataclass(frozen=True)
class Attribution:
    """How one course's sale came about. `affiliate` gets a part by `rule`; `code` is what the order remembers."""

    rule: str = RuleCode.ORGANIC
    affiliate: Creator | None = None
    code: str = ""


BY_HERSELF = Attribution()


class Followed(NamedTuple):
    """A link (or a coupon's) by its code, and when it was followed; None where that is now, or not known. `is_known`:
    the code was looked up then, and is somebody's.
    """

    code: str = ""
    at: datetime | None = None
    is_known: bool = False


NOBODY = Followed()


@dataclass(frozen=True)
class Bringer:
    """What a code stands for: a link, or a coupon of a creator, which brings buyers like a link of her own."""

    owner: Creator
    code: str
    is_affiliate: bool
    courses: frozenset[int]  # empty: all
    referral: Referral | None = None
    forgotten: frozenset[str] = frozenset()  # rules by which it was followed too long ago


def bringer_of(came: Followed, at: datetime, *, person: int | None, address: str) -> Bringer | None:
    """Who stands behind a code that a buyer came with. A link that was ended brings nobody any more; a coupon that is
    over takes nothing off, but still says who sent the buyer.

    A code that names nothing counts as a wrong one of the buyer (`person`, if she has logged in) and her `address`, as
    in `way_of`: what a basket comes to by a code would tell whether there is such a coupon. Of one that is known there
    is nothing to guess, so the wrong codes of others take no sale from a creator whose link was followed.
    """
    bringer = _named(came, at, person, address) if came.code else None
    if bringer is None or came.at is None:
        return bringer
    return replace(bringer, forgotten=RevenueRule.objects.forgetting(came.at, at=at))


def _named(came: Followed, at: datetime, person: int | None, address: str) -> Bringer | None:
    link = Referral.objects.named(came.code)
    if link is not None:
        is_over = link.ended_at is not None and link.ended_at <= at
        scope = frozenset([link.course_id] if link.course_id else [])
        is_affiliate = link.kind == Referral.Kind.AFFILIATE
        return None if is_over else Bringer(link.owner, link.code, is_affiliate, scope, link)
    coupon = Coupon.objects.named(came.code) if came.is_known else _coupon_of(came.code, person, address)
    return bringer_by(coupon) if coupon is not None else None


def bringer_by(coupon: Coupon) -> Bringer | None:
    """The creator whose coupon it is; nobody for a coupon of the platform."""
    if coupon.creator is None:
        return None
    return Bringer(coupon.creator, coupon.code, False, frozenset(course.pk for course in coupon.courses.all()))


def attribution_for(
    buyer: Any, course: Course, code: str, at: datetime, coauthors: Parts = ()
) -> tuple[str, Creator | None]:
    """(code of the rule, promoter or None) for one course."""
    bringer = bringer_of(Followed(code), at, person=buyer.pk, address="")
    found = attributions(buyer, [course], [bringer], {course.pk: coauthors})[course.pk]
    return found.rule, found.affiliate


def attributions(
    buyer: Any, courses: Sequence[Course], bringers: Sequence[Bringer | None], coauthors: Mapping[int, Parts]
) -> dict[int, Attribution]:
    """For each course, by its id, the first of `bringers` who is credited with it."""
    closed: set[int] = set()
    if any(bringer is not None and bringer.is_affiliate for bringer in bringers):
        stops = PromoterStop.objects.open().filter(creator__in=[course.creator_id for course in courses])
        closed = set(stops.values_list("creator_id", flat=True))
    found = {}
    for course in courses:
        credited = (_timely(buyer, course, bringer, coauthors.get(course.pk, ()), closed) for bringer in bringers)
        found[course.pk] = next((one for one in credited if one is not BY_HERSELF), BY_HERSELF)
    return found


def _timely(buyer: Any, course: Course, bringer: Bringer | None, coauthors: Parts, closed: set[int]) -> Attribution:
    """`_credit`, unless the rule by which it would be has forgotten the link since it was followed."""
    found = _credit(buyer, course, bringer, coauthors, closed)
    return BY_HERSELF if bringer is not None and found.rule in bringer.forgotten else found


def _credit(buyer: Any, course: Course, bringer: Bringer | None, coauthors: Parts, closed: set[int]) -> Attribution:
    """What `bringer` is credited with when `buyer` buys `course`, whose other authors are `coauthors`. `closed` are the
    creators who want no promoters.
    """
    if bringer is None or (bringer.courses and course.pk not in bringer.courses):
        return BY_HERSELF
    authors = {course.creator_id, *(creator_id for creator_id, _bps in coauthors)}
    herself = getattr(buyer, "creator_or_none", None)
    if herself is not None and (herself.pk == bringer.owner.pk or herself.pk in authors):
        return BY_HERSELF
    if bringer.owner.pk in authors:
        return Attribution(RuleCode.OWN_LINK, None, bringer.code)
    if bringer.is_affiliate and bringer.owner.suspended_at is None and course.creator_id not in closed:
        return Attribution(RuleCode.AFFILIATE, bringer.owner, bringer.code)
    return BY_HERSELF


@dataclass(frozen=True)
class Way:
    """Where a followed link leads, and the coupon that comes with it."""

    to: str
    is_known: bool = False
    coupon_code: str = ""


def way_of(code: str, at: datetime, *, person: int | None, address: str) -> Way:
    """The way of a link or of a coupon's link. A link that has ended still leads; it brings its owner nothing. A coupon
    that is over still leads and says who sent the visitor; its code does not come along.

    Links are no secret, codes of coupons are: a code that names nothing counts as a wrong one of the visitor (`person`,
    if she has logged in) and her `address`, and after too many of them no coupon is looked for here either.
    """
    link = Referral.objects.named(code)
    if link is not None:
        own = link.owner.get_absolute_url() if link.kind == Referral.Kind.OWN else reverse("courses:catalogue")
        return Way(link.course.get_absolute_url() if link.course else own, is_known=True)
    coupon = _coupon_of(code, person, address)
    if coupon is None:
        return Way(reverse("courses:catalogue"))
    courses = list(coupon.courses.all()[:2])
    several = coupon.creator.get_absolute_url() if coupon.creator else reverse("courses:catalogue")
    to = courses[0].get_absolute_url() if len(courses) == 1 else several
    return Way(to, is_known=True, coupon_code=coupon.code if coupon.holds_at(at) else "")


def _coupon_of(code: str, person: int | None, address: str) -> Coupon | None:
    """The coupon of a code that is no link's; None also after too many wrong ones, and while nobody can count them.
    What cannot be a code tells nothing, and is no wrong one.
    """
    if not as_code(code):
        return None
    try:
        tries.must_be_left(person, address)
        coupon = Coupon.objects.named(code)
        if coupon is None:
            tries.count_wrong(person, address, carried=as_code(code))
    except CouponRefused:
        return None
    return coupon


def let_promote(creator: Creator, is_allowed: bool, *, by: Any) -> None:
    """Whether others may promote this creator's courses for a part. Raises NotAllowed, PromotersStopped, or
    PromotersAllowed.
    """
    if is_allowed:
        PromoterStop.objects.lift(creator, by=by)
    else:
        PromoterStop.objects.place(creator, by=by)
