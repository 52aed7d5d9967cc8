"""Random histories of money against a model of ten lines: after every step the books say what the model says."""

import os
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.lib.money import Money
from payments import fees, invariants, ledger
from payments.models import EntryKind, LedgerBalance, LedgerPosting
from payments.models.ledger_kinds import CACHED_KINDS
from tests.payments.books import BOOK, CLEARING, REVENUE, available, in_transit, pending
from tests.payments.test_fees import Rule

# The night lives as many as product X1 asks for: 10,000.
HISTORIES = int(os.environ.get("KEZHAN_HISTORIES", "25"))
PARTS = 8 if HISTORIES > 100 else 1  # many are spread over the cores
CREATORS = (201, 202)
CURRENCIES = ("USD", "JPY", "KWD")
RULE = Rule(2500)

acts = st.one_of(
    st.tuples(st.just("sale"), st.sampled_from(CREATORS), st.sampled_from(CURRENCIES), st.integers(2, 10**7)),
    st.tuples(st.sampled_from(["release", "refund", "sent", "void", "replay"]), st.integers(0, 30)),
    st.tuples(st.just("payout"), st.sampled_from(CREATORS), st.sampled_from(CURRENCIES)),
)


@dataclass
class History:
    """The books as they should be, and what can still happen to each sale and payout."""

    balances: dict = field(default_factory=lambda: defaultdict(int))
    sales: list = field(default_factory=list)
    payouts: list = field(default_factory=list)
    entries: list = field(default_factory=list)

    def post(self, key: str, kind: EntryKind, lines: list[ledger.Line]) -> None:
        ledger.post(key, kind, lines, book=BOOK)
        self.entries.append((key, kind, lines))
        for ref, amount in lines:
            self.balances[ref, amount.currency] += amount.minor

    def sale(self, creator: int, currency: str, gross: int) -> None:
        price = Money(gross, currency)
        shares = fees.split(price, RULE)
        self.sales.append({"creator": creator, "price": price, "shares": shares, "state": "pending"})
        lines = [(CLEARING, price), (REVENUE, -shares.platform), (pending(creator), -shares.creator)]
        self.post(f"sale:{len(self.sales)}", EntryKind.SALE, lines)

    def release(self, n: int) -> None:
        if n < len(self.sales) and self.sales[n]["state"] == "pending":
            sale, share = self.sales[n], self.sales[n]["shares"].creator
            lines = [(pending(sale["creator"]), share), (available(sale["creator"]), -share)]
            self.post(f"release:{n}", EntryKind.RELEASE, lines)
            sale["state"] = "available"

    def refund(self, n: int) -> None:
        if n < len(self.sales) and self.sales[n]["state"] != "refunded":
            sale, shares = self.sales[n], self.sales[n]["shares"]
            where = pending if sale["state"] == "pending" else available
            lines = [(CLEARING, -sale["price"]), (REVENUE, shares.platform), (where(sale["creator"]), shares.creator)]
            self.post(f"refund:{n}", EntryKind.REFUND, lines)
            sale["state"] = "refunded"

    def payout(self, creator: int, currency: str) -> None:
        amount = Money(-self.balances[available(creator), currency], currency)
        if amount.minor <= 0:
            lines = [(available(creator), Money(1, currency)), (in_transit(creator), Money(-1, currency))]
            with pytest.raises(ledger.Overdrawn), transaction.atomic():
                ledger.post(f"payout:{len(self.payouts)}:no", EntryKind.PAYOUT_HOLD, lines, book=BOOK)
            return
        self.payouts.append({"creator": creator, "amount": amount, "state": "held"})
        lines = [(available(creator), amount), (in_transit(creator), -amount)]
        self.post(f"payout:{len(self.payouts) - 1}:hold", EntryKind.PAYOUT_HOLD, lines)

    def sent(self, n: int) -> None:
        if n < len(self.payouts) and self.payouts[n]["state"] == "held":
            payout = self.payouts[n]
            lines = [(in_transit(payout["creator"]), payout["amount"]), (CLEARING, -payout["amount"])]
            self.post(f"payout:{n}:sent", EntryKind.PAYOUT_SENT, lines)
            payout["state"] = "sent"

    def void(self, n: int) -> None:
        if n < len(self.payouts) and self.payouts[n]["state"] == "held":
            payout = self.payouts[n]
            lines = [
                (in_transit(payout["creator"]), payout["amount"]),
                (available(payout["creator"]), -payout["amount"]),
            ]
            self.post(f"payout:{n}:void", EntryKind.PAYOUT_VOID, lines)
            payout["state"] = "void"

    def replay(self, n: int) -> None:
        if n < len(self.entries):
            key, kind, lines = self.entries[n]
            ledger.post(key, kind, lines, book=BOOK)


def books_say_what_the_model_says(history: History) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    by_account = LedgerPosting.objects.values_list("account__kind", "account__owner_id", "currency")
    booked = {tuple(name): int(total) for *name, total in by_account.annotate(Sum("amount_minor"))}
    modelled = {(ref.kind, ref.owner_id, currency): signed for (ref, currency), signed in history.balances.items()}
    assert moved(booked) == moved(modelled)
    kept = LedgerBalance.objects.values_list("account__kind", "account__owner_id", "account__currency", "amount_minor")
    assert moved({tuple(name): n for *name, n in kept}) == moved(
        {name: n for name, n in modelled.items() if name[0] in CACHED_KINDS}
    )


def moved(balances: dict[tuple, int]) -> dict[tuple, int]:
    return {name: minor for name, minor in balances.items() if minor}


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=-(-HISTORIES // PARTS), database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(acts, min_size=5, max_size=25))
def test_every_history_keeps_the_books(part: int, steps: list[tuple]) -> None:
    history = History()
    with transaction.atomic():
        for name, *facts in steps:
            getattr(history, name)(*facts)
            books_say_what_the_model_says(history)
        assert not any([*invariants.postings_sum_to_zero(), *invariants.entries_balance()])
        transaction.set_rollback(True)
