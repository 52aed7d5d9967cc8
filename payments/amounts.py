"""What a buyer says that she pays, where a course's creator lets her: from the least price to the stated most."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from courses.models import Course
from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money

Chosen = Mapping[int, Money]  # by the course's key


class AmountNotAllowed(DomainError):
    code = "amount_not_allowed"
    status = 400
    message = _("This course has one price for everybody.")


def asked_of(told: Mapping[str, str], course: Course) -> Money | None:
    """The amount of a form or of an address, in the course's currency; None without one. Raises InvalidAmount."""
    text = told.get("amount", "").strip()
    return Money.parse(text, course.currency) if text else None


def posted(told: Iterable[str], courses: Iterable[Course]) -> dict[int, Money]:
    """From "slug=minor units", as the page to pay on sends them. What cannot be read is left out: then the total is not
    what she saw.
    """
    known = {course.slug: course for course in courses}
    pairs = [text.partition("=")[::2] for text in told]
    return {
        known[slug].pk: Money(int(minor), known[slug].currency)
        for slug, minor in pairs
        if slug in known and minor.isascii() and minor.isdigit() and len(minor) < 13
    }


def must_be_allowed(course: Course, amount: Money) -> None:
    """Raises AmountNotAllowed unless `amount` is the course's price, or one that a buyer may choose."""
    if amount == course.price:
        return
    if course.suggested is None or course.price is None:
        raise AmountNotAllowed
    if amount.currency != course.currency or not course.price <= amount <= course.most:
        raise AmountNotAllowed(
            _("For this course you can pay from %(least)s to %(most)s.")
            % {"least": course.price.format(), "most": course.most.format()}
        )
    if amount.minor % CURRENCIES[amount.currency].charge_multiple:
        step = Money(CURRENCIES[amount.currency].charge_multiple, amount.currency)
        raise AmountNotAllowed(_("Amounts in this currency go in steps of %(step)s.") % {"step": step.format()})


def fitted(courses: Iterable[Course], kept: Mapping[int, int]) -> dict[int, Money]:
    """What was chosen before (minor units by the course's key), as it may be paid now: what has become too little since
    is the least, and of a course with one price nothing is chosen.
    """
    found: dict[int, Money] = {}
    for course in courses:
        if course.pk in kept and course.suggested is not None and course.price is not None:
            step = CURRENCIES[course.currency].charge_multiple
            chosen = Money(kept[course.pk] // step * step, course.currency)
            found[course.pk] = min(max(chosen, course.price), course.most)
    return found
