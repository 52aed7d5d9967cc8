"""Whether a set of courses can be sold at a price. No queries: `courses` come with their creators."""

from collections.abc import Sequence
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from marketplace.lib.money import Money

LEAST_COURSES = 2


class Standing(Enum):
    """Sold, or the first reason why not."""

    ON_SALE = "on_sale"
    WITHDRAWN = "withdrawn"
    TOO_FEW = "too_few"
    COURSE_GONE = "course_gone"
    COURSE_FREE = "course_free"
    OTHER_CURRENCY = "other_currency"
    NOT_CHEAPER = "not_cheaper"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS: dict[Standing, str | Promise] = {
    Standing.ON_SALE: _("On sale"),
    Standing.WITHDRAWN: _("Not offered"),
    Standing.TOO_FEW: _("A bundle has two courses or more."),
    Standing.COURSE_GONE: _("One of its courses is not on sale."),
    Standing.COURSE_FREE: _("One of its courses is free."),
    Standing.OTHER_CURRENCY: _("Its courses and its price are not in one currency."),
    Standing.NOT_CHEAPER: _("It costs no less than its courses one by one."),
}


def standing(is_offered: bool, price: Money, courses: Sequence[Course]) -> Standing:
    if not is_offered:
        return Standing.WITHDRAWN
    if len(courses) < LEAST_COURSES:
        return Standing.TOO_FEW
    if any(not course.is_on_sale for course in courses):
        return Standing.COURSE_GONE
    if any(not course.price for course in courses):
        return Standing.COURSE_FREE
    if any(course.currency != price.currency for course in courses):
        return Standing.OTHER_CURRENCY
    if not 0 < price.minor < sum(course.price_minor or 0 for course in courses):
        return Standing.NOT_CHEAPER
    return Standing.ON_SALE
