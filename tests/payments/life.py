"""One life of money: its people and courses, the model beside the books, and what must hold after every step.

What can happen in a life is told by the classes that stand on this one: `life_of_coupons`, `life_of_reversals`, and
the rest in `test_money_machine`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant

from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money, from_provider_amount, provider_amount
from payments import bookings, invariants, quotes
from payments.models import LedgerPosting, Order, OrderItem, RevenueRule
from payments.pricing import Priced, Quote
from payments.sandbox.models import SandboxFault, SandboxPayment, SandboxTransaction
from tests import cast
from tests.payments import statements
from tests.payments.money_model import Model, Sale, price_of
from tests.payments.sales import course_of, creator_named, ready_account

MONEY = ("USD", "JPY", "KWD")
NAMES = ("Ada", "Bea", "Cleo")
sales = Bundle("sales")


class Life(RuleBasedStateMachine):
    """Its own creators; everything is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        # As pytest's own: the provider may be called inside it, which it may not inside one of ours.
        self.undo._from_testcase = True  # type: ignore[attr-defined]
        self.undo.__enter__()
        self.model = Model()
        self.by_item: dict[int, Sale] = {}
        self.creators = [creator_named(name) for name in NAMES]
        for creator in self.creators:
            ready_account(creator)
        self.courses = {
            (creator.pk, money): course_of(creator, Money(CURRENCIES[money].max_charge, money))
            for creator in self.creators
            for money in MONEY
        }
        # On sale for so long that every price that is set from now on was asked for.
        Course.objects.update(published_at=clock.now() - timedelta(days=99))
        self.organic = RevenueRule.objects.in_force(at=clock.now())
        self.tips = RevenueRule.objects.in_force("tip", at=clock.now())
        self.lin, self.fay = cast.lin(), cast.fay()

    def teardown(self) -> None:
        try:
            # The provider agrees with us when nothing is unknown any more, and nothing more goes wrong.
            SandboxFault.objects.all().delete()
            self.send()
            assert not any(invariants.breaks(ask_provider=True).values())
            # And whoever has the papers alone finds the same.
            assert statements.found_wrong(self.creators) == ""
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def send(self) -> None:
        """Whatever waits is brought to its end."""

    def rule_of(self, platform_bps: int, affiliate_bps: int) -> int:
        """The published rule by which such a sale is shared: the one in force, or a new version of it from now on."""
        code = "affiliate" if affiliate_bps else "organic" if platform_bps == self.organic.platform_bps else "own_link"
        parts, now = {"platform_bps": platform_bps, "affiliate_bps": affiliate_bps}, clock.now()
        rule = RevenueRule.objects.in_force(code, at=now)
        if (rule.platform_bps, rule.affiliate_bps) != (platform_bps, affiliate_bps):
            rule = RevenueRule.objects.create(code=code, starts_at=now, **parts)
        return rule.pk

    def quoted(self, lines: list[quotes.Line], coupon: Any = None) -> Quote:
        priced = [Priced(Course.objects.get(pk=line.course_id), line, quotes.quote(line)) for line in lines]
        currency, is_inclusive = lines[0].list.currency, lines[0].is_tax_inclusive
        return Quote(currency, priced, clock.now(), is_tax_inclusive=is_inclusive, coupon=coupon)

    def sold(self, order: Order, lines: list[quotes.Line]) -> list[int]:
        """The buyer pays an order of these lines. Its items, which the model knows from now on."""
        fee = self._pay(order)
        items = list(order.items.order_by("course_id"))
        for line, item in zip(sorted(lines, key=lambda line: line.course_id), items, strict=True):
            self.by_item[item.pk] = sale = modelled(line)
            self.model.sell(sale, sale.left, fee)
            fee = 0  # the provider took it once for the whole order
        return [item.pk for item in items]

    def _pay(self, order: Order) -> int:
        if not order.total:
            order.mark_paid(None)
            bookings.book_sale(order, None)
            return 0
        payment = SandboxPayment.objects.create(
            amount=provider_amount(order.total), currency=order.currency.lower(), group=order.transfer_group
        )
        payment.succeed()
        order.mark_paid(payment.charge_id)
        bookings.book_sale(order, payment.charge_id)
        moved = SandboxTransaction.objects.get(source=payment.charge_id)
        fee = from_provider_amount(moved.fee, moved.currency)
        bookings.book_fee(order, moved.pk, fee)
        return fee.minor

    def due(self, at: datetime | None = None) -> list[int]:
        return list(OrderItem.objects.due_for_release(at or clock.now()).values_list("pk", flat=True))

    def release(self, due: list[int]) -> None:
        for pk in due:
            self.model.release(self.by_item[pk])

    @invariant()
    def books_say_what_the_model_says(self) -> None:
        rows = LedgerPosting.objects.values_list(
            "account__kind", "account__owner_id", "currency", "account__normal_side"
        )
        booked: dict[Any, int] = {}
        left: dict[str, int] = {}
        for kind, owner, money, side, total in rows.annotate(total=Sum("amount_minor")):
            booked[kind, owner, money] = int(total) if side == "debit" else -int(total)
            left[money] = left.get(money, 0) + int(total)
        assert not any(left.values())
        assert _moved(booked) == _moved(self.model.pockets)

    @invariant()
    def postgres_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def modelled(line: quotes.Line) -> Sale:
    """The same line as the model reckons it."""
    step = CURRENCIES[line.list.currency].charge_multiple
    shown, off = line.list.minor, line.discount.minor
    net, tax = price_of(shown - off, line.tax_bps, is_inclusive=line.is_tax_inclusive, step=step)
    basis = price_of(shown, line.tax_bps, is_inclusive=line.is_tax_inclusive, step=step)[0]
    if line.bearer != quotes.BY_PLATFORM:
        basis = net
    platform = min(basis, (2 * basis * line.platform_bps + 10_000) // 20_000)
    affiliate = min(basis - platform, basis * line.affiliate_bps // 10_000) if line.affiliate_id else 0
    side = basis - platform - affiliate
    coauthors = [["creator", owner, side * part // 10_000] for owner, part in line.coauthors]
    own = ["creator", line.creator_id, side - sum(part[2] for part in coauthors)]
    promoter = [["affiliate", line.affiliate_id, affiliate]] if line.affiliate_id else []
    return Sale(line.list.currency, tax, basis - net, [["platform", None, platform], *promoter, own, *coauthors])


def _moved(pockets: dict[Any, int]) -> dict[Any, int]:
    return {name: minor for name, minor in pockets.items() if minor}
