"""What somebody means to buy, before and after she logs in. A cart reserves nothing and promises no price.

A bundle in the cart is its courses, each marked with it: what is bought, owned by now or off the sale leaves the cart
as every course does. The mark counts while all that she lacks of the bundle is in. Where buyers name their price, what
was named stays beside the course.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, OwnCourse
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from . import naming
from .bundles.offers import BundlesOverlap, Offer, offers, wanted
from .checkout import CourseIsFree, CourseNotOnSale, PriceChanged
from .models import Bundle, CartItem

KEY = "cart"
MARKS = "cart_bundles"  # of a visitor: the bundle's key by the course's, as text
NAMED = "cart_named"  # of a visitor: minor units and currency that she named by the course's key, as text
MOST = 50  # courses in one cart
Keeper = MutableMapping[str, Any]


class CartFull(DomainError):
    code = "cart_full"


class Mark(NamedTuple):
    """What the cart knows of a course: the bundle that it is in as a part of, what was named as its price."""

    bundle: int | None = None
    named: Money | None = None


class Outgrown(NamedTuple):
    """What was named for a course and is no longer taken."""

    course: Course
    amount: Money


@dataclass
class Group:
    """The courses of one currency: what one payment takes. Those of `offers` are among `courses`. `named`: what she
    pays for courses whose price she names, by their keys; where nothing is named it is the least.
    """

    currency: str
    courses: list[Course] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    named: dict[int, Money] = field(default_factory=dict)

    @property
    def total(self) -> Money:
        asked = {course.pk: course.price for course in self.courses} | self.named
        asked |= {part.course.pk: part.price for offer in self.offers for part in offer.lacking}
        return Money(sum(price.minor for price in asked.values() if price), self.currency)


@dataclass
class Cart:
    """Groups that can be paid for, courses that cannot be bought any more (off sale, or owned by now), and bundles that
    are not sold any more: their courses stand at their own prices. `outgrown`: of courses that stand by themselves.
    """

    groups: list[Group]
    unavailable: list[Course]
    broken: list[Bundle] = field(default_factory=list)
    outgrown: list[Outgrown] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(group.courses) for group in self.groups) + len(self.unavailable)

    def group(self, currency: str) -> Group | None:
        return next((group for group in self.groups if group.currency == currency), None)


def course_ids(user: Any, session: Keeper) -> list[int]:
    """The courses in the cart, oldest first."""
    return list(marks(user, session))


def marks(user: Any, session: Keeper) -> dict[int, Mark]:
    """The courses in the cart by their keys, oldest first. What a visitor put in joins hers when she has logged in."""
    kept = _kept(session)
    if not user.is_authenticated:
        return kept
    if kept:
        _join(user, kept)
        for key in (KEY, MARKS, NAMED):
            session.pop(key, None)
    rows = CartItem.objects.filter(owner=user).values_list("course_id", "bundle_id", "named_minor", "named_currency")
    return {pk: Mark(bundle, _amount(minor, currency)) for pk, bundle, minor, currency in rows}


def named(user: Any, session: Keeper, courses: list[Course]) -> dict[int, Money]:
    """What was named for these courses, by their keys, where they take it now."""
    if not any(course.is_price_named for course in courses):
        return {}
    known = marks(user, session)
    told = {course.pk: (course, known.get(course.pk, Mark()).named) for course in courses}
    return {pk: amount for pk, (course, amount) in told.items() if amount and naming.fits(course, amount)}


def must_stand(user: Any, session: Keeper, courses: list[Course]) -> None:
    """Raises PriceChanged where one of these courses takes what was named for it no longer: she would be asked for
    another sum unseen.
    """
    known = marks(user, session)
    if any(_has_outgrown(course, known.get(course.pk, Mark()).named) for course in courses if not course.is_free):
        raise PriceChanged


def _has_outgrown(course: Course, amount: Money | None) -> bool:
    return amount is not None and not naming.fits(course, amount)


def _kept(session: Keeper) -> dict[int, Mark]:
    """A visitor's cart."""
    bundles, amounts = session.get(MARKS, {}), session.get(NAMED, {})
    return {
        pk: Mark(bundles.get(str(pk)), _amount(*amounts.get(str(pk), (None, "")))) for pk in session.get(KEY, [])
    }  # fmt: skip


