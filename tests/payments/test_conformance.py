"""The fifteen invariants of a ledger, each by itself and by its name. Source: the design's page on money, 3.1.

They are those of the Ledger Conformance Kit. What a crowd breaks is tried with a crowd; that each breaks without its
rule is shown in test_conformance_controls.py.
"""

import random
from collections import defaultdict
from itertools import accumulate

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from marketplace.lib.money import CurrencyMismatch, Money
from payments import give_back, invariants, ledger, watch
from payments.models import AccountKind, EntryKind, LedgerBalance, LedgerEntry, LedgerPosting
from payments.proof import seals
from payments.quotes import Line, quote
from tests.payments.books import (
    ADA,
    BEA,
    BOOK,
    CLEARING,
    REVENUE,
    available,
    hold,
    in_transit,
    jpy,
    make_available,
    pending,
    sale,
    stands,
    usd,
)
from tests.payments.crowd import at_once
from tests.payments.statements import today
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db(transaction=True)


def written(statement: str) -> None:
    """A statement that goes around the one writer, up to its commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def journal() -> dict[int, int]:
    """Account → the sum of its postings."""
    return dict(LedgerPosting.objects.values_list("account_id").annotate(total=Sum("amount_minor")).order_by())


def total(currency: str = "USD") -> int:
    return LedgerPosting.objects.filter(currency=currency).aggregate(total=Sum("amount_minor"))["total"] or 0


def test_01_every_entry_is_balanced_in_each_currency() -> None:
    with pytest.raises(ledger.Unbalanced):
        ledger.post("x", EntryKind.SALE, [(CLEARING, usd(100)), (REVENUE, usd(-99))], book=BOOK)
    entry = sale(gross=1999)
    account = entry.postings.first().account_id
    with pytest.raises(IntegrityError):  # the database by itself, whoever writes
        written(
            "INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor)"
            f" VALUES ({entry.pk}, {account}, 'USD', 1)"
        )
    assert list(invariants.entries_balance()) == []


@pytest.mark.parametrize("act", ["UPDATE payments_{} SET id = id + 1000", "DELETE FROM payments_{}"])
@pytest.mark.parametrize("table", ["ledgerentry", "ledgerposting", "ledgeraccount"])
def test_02_what_is_written_stays_as_it_was_written(act: str, table: str) -> None:
    sale()
    with pytest.raises(IntegrityError, match="append-only"):
        written(act.format(table))


def test_03_days_are_chained_by_hashes_and_a_change_breaks_the_chain() -> None:
    for n in range(3):
        sale(f"sale:{n}")
    seals.seal_closed_days(BOOK, through=today())
    assert seals.verify(BOOK).wrong is None
    changed = LedgerEntry.objects.get(idem_key="sale:1")
    with transaction.atomic():
        break_in(f"UPDATE payments_ledgerentry SET kind = 'fee' WHERE id = {changed.pk}")
    wrong = seals.verify(BOOK).wrong
    assert wrong is not None
    assert wrong.entry_id == changed.pk


def test_04_a_duplicate_does_nothing_and_answers_with_the_first() -> None:
    first = sale()
    before = journal()
    assert [sale() for _time in range(3)] == [first] * 3
    assert journal() == before
    with pytest.raises(ledger.KeyReused):
        sale(gross=2000)


def test_05_duplicates_at_once_become_one_entry() -> None:
    entries = at_once(lambda _n: sale(gross=400).pk, 24)
    assert len(set(entries)) == 1
    assert stands(AccountKind.STRIPE_CLEARING, None) == 400


def test_06_no_update_is_lost_on_a_hot_account() -> None:
    at_once(lambda n: make_available(n + 1, f"release:{n}"), 24)
    assert stands(AccountKind.CREATOR_AVAILABLE) == sum(range(1, 25))
    assert list(invariants.cached_balances_are_true()) == []


def test_07_value_is_neither_made_nor_lost() -> None:
    draw = random.Random(7)
    for n in range(40):
        sale(f"sale:{n}", draw.randint(2, 10**6), draw.choice([ADA, BEA]))
        assert total() == 0
    make_available(1000)
    hold(400, "payout:1:hold")
    assert total() == 0
    assert list(invariants.postings_sum_to_zero()) == []


def test_08_each_balance_is_the_sum_of_its_journal() -> None:
    at_once(lambda n: (sale(f"sale:{n}", 100 + n), make_available(10 + n, f"release:{n}")), 8)
    sums = journal()
    kept = dict(LedgerBalance.objects.values_list("account_id", "amount_minor"))
    assert kept
    assert kept == {account: sums[account] for account in kept}
    assert stands(AccountKind.CREATOR_PENDING) == -sum(
        posting.amount_minor for posting in LedgerPosting.objects.filter(account__kind="creator_pending")
    )


def test_09_nobody_is_paid_more_than_she_has_however_many_drain_at_once() -> None:
    make_available(1000)
    answers = at_once(lambda n: hold(300, f"payout:{n}:hold"), 16)
    assert sum(isinstance(answer, LedgerEntry) for answer in answers) == 3
    assert sum(isinstance(answer, ledger.Overdrawn) for answer in answers) == 13
    assert stands(AccountKind.CREATOR_AVAILABLE) == 100


def test_10_nothing_is_rounded_away_over_many_small_amounts() -> None:
    draw, given, taken = random.Random(10), 0, 0
    for n in range(200):
        price = Money(draw.randint(1, 999), "USD")
        line = Line(
            course_id=1, creator_id=ADA, list=price, discount=usd(0), platform_bps=draw.randint(0, 10_000),
            coauthors=((BEA, draw.randint(0, 10_000)),),
        )  # fmt: skip
        shares = quote(line).shares
        given += sum(share.amount.minor for share in shares)
        taken += price.minor
        left = give_back.Parts(0, 0, tuple(share.amount.minor for share in shares))
        while left.price:
            part = give_back.allocate(draw.randint(1, left.price), left)
            left = left.less(part)
        assert not any(left.shares), f"sale {n} closes to zero"
    assert given == taken
    big = 2**53 + 1  # a float would lose the one
    ledger.post("sale:big", EntryKind.SALE, [(CLEARING, usd(big)), (REVENUE, usd(-big))], book=BOOK)
    assert stands(AccountKind.STRIPE_CLEARING, None) == big


def test_11_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        usd(1) + jpy(1)
    with pytest.raises(ledger.Unbalanced):
        ledger.post("x", EntryKind.SALE, [(CLEARING, usd(100)), (REVENUE, jpy(-100))], book=BOOK)
    sale("sale:usd", 100)
    ledger.post("sale:jpy", EntryKind.SALE, [(CLEARING, jpy(500)), (REVENUE, jpy(-500))], book=BOOK)
    entry = LedgerEntry.objects.get(idem_key="sale:usd")
    account = entry.postings.first().account_id
    with pytest.raises(IntegrityError):
        written(
            "INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor)"
            f" VALUES ({entry.pk}, {account}, 'JPY', 5)"
        )
    assert (total("USD"), total("JPY")) == (0, 0)


def test_12_what_was_wrong_is_reversed_once_and_not_deleted() -> None:
    make_available(100)
    held = hold(100, "payout:1:hold")
    undone = ledger.reverse(held, "payout:1:void", EntryKind.PAYOUT_VOID)
    assert undone.reverses_id == held.pk
    assert LedgerEntry.objects.filter(pk=held.pk).exists()
    assert (stands(AccountKind.CREATOR_AVAILABLE), stands(AccountKind.PAYOUT_IN_TRANSIT)) == (100, 0)
    with pytest.raises(ledger.KeyReused):
        ledger.reverse(held, "payout:1:void-again", EntryKind.PAYOUT_VOID)


def test_13_every_balance_can_be_rebuilt_from_the_log() -> None:
    at_once(lambda n: (sale(f"sale:{n}", 500 + n), make_available(50 + n, f"release:{n}")), 6)
    hold(120, "payout:1:hold")
    rebuilt: dict[int, int] = defaultdict(int)
    for entry in LedgerEntry.objects.order_by("pk").prefetch_related("postings"):
        for posting in entry.postings.all():
            rebuilt[posting.account_id] += posting.amount_minor
    assert dict(LedgerBalance.objects.values_list("account_id", "amount_minor")).items() <= dict(rebuilt).items()
    assert list(watch.balances_rebuilt()) == []
    LedgerBalance.objects.update(amount_minor=1)
    assert len(list(watch.balances_rebuilt())) == LedgerBalance.objects.count()


def test_14_an_account_s_lines_stand_in_the_order_in_which_they_were_booked() -> None:
    seen = []
    for n, amount in enumerate([300, 200, 500]):
        make_available(amount, f"release:{n}")
        seen.append(stands(AccountKind.CREATOR_AVAILABLE))
        hold(100, f"payout:{n}:hold")
        seen.append(stands(AccountKind.CREATOR_AVAILABLE))
    lines = LedgerPosting.objects.filter(account__kind="creator_available").order_by("pk")
    assert list(accumulate(-line.amount_minor for line in lines)) == seen

    def two_in_a_row(n: int) -> None:
        make_available(10, f"release:first:{n}", owner=BEA)
        hold(10, f"payout:then:{n}", owner=BEA)

    at_once(two_in_a_row, 8)
    hers = LedgerPosting.objects.filter(account__kind="creator_available", account__owner_id=BEA)
    order = {key: at for at, key in enumerate(hers.order_by("pk").values_list("entry__idem_key", flat=True))}
    assert all(order[f"release:first:{n}"] < order[f"payout:then:{n}"] for n in range(8))


def test_15_what_was_refused_is_not_reported_as_booked_when_it_comes_again() -> None:
    make_available(100)

    def refused() -> bool:
        lines = [(available(), usd(101)), (in_transit(), usd(-101))]
        try:
            ledger.post("payout:9:hold", EntryKind.PAYOUT_HOLD, lines, book=BOOK)
        except ledger.Overdrawn:
            return True
        return False

    assert [refused() for _time in range(3)] == [True] * 3
    assert not LedgerEntry.objects.filter(idem_key="payout:9:hold").exists()
    ledger.post("release:more", EntryKind.RELEASE, [(pending(), usd(1)), (available(), usd(-1))], book=BOOK)
    assert not refused(), "when there is enough, the same event is booked at last"
