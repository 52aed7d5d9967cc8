"""Which tips a course takes, from whom, and how much: one rule for the page, the link to it, the order and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.pricing import PriceOutOfBounds, must_be_chargeable
from learners.models import Enrollment
from learners.models.enrollment import OwnCourse
from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money
from operating import switches

from .. import splits
from ..models import TipStop

SUGGESTED_TIMES = (4, 10, 20)  # of the least that the currency can be charged: 2, 5 and 10 USD


class TipAmountRefused(DomainError):
    """The amount cannot be given; the sentence says why."""

    code = "tip_amount_refused"
    status = 400
    message = _("This amount cannot be given.")


class NoTipsHere(DomainError):
    code = "no_tips_here"
    message = _("This course takes no tips just now.")


class TipForLearners(DomainError):
    code = "tip_for_learners"
    message = _("Tips are for courses that stand in your library.")


class TooManyTips(DomainError):
    code = "too_many_tips"
    message = _("You have given as many tips as one can in a day. Thank you; come back tomorrow.")


@dataclass(frozen=True)
class Terms:
    """What may be given: `least` to `most`, and what is suggested."""

    least: Money
    most: Money
    suggested: tuple[Money, ...]


def of_currency(currency: str) -> Terms:
    facts = CURRENCIES[currency]
    most = min(facts.min_charge * settings.TIP_MOST_TIMES, facts.max_charge)
    most -= most % facts.charge_multiple
    suggested = tuple(Money(facts.min_charge * times, currency) for times in SUGGESTED_TIMES)
    return Terms(
        Money(facts.min_charge, currency), Money(most, currency), tuple(one for one in suggested if one.minor <= most)
    )


def must_fit(course: Course, amount: Money) -> None:
    """Raises TipAmountRefused."""
    if amount.currency != course.currency:
        raise TipAmountRefused(_("Give a tip in %(currency)s.") % {"currency": course.currency})
    terms = of_currency(course.currency)
    if not terms.least <= amount <= terms.most:
        bounds = {"least": terms.least.format(), "most": terms.most.format()}
        raise TipAmountRefused(_("Name an amount from %(least)s to %(most)s.") % bounds)
    try:
        must_be_chargeable(amount)
    except PriceOutOfBounds as refusal:
        raise TipAmountRefused(refusal.message) from None


def must_be_open(giver: Any, course: Course) -> None:
    """Raises OwnCourse, NoTipsHere, TipForLearners."""
    if course.belongs_to(giver) or _shares_in(giver, course):
        raise OwnCourse(_("You share in this course: a tip of yours would come back to you."), course=course.slug)
    if not switches.is_on("tips"):
        raise NoTipsHere(course=course.slug)
    if not course.is_on_sale or TipStop.objects.open().filter(creator=course.creator_id).exists():
        raise NoTipsHere(course=course.slug)
    if not Enrollment.objects.of(giver).active().filter(course=course).exists():
        raise TipForLearners(course=course.slug)


def refusal(giver: Any, course: Course) -> str | Promise:
    """Why this person cannot give a tip for the course; "" when she can."""
    try:
        must_be_open(giver, course)
    except DomainError as refused:
        return refused.message
    return ""


def closed(courses: Sequence[Course]) -> set[int]:
    """Which of these take no tips, by their keys: one query for them all."""
    if not switches.is_on("tips"):
        return {course.pk for course in courses}
    stopped = TipStop.objects.open().filter(creator__in={course.creator_id for course in courses})
    creators = set(stopped.values_list("creator_id", flat=True))
    return {course.pk for course in courses if course.creator_id in creators or not course.is_on_sale}


def _shares_in(giver: Any, course: Course) -> bool:
    herself = getattr(giver, "creator_or_none", None)
    return herself is not None and herself.pk in dict(splits.of(course, clock.now()))
