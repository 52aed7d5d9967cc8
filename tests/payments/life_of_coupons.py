"""Coupons in a life of money: made, used, full, over; seats that are reserved, given back, and paid for too late."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money
from payments import pricing, quotes
from payments.models import Coupon, CouponUse, Order
from payments.models.coupon import CouponRefused
from tests import cast
from tests.payments.life import MONEY, Life, sales
from tests.payments.money_vouchers import Voucher

buyers = st.integers(0, 2)
rarely = st.sampled_from([False, False, False, True])
caps = st.sampled_from([None, 1, 1, 2, 3])


class LifeOfCoupons(Life):
    coupons = Bundle("coupons")
    left_at_the_till = Bundle("left_at_the_till")

    def __init__(self) -> None:
        super().__init__()
        self.buyers = [self.lin, cast.cole(), cast.person("Mei")]
        self.vouchers: dict[int, Voucher] = {}
        self.open: dict[int, list[quotes.Line]] = {}
        # What each course was asked for, and since when.
        self.asked = {course.pk: [(course.price_minor, timezone.now())] for course in self.courses.values()}

    @rule(
        target=coupons, kind=st.sampled_from(list(Voucher.KINDS)), money=st.sampled_from(MONEY),
        n=st.sampled_from([None, 0, 1, 2]), value=st.integers(1, 9_999), steps=st.integers(0, 10**4),
        cap_total=caps, cap_person=caps, days=st.sampled_from([None, 3, 40]), most=st.integers(1, 10**5),
    )  # fmt: skip
    def make_coupon(
        self, kind: str, money: str, n: int | None, value: int, steps: int, cap_total: int | None,
        cap_person: int | None, days: int | None, most: int = 10**5,
    ) -> int:  # fmt: skip
        """Of a creator, for her own courses, or of the platform, for everybody's: whoever makes it bears it."""
        limits = CURRENCIES[money]
        if kind in ("amount", "fixed_price"):
            value = limits.min_charge + steps * limits.charge_multiple
        value = {"free": 0}.get(kind, value)
        creator = None if n is None else self.creators[n]
        ends_at = clock.now() + timedelta(days=days) if days else None
        limit = None if creator or kind == "amount" else (most * limits.charge_multiple, money)
        cap_total = cap_total or (None if creator else 10**6)  # the platform's has an end
        told = {"most_minor": limit[0], "most_currency": limit[1]} if limit else {}
        coupon = Coupon.objects.make(
            by=creator.user if creator else self.fay, creator=creator, kind=kind, value=value, ends_at=ends_at,
            currency=money if kind in ("amount", "fixed_price") else "", cap_total=cap_total, cap_person=cap_person,
            **told,
        )  # fmt: skip
        owner = creator.pk if creator else None
        self.vouchers[coupon.pk] = Voucher(kind, value, coupon.currency, owner, cap_total, cap_person, ends_at, limit)
        return coupon.pk

    @initialize(target=coupons, value=st.integers(1, 9_999), cap_total=caps, cap_person=caps)
    def first_coupon(self, value: int, cap_total: int | None, cap_person: int | None) -> int:
        """Steps are few: no life begins without a coupon that everybody can use."""
        return self.make_coupon("percent", "USD", None, value, 0, cap_total, cap_person, None)

    @rule(pk=coupons)
    def end_coupon(self, pk: int) -> None:
        if not self.vouchers[pk].is_ended:
            Coupon.objects.get(pk=pk).end(by=self.fay, reason="enough")
            self.vouchers[pk].is_ended = True

    @rule(
        target=sales, pk=coupons, who=buyers, money=st.sampled_from(MONEY), n=st.integers(0, 2),
        steps=st.integers(0, 10**5), two=st.booleans(), any_basket=rarely, affiliate_bps=st.sampled_from([0, 1_000]),
        coauthor_bps=st.sampled_from([0, 3_333]), tax_bps=st.sampled_from([0, 0, 1_900]), inclusive=st.booleans(),
    )  # fmt: skip
    def buy_with_coupon(self, pk: int, who: int, **basket: Any) -> Any:
        order = self._place(pk, who, **basket)
        return multiple(*self._pay_for(order.pk)) if order else multiple()

    @rule(
        target=left_at_the_till, pk=coupons, who=buyers, money=st.sampled_from(MONEY), n=st.integers(0, 2),
        steps=st.integers(0, 10**5), two=st.booleans(), any_basket=rarely,
    )  # fmt: skip
    def reserve(self, pk: int, who: int, **basket: Any) -> Any:
        """She goes to pay: the seat is hers until the order closes."""
        order = self._place(pk, who, **basket, affiliate_bps=0, coauthor_bps=0, tax_bps=0, inclusive=True)
        return order.pk if order else multiple()

    @rule(pk=left_at_the_till)
    def give_the_seat_back(self, pk: int) -> None:
        order = Order.objects.get(pk=pk)
        if order.expire():
            self.vouchers[order.coupon_use.coupon_id].release(pk)

    @rule(target=sales, pk=consumes(left_at_the_till))
    def pay_what_was_left(self, pk: int) -> Any:
        """In time, or when the seat was given back: it takes a free one, or stands beside them; the price stays."""
        return multiple(*self._pay_for(pk))

    def _pay_for(self, pk: int) -> list[int]:
        order = Order.objects.get(pk=pk)
        self.vouchers[order.coupon_use.coupon_id].use(pk)
        return self.sold(order, self.open.pop(pk))

    def _place(self, pk: int, who: int, **basket: Any) -> Order | None:
        """A new order with the coupon. None: refused, as the model foretells; or her open order of the same."""
        voucher, buyer = self.vouchers[pk], self.buyers[who]
        lines = self._lines(voucher, **basket)
        if not any(line.discount for line in lines):
            return None
        coupon = Coupon.objects.get(pk=pk)
        expected = voucher.refusal(buyer.pk, clock.now())
        if not expected:
            self._must_be_offered(coupon, buyer, lines)
        quote = self.quoted(lines, coupon)
        order, said = None, ""
        try:
            order = Order.objects.place(buyer=buyer, quote=quote, language="en")
        except CouponRefused as refused:
            said = refused.code
        if order is not None and order.pk in self.open:
            return None
        assert said == expected
        if order is None:
            return None
        voucher.reserve(order.pk, buyer.pk)
        self.open[order.pk] = lines
        return order

    def _lines(
        self, voucher: Voucher, *, money: str, n: int, steps: int, two: bool, any_basket: bool, affiliate_bps: int,
        coauthor_bps: int, tax_bps: int, inclusive: bool,
    ) -> list[quotes.Line]:  # fmt: skip
        """The second course costs another price than the first; the model says what is taken off each."""
        if not any_basket:  # one that the coupon is for
            money = voucher.currency or money
            n = next((at for at, creator in enumerate(self.creators) if creator.pk == voucher.owner), n)
        limits = CURRENCIES[money]
        owners = [self.creators[n], self.creators[(n + 1) % 3]][: 1 + two]
        third = self.creators[(n + 2) % 3].pk
        shown = [limits.min_charge + steps * limits.charge_multiple * (1 + 2 * at) for at in range(len(owners))]
        lowest = [self._lowest(self.courses[owner.pk, money].pk) for owner in owners]
        off = voucher.off([(owner.pk, *row) for owner, *row in zip(owners, shown, lowest, strict=True)], money)
        bearer = quotes.BY_PLATFORM if voucher.owner is None else quotes.BY_CREATOR
        # A promoter's sale is by the promoter's rule, whose coupon it was.
        own, kept = None if affiliate_bps else voucher.owner, self.organic.platform_bps
        rules = {owner.pk: (300 if owner.pk == own else kept, affiliate_bps) for owner in owners}
        return [
            quotes.Line(
                course_id=self.courses[owner.pk, money].pk, creator_id=owner.pk, list=Money(minor, money),
                discount=Money(less, money), bearer=bearer if less else "",
                platform_bps=rules[owner.pk][0],
                affiliate_bps=affiliate_bps, affiliate_id=third if affiliate_bps else None,
                coauthors=((third, coauthor_bps),) if coauthor_bps else (),
                tax_bps=tax_bps, is_tax_inclusive=inclusive, rule_id=self.rule_of(*rules[owner.pk]),
            )
            for owner, minor, less in zip(owners, shown, off, strict=True)
        ]  # fmt: skip

    def _lowest(self, course: int) -> int:
        """The least of the thirty days before; a price that is set now was asked for until now."""
        steps, early = self.asked[course], clock.now() - timedelta(days=30)
        ends = [since for _minor, since in steps[1:]] + [timezone.now()]
        lately = [minor for (minor, _since), until in zip(steps, ends, strict=True) if until > early]
        return min(lately, default=10**9)

    def _must_be_offered(self, coupon: Coupon, buyer: Any, lines: list[quotes.Line]) -> None:
        """The till finds the coupon for her and takes off each course what the model says."""
        courses = [self.courses[line.creator_id, line.list.currency] for line in lines]
        for course, line in zip(courses, lines, strict=True):
            course.refresh_from_db()
            if course.set_price(line.list, by=course.creator.user):
                self.asked[course.pk].append((line.list.minor, timezone.now()))
        offered = pricing.price_up(buyer, courses, coupon_code=coupon.code, at=clock.now())
        assert [priced.line.discount for priced in offered.lines] == [line.discount for line in lines]
        assert [priced.line.bearer for priced in offered.lines] == [line.bearer for line in lines]

    @invariant()
    def seats_are_those_of_the_model(self) -> None:
        counted: dict[int, Counter[str]] = {pk: Counter() for pk in self.vouchers}
        for use in CouponUse.objects.filter(coupon__in=self.vouchers):
            counted[use.coupon_id]["beside" if use.is_beyond_cap else use.state] += 1
        assert counted == {pk: voucher.counts() for pk, voucher in self.vouchers.items()}
        taken = dict(Coupon.objects.filter(pk__in=self.vouchers).values_list("pk", "seats_taken"))
        assert taken == {pk: voucher.taken for pk, voucher in self.vouchers.items()}