def _amount(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _join(user: Any, kept: dict[int, Mark]) -> None:
    known = set(Course.objects.filter(pk__in=kept).values_list("pk", flat=True))
    CartItem.objects.put(user, [pk for pk in kept if pk in known])
    for bundle in Bundle.objects.filter(pk__in={mark.bundle for mark in kept.values() if mark.bundle}):
        CartItem.objects.put_bundle(user, bundle.pk, [pk for pk in known if kept[pk].bundle == bundle.pk])
    CartItem.objects.name_amounts(user, {pk: mark.named for pk, mark in kept.items() if pk in known and mark.named})


def put(user: Any, session: Keeper, course: Course, named: Money | None = None) -> None:
    """Put a course in, at the price that she named if she did; of one that is in it may be named anew. Put in without
    an amount, what was named stands while the course takes it, and is forgotten when it does not.

    Raises CourseNotOnSale, CourseIsFree, OwnCourse, AlreadyEnrolled, CartFull, AmountRefused.
    """
    if not course.is_on_sale:
        raise CourseNotOnSale(course=course.slug)
    if course.is_free:
        raise CourseIsFree(course=course.slug)
    if course.belongs_to(user):
        raise OwnCourse(course=course.slug)
    if Enrollment.objects.of(user).active().owned().filter(course=course).exists():
        raise AlreadyEnrolled(course=course.slug)
    if named is not None:
        naming.must_fit(course, named)
    standing = marks(user, session)
    if len({*standing, course.pk}) > MOST:
        raise CartFull
    before = standing.get(course.pk, Mark()).named
    gone = before if named is None and _has_outgrown(course, before) else None
    if user.is_authenticated:
        CartItem.objects.put(user, [course.pk])
        CartItem.objects.name_amounts(user, {course.pk: named} if named else {})
        if gone:
            CartItem.objects.forget_amount(user, course.pk, gone)
        return
    session[KEY] = [*standing, *({course.pk} - set(standing))]
    if named:
        session[NAMED] = session.get(NAMED, {}) | {str(course.pk): [named.minor, named.currency]}
    elif gone:
        session[NAMED] = {pk: told for pk, told in session[NAMED].items() if pk != str(course.pk)}


def put_bundle(user: Any, session: Keeper, bundle: Bundle) -> None:
    """What the person lacks of a bundle of `shown()`. Raises BundleNotOnSale, BundleOwned, OwnCourse, CartFull, and
    BundlesOverlap when one of its courses is in as a part of another bundle.
    """
    if bundle.belongs_to(user):
        raise OwnCourse
    [offer] = wanted(user, [bundle])
    lacking, standing = [course.pk for course in offer.courses], marks(user, session)
    if any(standing.get(pk, Mark()).bundle not in (None, bundle.pk) for pk in lacking):
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
    for key in (MARKS, NAMED):
        if session.get(key):
            session[key] = {pk: told for pk, told in session[key].items() if int(pk) not in gone}


def of(user: Any, session: Keeper) -> Cart:
    """The cart as it stands now, with today's prices."""
    marked = marks(user, session)
    ids = list(marked)
    courses = {course.pk: course for course in Course.objects.filter(pk__in=ids).cards()} if ids else {}
    owned = set(Enrollment.objects.of(user).active().owned().filter(course__in=ids).values_list("course_id", flat=True))
    groups: dict[str, Group] = {}
    unavailable, outgrown = [], list[Outgrown]()
    for course in (courses[pk] for pk in ids if pk in courses):
        if not course.is_on_sale or course.is_free or course.pk in owned or course.belongs_to(user):
            unavailable.append(course)
        else:
            group = groups.setdefault(course.currency, Group(course.currency))
            group.courses.append(course)
            amount = marked[course.pk].named
            if amount and naming.fits(course, amount):
                group.named[course.pk] = amount
            elif amount:
                outgrown.append(Outgrown(course, amount))
    broken = _gather(user, marked, groups)
    of_bundles = {course.pk for group in groups.values() for offer in group.offers for course in offer.courses}
    outgrown = [one for one in outgrown if one.course.pk not in of_bundles]  # a bundle asks for its part
    return Cart(sorted(groups.values(), key=lambda group: group.currency), unavailable, broken, outgrown)


def is_in_bundle(user: Any, session: Keeper, course: Course) -> bool:
    """Whether a course stands in the cart as a part of a bundle, which takes no named amount."""
    if marks(user, session).get(course.pk, Mark()).bundle is None:
        return False
    groups = of(user, session).groups
    return any(course in offer.courses for group in groups for offer in group.offers)


def _gather(user: Any, marked: dict[int, Mark], groups: dict[str, Group]) -> list[Bundle]:
    """Bring each bundle that stands to its group. Returns those that do not, though a course of theirs could be bought:
    they are off the sale, or a course was taken out.
    """
    wanted_ones = {mark.bundle for mark in marked.values() if mark.bundle is not None}
    bundles = list(Bundle.objects.shown().filter(pk__in=wanted_ones)) if wanted_ones else []
    found = {offer.bundle.pk: offer for offer in offers(user, bundles)}
    broken = []
    for bundle in bundles:
        offer, mine = found.get(bundle.pk), {pk for pk, mark in marked.items() if mark.bundle == bundle.pk}
        if offer is not None and offer.lacking and {course.pk for course in offer.courses} <= mine:
            groups[bundle.currency].offers.append(offer)
        elif any(course.pk in mine for group in groups.values() for course in group.courses):
            broken.append(bundle)
    return broken
