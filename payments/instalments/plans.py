"""What a plan is made of: from the quote of one course to the agreed parts, and from it to the order of a part."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language

from courses.models import Course
from marketplace.lib.money import Money
from operating import switches

from .. import frozen_sale
from ..models import BillingDetails, InstalmentOffer, InstalmentPlan, Order, RefundRule
from ..models.instalment_offer import NotInParts
from ..models.order_queries import fingerprint
from ..pricing import PartOf, Priced, Quote
from ..quotes import Line
from . import schedule


@dataclass(frozen=True)
class Proposal:
    """A price in parts before anybody has agreed to it: what is due on which day."""

    quote: Quote
    parts: list[Money]
    days: list[date]

    @property
    def rows(self) -> list[tuple[int, date, Money]]:
        return [(n + 1, day, part) for n, (day, part) in enumerate(zip(self.days, self.parts, strict=True))]


class Agreed(NamedTuple):
    """Which plan the buyer saw when she agreed."""

    months: int
    first_on: date


def months_of(course: Course) -> int:
    """In how many parts it may be paid now; 0: at once only."""
    price = course.price
    # A tax that the provider reckons is known only once it is paid.
    if not switches.is_on("instalments") or settings.KEZHAN_TAX == "stripe":
        return 0
    if not price or course.is_price_named or price < schedule.least_price(course.currency):
        return 0
    return InstalmentOffer.objects.months_of(course)


def proposed(quote: Quote) -> Proposal:
    """The parts of a basket as it would be agreed to now. Raises NotInParts for all but one course that is offered so,
    at its price: with a bundle, a code, a named price, or where the provider reckons the tax, all is paid at once.
    """
    months = months_of(quote.lines[0].course) if len(quote.lines) == 1 else 0
    if not months or quote.coupon is not None or quote.lines[0].offer or quote.tax_source == Order.TaxSource.STRIPE:
        raise NotInParts
    return Proposal(quote, schedule.amounts(quote.total, months), schedule.days(quote.at.date(), months))


def is_as_seen(quote: Quote, agreed: Agreed) -> bool:
    """Whether it would be in as many parts, on the same days. Raises NotInParts."""
    shown = proposed(quote)
    return Agreed(len(shown.parts), shown.days[0]) == agreed


def first_of(buyer: Any, quote: Quote) -> Quote:
    """The buyer agrees: her plan, and the quote of its first part. Raises NotInParts."""
    shown = proposed(quote)
    [priced], rule = quote.lines, RefundRule.objects.in_force(at=quote.at)
    # Asked again on the same day for the same, it is the same plan.
    told = f"{fingerprint(quote, rule)}:{len(shown.parts)}:{shown.days[0]}"
    plan = InstalmentPlan.objects.propose(
        buyer=buyer, key=hashlib.sha256(told.encode()).hexdigest(), course=priced.course, book=settings.PAYMENTS_BOOK,
        currency=quote.currency, total_minor=quote.total.minor, months=len(shown.parts),
        amounts_minor=[part.minor for part in shown.parts], due_on=shown.days, terms=frozen_sale.terms_of(quote),
        refund_rule=rule, language=(get_language() or buyer.language)[:12], agreed_at=quote.at,
    )  # fmt: skip
    return _quote(plan, priced.course, priced.line, quote, PartOf(plan, 1, 1))


def place(plan: InstalmentPlan, first: int, last: int, at: datetime, open_for: timedelta | None = None) -> Order:
    """The open order of some later parts, made out to whom the first one was. The caller holds the plan, of which no
    other order is open.
    """
    quote = part_of(plan, first, last, at, open_for)
    order = Order.objects.place(buyer=plan.buyer, quote=quote, language=plan.language)
    begun = Order.objects.select_related("billing").filter(number=plan.reference).first()
    if begun is not None and begun.billed_to is not None:
        BillingDetails.objects.note(order, begun.billed_to)
    return order


def part_of(plan: InstalmentPlan, first: int, last: int, at: datetime, open_for: timedelta | None = None) -> Quote:
    """The quote of some later parts, as was agreed: whatever the course costs by now."""
    line, plain = frozen_sale.line_of(plan.terms, plan.currency), Quote(plan.currency, [], at, **plan.terms["tax"])
    return _quote(plan, plan.course, line, plain, PartOf(plan, first, last, open_for))


def _quote(plan: InstalmentPlan, course: Course, line: Line, plain: Quote, part: PartOf) -> Quote:
    quoted = schedule.of(
        plan.whole(), plan.amounts, part.first, part.last, is_tax_inclusive=plain.is_tax_inclusive
    )  # fmt: skip
    return replace(plain, lines=[Priced(course, line, quoted)], part=part, referral=None)
