"""Paid orders for tests of the books: the money comes into the sandbox, and the sale is booked as it would be."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock, work
from marketplace.lib.money import Money, from_provider_amount, provider_amount
from payments import bookings, onboarding, payouts, pricing, taking, transfers
from payments.models import Order, OrderItem, Payout, PayoutAccount, PayoutRun, Refund
from payments.pricing import Priced, Quote
from payments.quotes import quote
from payments.sandbox.models import SandboxAccount, SandboxPayment, SandboxTransaction
from tests import cast
from tests.creators.factories import make_creator

_numbers = itertools.count(1)
PRICE = Money(2000, "USD")


def creator_named(name: str) -> Creator:
    return make_creator(cast.person(name))


def course_of(creator: Creator, price: Money = PRICE) -> Course:
    course = Course.objects.start(creator=creator, title=f"Course {next(_numbers)}")
    course.set_price(price, by=creator.user)
    return course


def sell(*creators: Creator, price: Money = PRICE, buyer: User | None = None, fee: bool = True, **facts: Any) -> Order:
    """One paid and booked order of one new course of each creator. `facts` change each course's `Line`."""
    courses = [course_of(creator, price) for creator in creators]
    order = place(buyer or cast.lin(), courses, **facts)
    if not order.total:
        return taking.take_nothing(order.pk)
    payment = SandboxPayment.objects.create(
        amount=provider_amount(order.total), currency=order.currency.lower(), group=order.transfer_group
    )
    payment.succeed()
    with transaction.atomic():
        order.mark_paid(payment.charge_id)
        bookings.book_sale(order, payment.charge_id)
        moved = SandboxTransaction.objects.get(source=payment.charge_id)
        if fee:
            bookings.book_fee(order, moved.pk, from_provider_amount(moved.fee, moved.currency))
    return order


def place(buyer: User, courses: list[Course], **facts: Any) -> Order:
    """An order as the checkout makes it, before it has a page to pay on."""
    return Order.objects.place(buyer=buyer, quote=quoted(buyer, courses, **facts), language="en")


def quoted(buyer: User, courses: list[Course], **facts: Any) -> Quote:
    """What the courses cost; `facts` change each `Line`: a discount, tax, a promoter, co-authors."""
    plain = pricing.price_up(buyer, courses, at=clock.now())
    lines = [replace(priced.line, **facts) for priced in plain.lines]
    changed = [Priced(one.course, line, quote(line)) for one, line in zip(plain.lines, lines, strict=True)]
    return replace(plain, lines=changed, is_tax_inclusive=lines[0].is_tax_inclusive)


def only_item(order: Order) -> OrderItem:
    return order.items.get()


@transaction.atomic
def give_back(
    order: Order, *items: OrderItem, provider_refund_id: str = "re_1", amount: int | None = None,
    ends_access: bool = True,
) -> Refund:  # fmt: skip
    """A refund as the provider's answer leaves it: settled and booked. All that is left of each item, or `amount`."""
    held = Order.objects.hold(pk=order.pk)
    fresh = held.items.filter(pk__in=[item.pk for item in items])
    asked = [(item, item.left.minor if amount is None else amount) for item in fresh]
    refund = Refund.objects.ask(
        held, asked, by=cast.fay(), reason="asked", cause=Refund.Cause.STAFF, ends_access=ends_access
    )
    refund.name_at_provider(provider_refund_id)
    refund.settle()
    bookings.book_refund(refund)
    return refund


def pass_hold() -> None:
    """A day after the hold."""
    clock.advance(timedelta(days=settings.KEZHAN_HOLD_DAYS + 1))


def ready_account(creator: Creator) -> PayoutAccount:
    """The creator has told the provider everything."""
    account = onboarding.start(creator).account
    SandboxAccount.objects.get(pk=account.provider_account_id).become("active")
    return onboarding.refresh(account)


def carry_out_runs() -> None:
    """What the workers do when they are rung for every payout run that is open."""
    for pk in PayoutRun.open_work().values_list("pk", flat=True):
        work.run(PayoutRun, pk, payouts.carry_out)


def submit_all() -> None:
    """What the workers do when they are rung for every payout that is open."""
    for pk in Payout.open_work().values_list("pk", flat=True):
        work.run(Payout, pk, transfers.submit)
