"""Giving a tip: an open order of one item with a page to pay on; whoever pays it goes the way of every order."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money
from operating import agreements
from operating.models.agreement import Act

from .. import checkout, splits
from ..models import Billing, BillingDetails, Order, RevenueRule, RuleCode, Tip
from ..pricing import Priced, Quote
from ..quotes import Line, quote
from ..tax import rates
from . import terms

DAY = timedelta(hours=24)


def start(giver: Any, course: Course, amount: Money, *, shows_name: bool = False, agreed: str = "") -> Order:
    """The giver's one open order of this tip, with a page at the provider; asked again, it is the same.

    Of several amounts for a course the last one asked for is open. `shows_name`: the creators see who gave it.
    `agreed`: what her form says of the terms. Raises TipAmountRefused, OwnCourse, NoTipsHere, TipForLearners,
    TooManyTips, GatewayRefused, GatewayUnknown.
    """
    terms.must_fit(course, amount)
    terms.must_be_open(giver, course)
    # As her last invoice was made out: by its country it is taxed.
    billing = BillingDetails.objects.last_of(giver)
    order = checkout.standing(lambda: _placed(giver, course, amount, billing, shows_name))
    agreements.note(giver, Act.BUY, said=agreed, subject=order.number)
    if not order.is_open:
        return order
    BillingDetails.objects.note(order, billing)
    for other in Order.objects.open_tips(giver, course).exclude(pk=order.pk):
        checkout.withdraw(other)
    return checkout.with_page(order, back=course.get_absolute_url())


@transaction.atomic
def _placed(giver: Any, course: Course, amount: Money, billing: Billing, shows_name: bool) -> Order:
    """Counted and placed one after the other, so that no two of hers slip past the day's limit together."""
    User.objects.select_for_update(no_key=True).get(pk=giver.pk)
    quoted = priced(course, amount, billing.country, clock.now())
    order = Order.objects.place(buyer=giver, quote=quoted, language=get_language() or giver.language)
    # Those that the present one takes the place of are withdrawn a moment later.
    others = Order.objects.tips_since(giver, clock.now() - DAY).exclude(pk=order.pk)
    replaced = Order.objects.open_tips(giver, course)
    if others.exclude(pk__in=replaced).count() >= settings.TIPS_A_DAY:
        raise terms.TooManyTips
    Tip.objects.note(order, shows_name=shows_name)
    return order


def priced(course: Course, amount: Money, country: str, at: datetime) -> Quote:
    """What a tip comes to: taxed as the course would be, shared by the rule of tips, with the co-authors of now."""
    rule = RevenueRule.objects.in_force(RuleCode.TIP, at=at)
    taxed = rates.taxing(country, at)
    line = Line(
        course_id=course.pk, creator_id=course.creator_id, list=amount, discount=Money.zero(amount.currency),
        platform_bps=rule.platform_bps, fixed_minor=rule.fixed_minor, rule_id=rule.pk, is_tip=True,
        coauthors=splits.of(course, at), tax_bps=taxed.rate.bps, is_tax_inclusive=taxed.is_inclusive,
    )  # fmt: skip
    return Quote(
        amount.currency, [Priced(course, line, quote(line))], at, is_tax_inclusive=taxed.is_inclusive,
        tax_source=taxed.source, tax_name=taxed.rate.name, tax_country=taxed.country, tax_bps=taxed.rate.bps,
    )  # fmt: skip
