"""Tax in a life of money: what is owed is what the model says, and paid to an office, or given back by one, no more."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money
from payments.models import TaxPayment
from payments.tax import owed, paying
from tests.payments.life import MONEY, Life


class LifeOfTax(Life):
    def __init__(self) -> None:
        super().__init__()
        self.paid = dict.fromkeys(MONEY, 0)
        self.notes = 0

    @rule(money=st.sampled_from(MONEY), part=st.integers(1, 100), why=st.sampled_from(["", "an advance"]))
    def pay_tax(self, money: str, part: int, why: str) -> None:
        """A part of what is owed; where nothing is, a little, which needs a reason."""
        stands = self.model.pockets["tax_payable", None, money]
        assert owed.now("", money).minor == stands
        amount = max(1, stands * part // 100)
        row = self._note(money, amount, reason=why)
        assert (row is not None) == (amount <= stands or bool(why))
        if row is not None:
            self._moved_tax(money, amount)

    @rule(money=st.sampled_from(MONEY), minor=st.integers(1, 10**5))
    def tax_comes_back(self, money: str, minor: int) -> None:
        row = self._note(money, minor, reason="noted wrongly", is_back=True)
        assert (row is not None) == (minor <= self.paid[money])
        if row is not None:
            self._moved_tax(money, -minor)

    @initialize()
    def first_tax(self) -> None:
        self.pay_tax(MONEY[0], 1, "an advance")

    def _note(self, money: str, minor: int, *, reason: str, is_back: bool = False) -> TaxPayment | None:
        self.notes += 1
        now = clock.now()
        try:
            return paying.note(
                Money(minor, money), by=self.fay, country="", period=f"{now:%Y-%m}", reference=f"tax {self.notes}",
                paid_on=now.date(), reason=reason, is_back=is_back,
            )  # fmt: skip
        except DomainError:
            return None

    def _moved_tax(self, money: str, minor: int) -> None:
        self.paid[money] += minor
        self.model.move("tax_payable", None, money, -minor)
        self.model.move("bank", None, money, -minor)
