"""A coupon as it should be, beside `money_model`: what it takes off, reckoned in fractions, and who holds its seats."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import ClassVar

from marketplace.lib.money import CURRENCIES
from tests.payments.money_model import half_up, spread


@dataclass
class Voucher:
    """`seats`: order → (buyer, reserved, used, released or beside)."""

    KINDS: ClassVar = ("percent", "amount", "fixed_price", "free")

    kind: str
    value: int
    currency: str  # "" for every one
    owner: int | None  # the creator who made it and bears it
    cap_total: int | None
    cap_person: int | None
    ends_at: datetime | None
    most: tuple[int, str] | None = None  # off one order, of the platform's: minor units and their currency
    is_ended: bool = False
    seats: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        return sum(state in ("reserved", "used") for _buyer, state in self.seats.values())

    @property
    def is_full(self) -> bool:
        return self.cap_total is not None and self.taken >= self.cap_total

    def counts(self) -> Counter[str]:
        return Counter(state for _buyer, state in self.seats.values())

    def refusal(self, buyer: int, at: datetime) -> str:
        """Why she gets no seat now; "" when she does."""
        if self.is_ended or (self.ends_at and at >= self.ends_at):
            return "coupon_not_valid"
        hers = sum(holder == buyer and state != "released" for holder, state in self.seats.values())
        if self.cap_person is not None and hers >= self.cap_person:
            return "coupon_used_before"
        return "coupon_not_valid" if self.is_full else ""

    def reserve(self, order: int, buyer: int) -> None:
        self.seats[order] = (buyer, "reserved")

    def release(self, order: int) -> None:
        self.seats[order] = (self.seats[order][0], "released")

    def use(self, order: int) -> None:
        buyer, state = self.seats[order]
        self.seats[order] = (buyer, "beside" if state == "released" and self.is_full else "used")

    def off(self, courses: list[tuple[int, int, int]], money: str) -> list[int]:
        """What is taken off each course, given as (creator, price, lowest price of late), in steps in which the
        currency is charged.
        """
        if self.owner is not None:
            return self._off([(creator, price) for creator, price, _lowest in courses], money)
        off = self._off([(creator, min(price, lowest)) for creator, price, lowest in courses], money)
        step, most = CURRENCIES[money].charge_multiple, self._most_in(money)
        if most is None or sum(off) <= most:
            return off
        return [part * step for part in spread(most // step, [part // step for part in off])]

    def _most_in(self, money: str) -> int | None:
        if self.most is None:
            return None
        minor, own = self.most
        ratio = Fraction(CURRENCIES[money].payout_minimum, CURRENCIES[own].payout_minimum)
        return floor(minor * ratio)

    def _off(self, courses: list[tuple[int, int]], money: str) -> list[int]:
        step = CURRENCIES[money].charge_multiple
        fits = [
            price if self.currency in ("", money) and self.owner in (None, creator) else 0 for creator, price in courses
        ]
        if self.kind == "percent":
            return [min(price, half_up(Fraction(price * self.value, 10_000 * step)) * step) for price in fits]
        if self.kind == "fixed_price":
            return [max(0, price - self.value) for price in fits]
        if self.kind == "free":
            return fits
        return [part * step for part in spread(min(self.value, sum(fits)) // step, [price // step for price in fits])]
