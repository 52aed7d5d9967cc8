"""Prices that buyers name themselves: which amounts a course takes. Who names nothing is asked for the least.

What was named stays in the cart beside the course; each time it is read it must still fit, for the creator may have
changed the least price, or fixed the price, meanwhile.
"""

from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.pricing import PriceOutOfBounds, must_be_chargeable
from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money

TIMES = 50  # of what is suggested: a slipped finger, not generosity


class AmountRefused(DomainError):
    """A course cannot be bought at the amount that the buyer named; the sentence says why."""

    code = "amount_refused"
    status = 400
    message = _("This course cannot be bought at this amount.")


def parsed(course: Course, text: str) -> Money:
    """What a person typed into the box beside a course. Raises InvalidAmount."""
    return Money.parse(text[:40], course.currency)


def most(course: Course) -> Money:
    """The greatest amount that may be named for a course whose price is named."""
    suggested = course.suggested or Money.zero(course.currency)
    return min(suggested * TIMES, Money(CURRENCIES[course.currency].max_charge, course.currency))


def must_fit(course: Course, amount: Money) -> None:
    """Raises AmountRefused unless the course can be bought at `amount` now."""
    if not course.is_price_named or course.price is None:
        asked = course.price.format() if course.price else ""
        raise AmountRefused(_("The price of this course is fixed: %(price)s.") % {"price": asked})
    if amount.currency != course.currency:
        raise AmountRefused(_("Name the amount in %(currency)s.") % {"currency": course.currency})
    if not course.price <= amount <= most(course):
        bounds = {"least": course.price.format(), "most": most(course).format()}
        raise AmountRefused(_("Name an amount from %(least)s to %(most)s.") % bounds)
    try:
        must_be_chargeable(amount)
    except PriceOutOfBounds as refusal:
        raise AmountRefused(refusal.message) from None


def fits(course: Course, amount: Money) -> bool:
    try:
        must_fit(course, amount)
    except AmountRefused:
        return False
    return True
