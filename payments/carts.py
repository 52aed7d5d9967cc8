"""What somebody means to buy, before and after she logs in. A cart reserves nothing and promises no price."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, OwnCourse
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from .checkout import CourseIsFree, CourseNotOnSale
from .models import CartItem

KEY = "cart"
MOST = 50  # courses in one cart
Keeper = MutableMapping[str, Any]


class CartFull(DomainError):
    code = "cart_full"


@dataclass
class Group:
    """The courses of one currency: what one payment takes."""

    currency: str
    courses: list[Course] = field(default_factory=list)

    @property
    def total(self) -> Money:
        return Money(sum(course.price.minor for course in self.courses), self.currency)


@dataclass
class Cart:
    """Groups that can be paid for, and courses that cannot be bought any more (off sale, or owned by now)."""

    groups: list[Group]
    unavailable: list[Course]

    def __len__(self) -> int:
        return sum(len(group.courses) for group in self.groups) + len(self.unavailable)

    def group(self, currency: str) -> Group | None:
        return next((group for group in self.groups if group.currency == currency), None)


def course_ids(user: Any, session: Keeper) -> list[int]:
    """The courses in the cart, oldest first. What a visitor put in joins her own cart when she has logged in."""
    kept = list(session.get(KEY, []))
    if not user.is_authenticated:
        return kept
    if kept:
        CartItem.objects.put(user, list(Course.objects.filter(pk__in=kept).values_list("pk", flat=True)))
        session.pop(KEY, None)
    return list(CartItem.objects.filter(owner=user).values_list("course_id", flat=True))


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


def take_out(user: Any, session: Keeper, courses: list[Course]) -> None:
    """Courses that are not in are taken out just as well."""
    gone = [course.pk for course in courses]
    if user.is_authenticated:
        CartItem.objects.take_out(user, gone)
    if session.get(KEY):
        session[KEY] = [pk for pk in session[KEY] if pk not in gone]


def of(user: Any, session: Keeper) -> Cart:
    """The cart as it stands now, with today's prices."""
    ids = course_ids(user, session)
    courses = {course.pk: course for course in Course.objects.filter(pk__in=ids).cards()} if ids else {}
    owned = set(Enrollment.objects.of(user).active().filter(course__in=ids).values_list("course_id", flat=True))
    groups: dict[str, Group] = {}
    unavailable = []
    for course in (courses[pk] for pk in ids if pk in courses):
        if not course.is_on_sale or course.is_free or course.pk in owned or course.belongs_to(user):
            unavailable.append(course)
        else:
            groups.setdefault(course.currency, Group(course.currency)).courses.append(course)
    return Cart(sorted(groups.values(), key=lambda group: group.currency), unavailable)
