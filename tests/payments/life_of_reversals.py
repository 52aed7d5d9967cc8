"""What is taken back in a life of money: an entry by its opposite, once; a transfer that the provider had sent."""

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, rule

from marketplace.lib.money import CURRENCIES, Money, provider_amount
from payments import ledger, payout_returns
from payments.models import AccountKind, AccountRef, EntryKind, LedgerEntry, Payout
from payments.sandbox.models import SandboxTransfer
from tests.payments.life import MONEY, Life

REVENUE, ROUNDING = AccountRef(AccountKind.PLATFORM_REVENUE), AccountRef(AccountKind.ROUNDING)
Moved = tuple[int, str, int]  # entry, currency, what it put into the platform's revenue


class LifeOfReversals(Life):
    corrections = Bundle("corrections")

    def __init__(self) -> None:
        super().__init__()
        self.entries = 0

    @rule(target=corrections, money=st.sampled_from(MONEY), minor=st.integers(-(10**6), 10**6).filter(bool))
    def correct(self, money: str, minor: int) -> Moved:
        """Finance moves something between two of the platform's own pockets."""
        amount = Money(minor, money)
        made = ledger.post(
            self._key(), EntryKind.ADJUSTMENT, [(REVENUE, -amount), (ROUNDING, amount)], book="sandbox"
        )  # fmt: skip
        return self._moved(made, money, minor)

    @initialize(target=corrections, money=st.sampled_from(MONEY))
    def first_correction(self, money: str) -> Moved:
        return self.correct(money, 1_000)

    @rule(target=corrections, what=consumes(corrections))
    def reverse(self, what: Moved) -> Moved:
        """The entry's opposite is booked, once, and can be taken back in its turn. Asked again, nothing happens."""
        pk, money, minor = what
        entry, key = LedgerEntry.objects.get(pk=pk), self._key()
        made = ledger.reverse(entry, key)
        assert ledger.reverse(entry, key) == made
        assert self._is_refused(entry)
        return self._moved(made, money, -minor)

    def _is_refused(self, entry: LedgerEntry) -> bool:
        try:
            with transaction.atomic():
                ledger.reverse(entry, self._key())
        except ledger.KeyReused:
            return True
        return False

    def _key(self) -> str:
        self.entries += 1
        return f"life:{self.entries}"

    def _moved(self, made: LedgerEntry, money: str, minor: int) -> Moved:
        self.model.move("platform_revenue", None, money, minor)
        self.model.move("rounding", None, money, -minor)
        return made.pk, money, minor

    @rule(n=st.integers(0, 99), tenths=st.integers(1, 10), told=st.integers(1, 3))
    def bring_back(self, n: int, tenths: int, told: int) -> None:
        """A part of a transfer, or all that is left of it, comes back: the creator has it again, however often told."""
        sent = list(Payout.objects.filter(state=Payout.State.SENT).order_by("pk"))
        if not sent:
            return
        payout = sent[n % len(sent)]
        step = CURRENCIES[payout.currency].payout_multiple
        left = payout.amount_minor - payout.returned_minor
        minor = left if tenths == 10 else left * tenths // 10 // step * step
        if not minor:
            return
        amount = Money(minor, payout.currency)
        SandboxTransfer.objects.get(pk=payout.transfer_id).take_back(provider_amount(amount), {})
        for _time in range(told):
            payout_returns.take_transfer(payout.transfer_id)
        self.model.come_back(payout.creator_id, payout.currency, minor)
