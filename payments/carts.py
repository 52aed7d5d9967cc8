"""What somebody means to buy, before and after she logs in. A cart reserves nothing and promises no price.

A bundle in the cart is its courses, each marked with it: what is bought, owned by now or off the sale leaves the cart
as every course does. The mark counts while all that she lacks of the bundle is in.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, OwnCourse
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from .bundles.offers import BundlesOverlap, Offer, offers, wanted
from .checkout import CourseIsFree, CourseNotOnSale
from .models import Bundle, CartItem

KEY = "cart"
MARKS = "cart_bundles"  # of a visitor: the bundle's key by the course's, as text
MOST = 50  # courses in one cart
Keeper = MutableMapping[str, Any]


class CartFull(DomainError):
    code = "cart_full"


@dataclass
class Group:
    """The courses of one currency: what one payment takes. Those of `offers` are among `courses`."""

    currency: str
    courses: list[Course] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    @property
    def total(self) -> Money:
        asked = {course.pk: course.price for course in self.courses}
        asked |= {part.course.pk: part.price for offer in self.offers for part in offer.lacking}
        return Money(sum(price.minor for price in asked.values() if price), self.currency)


@dataclass
class Cart:
    """Groups that can be paid for, courses that cannot be bought any more (off sale, or owned by now), and bundles that
    are not sold any more: their courses stand at their own prices.
    """

    groups: list[Group]
    unavailable: list[Course]
    broken: list[Bundle] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(group.courses) for group in self.groups) + len(self.unavailable)

    def group(self, currency: str) -> Group | None:
        return next((group for group in self.groups if group.currency == currency), None)


def course_ids(user: Any, session: Keeper) -> list[int]:
    """The courses in the cart, oldest first."""
    return list(marks(user, session))


def marks(user: Any, session: Keeper) -> dict[int, int | None]:
    """The courses in the cart, oldest first, with the bundle that each is in as a part of. What a visitor put in joins
    her own cart when she has logged in.
    """
    kept = list(session.get(KEY, []))
    if not user.is_authenticated:
        told = session.get(MARKS, {})
        return {pk: told.get(str(pk)) for pk in kept}
    if kept:
        _join(user, kept, session.get(MARKS, {}))
        session.pop(KEY, None)
        session.pop(MARKS, None)
    return dict(CartItem.objects.filter(owner=user).values_list("course_id", "bundle_id"))


def _join(user: Any, kept: list[int], told: dict[str, int]) -> None:
    known = set(Course.objects.filter(pk__in=kept).values_list("pk", flat=True))
    CartItem.objects.put(user, [pk for pk in kept if pk in known])
    for bundle in Bundle.objects.filter(pk__in=set(told.values())):
        CartItem.objects.put_bundle(user, bundle.pk, [pk for pk in known if told.get(str(pk)) == bundle.pk])


def put(user: Any, session: Keeper, course: Course) -> None:
    """Raises CourseNotOnSale, CourseIsFree, OwnCourse, AlreadyEnrolled, CartFull."""
    if not course.is_on_sale:
        raise CourseNotOnSale(course=course.slug)
    if course.is_free:
        raise CourseIsFree(course=course.slug)
    if course.belongs_to(user):
        raise OwnCourse(course=course.slug)
    if Enrollment.objects.of(user).active().filter(course=course).exists():
        raise AlreadyEnrolled(course=course.slug)
    standing = course_ids(user, session)
    if len(standing) >= MOST:
        raise CartFull
    if user.is_authenticated:
        CartItem.objects.put(user, [course.pk])
    elif course.pk not in standing:
        session[KEY] = [*standing, course.pk]


def put_bundle(user: Any, session: Keeper, bundle: Bundle) -> None:
    """What the person lacks of a bundle of `shown()`. Raises BundleNotOnSale, BundleOwned, OwnCourse, CartFull, and
    BundlesOverlap when one of its courses is in as a part of another bundle.
    """
    if bundle.belongs_to(user):
        raise OwnCourse
    [offer] = wanted(user, [bundle])
    lacking, standing = [course.pk for course in offer.courses], marks(user, session)
    if any(standing.get(pk) not in (None, bundle.pk) for pk in lacking):
        raise BundlesOverlap
    if len({*standing, *lacking}) > MOST:
        raise CartFull
    if user.is_authenticated:
        CartItem.objects.put_bundle(user, bundle.pk, lacking)
        return
    session[KEY] = [*standing, *(pk for pk in lacking if pk not in standing)]
    session[MARKS] = session.get(MARKS, {}) | {str(pk): bundle.pk for pk in lacking}


def take_out(user: Any, session: Keeper, courses: list[Course]) -> None:
    """Courses that are not in are taken out just as well."""
    gone = [course.pk for course in courses]
    if user.is_authenticated:
        CartItem.objects.take_out(user, gone)
    if session.get(KEY):
        session[KEY] = [pk for pk in session[KEY] if pk not in gone]
    if session.get(MARKS):
        session[MARKS] = {pk: bundle for pk, bundle in session[MARKS].items() if int(pk) not in gone}


def of(user: Any, session: Keeper) -> Cart:
    """The cart as it stands now, with today's prices."""
    marked = marks(user, session)
    ids = list(marked)
    courses = {course.pk: course for course in Course.objects.filter(pk__in=ids).cards()} if ids else {}
    owned = set(Enrollment.objects.of(user).active().filter(course__in=ids).values_list("course_id", flat=True))
    groups: dict[str, Group] = {}
    unavailable = []
    for course in (courses[pk] for pk in ids if pk in courses):
        if not course.is_on_sale or course.is_free or course.pk in owned or course.belongs_to(user):
            unavailable.append(course)
        else:
            groups.setdefault(course.currency, Group(course.currency)).courses.append(course)
    broken = _gather(user, marked, groups)
    return Cart(sorted(groups.values(), key=lambda group: group.currency), unavailable, broken)


def _gather(user: Any, marked: dict[int, int | None], groups: dict[str, Group]) -> list[Bundle]:
    """Bring each bundle that stands to its group. Returns those that do not, though a course of theirs could be bought:
    they are off the sale, or a course was taken out.
    """
    named = {bundle for bundle in marked.values() if bundle is not None}
    bundles = list(Bundle.objects.shown().filter(pk__in=named)) if named else []
    found = {offer.bundle.pk: offer for offer in offers(user, bundles)}
    broken = []
    for bundle in bundles:
        offer, mine = found.get(bundle.pk), {pk for pk, mark in marked.items() if mark == bundle.pk}
        if offer is not None and offer.lacking and {course.pk for course in offer.courses} <= mine:
            groups[bundle.currency].offers.append(offer)
        elif any(course.pk in mine for group in groups.values() for course in group.courses):
            broken.append(bundle)
    return broken
