"""The ledger: what its one writer does, and what PostgreSQL refuses even to those who go around it."""

import pytest
from django.db import IntegrityError, connection, transaction

from payments import ledger
from payments.models import AccountKind, EntryKind, LedgerBalance, LedgerEntry, LedgerPosting
from tests.payments.books import (
    ADA,
    BEA,
    BOOK,
    CLEARING,
    REVENUE,
    available,
    hold,
    jpy,
    make_available,
    pending,
    sale,
    stands,
    usd,
)

pytestmark = pytest.mark.django_db


def refused_at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def sql(statement: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_sale_stands_on_every_partys_account() -> None:
    sale(gross=2000)
    assert stands(AccountKind.STRIPE_CLEARING, None) == 2000
    assert stands(AccountKind.PLATFORM_REVENUE, None) == 500
    assert stands(AccountKind.CREATOR_PENDING) == 1500


def test_a_replay_answers_with_the_first_entry_and_books_nothing() -> None:
    first = sale()
    assert sale() == first
    assert LedgerPosting.objects.count() == 3


def test_the_order_of_lines_does_not_make_another_payload() -> None:
    first = sale(gross=400)
    lines = [(pending(), usd(-300)), (REVENUE, usd(-100)), (CLEARING, usd(400))]
    assert ledger.post("sale:ch_1", EntryKind.SALE, lines, book=BOOK) == first


def test_a_key_with_another_payload_is_refused() -> None:
    sale(gross=1999)
    with pytest.raises(ledger.KeyReused):
        sale(gross=2000)


def test_a_refused_event_is_not_reported_as_booked_when_it_comes_again() -> None:
    make_available(100)
    for _try in range(2):
        with pytest.raises(ledger.Overdrawn), transaction.atomic():
            hold(101, "payout:1:hold")
    assert not LedgerEntry.objects.filter(idem_key="payout:1:hold").exists()


@pytest.mark.parametrize(
    "lines",
    [
        [(CLEARING, usd(100)), (REVENUE, usd(-99))],
        [(CLEARING, usd(100))],
        [(CLEARING, usd(100)), (REVENUE, jpy(-100))],
        [(CLEARING, usd(0)), (REVENUE, usd(0))],
    ],
    ids=["uneven", "single", "across currencies", "of nothing"],
)
def test_lines_that_do_not_balance_are_refused(lines: list[ledger.Line]) -> None:
    with pytest.raises(ledger.Unbalanced):
        ledger.post("x", EntryKind.SALE, lines, book=BOOK)


def test_a_refund_may_take_what_is_available_below_zero_but_a_payout_may_not() -> None:
    make_available(100)
    ledger.post("refund:re_1", EntryKind.REFUND, [(CLEARING, usd(-300)), (available(), usd(300))], book=BOOK)
    assert stands(AccountKind.CREATOR_AVAILABLE) == -200
    with pytest.raises(ledger.Overdrawn), transaction.atomic():
        hold(1, "payout:1:hold")


def test_an_entry_is_reversed_once() -> None:
    make_available(100)
    held = hold(100, "payout:1:hold")
    ledger.reverse(held, "payout:1:void", EntryKind.PAYOUT_VOID)
    assert stands(AccountKind.CREATOR_AVAILABLE) == 100
    with pytest.raises(ledger.KeyReused):
        ledger.reverse(held, "payout:1:void-again", EntryKind.PAYOUT_VOID)


def test_books_do_not_mix() -> None:
    sale()
    assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "live").minor == 0


def test_creators_do_not_mix() -> None:
    sale("sale:1", 400, ADA)
    sale("sale:2", 800, BEA)
    assert (stands(AccountKind.CREATOR_PENDING, ADA), stands(AccountKind.CREATOR_PENDING, BEA)) == (300, 600)


def test_the_trial_balance_sums_to_zero_in_each_currency() -> None:
    sale(gross=2000)
    ledger.post("sale:jpy", EntryKind.SALE, [(CLEARING, jpy(500)), (pending(), jpy(-500))], book=BOOK)
    trials = {trial.currency: trial for trial in ledger.trial_balance(BOOK)}
    assert (trials["USD"].debit, trials["USD"].difference.minor) == (usd(2000), 0)
    assert (trials["JPY"].credit, trials["JPY"].difference.minor) == (jpy(500), 0)


def test_a_post_is_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        sale("sale:opens its accounts")
    with django_assert_num_queries(1):  # type: ignore[operator]
        sale("sale:counted")


class TestSeveralAtOnce:
    def posts(self, *keys: str) -> list[ledger.Post]:
        lines = [(CLEARING, usd(100)), (pending(), usd(-100))]
        return [ledger.Post(key, EntryKind.SALE, lines, BOOK) for key in keys]

    def test_are_booked_in_one_statement(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            entries = ledger.post_all(self.posts("a", "b", "c"))
        assert [entry.idem_key for entry in entries] == ["a", "b", "c"]
        assert stands(AccountKind.CREATOR_PENDING) == 300

    def test_book_what_is_new_beside_what_was_booked(self) -> None:
        (first,) = ledger.post_all(self.posts("a"))
        again = ledger.post_all(self.posts("b", "a"))
        assert again[1] == first
        assert stands(AccountKind.CREATOR_PENDING) == 200

    def test_do_not_share_a_key(self) -> None:
        with pytest.raises(ledger.KeyReused):
            ledger.post_all(self.posts("a", "a"))

    def test_are_booked_all_or_none(self) -> None:
        ledger.post_all(self.posts("a"))
        other = ledger.Post("a", EntryKind.SALE, [(CLEARING, usd(5)), (REVENUE, usd(-5))], BOOK)
        with pytest.raises(ledger.KeyReused), transaction.atomic():
            ledger.post_all([*self.posts("b"), other])
        assert not LedgerEntry.objects.filter(idem_key="b").exists()


class TestPostgresItself:
    @pytest.mark.parametrize("table", ["ledgeraccount", "ledgerentry", "ledgerposting", "revenuerule"])
    @pytest.mark.parametrize("act", ["DELETE FROM payments_{}", "TRUNCATE payments_{} CASCADE"])
    def test_refuses_to_lose_a_row(self, table: str, act: str) -> None:
        sale()
        refused_at_commit()  # no trigger is left waiting, or TRUNCATE would be refused for that
        with pytest.raises(IntegrityError, match="append-only"):
            sql(act.format(table))

    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE payments_ledgerposting SET amount_minor = amount_minor * 2",
            "UPDATE payments_ledgerentry SET kind = 'fee'",
            "UPDATE payments_ledgeraccount SET owner_id = 5",
            "UPDATE payments_revenuerule SET platform_bps = 0",
        ],
    )
    def test_refuses_to_change_a_row(self, act: str) -> None:
        sale()
        with pytest.raises(IntegrityError, match="append-only"):
            sql(act)

    def test_refuses_a_posting_of_nothing(self) -> None:
        line = sale().postings.all()[0]
        with pytest.raises(IntegrityError, match="ledger_posting_not_zero"):
            sql(INSERT_LINE, line.entry_id, line.account_id, "USD", 0)

    def test_refuses_a_posting_in_another_currency_than_its_accounts(self) -> None:
        line = sale().postings.all()[0]
        with pytest.raises(IntegrityError, match="ledger_posting_currency_of_account"):
            sql(INSERT_LINE, line.entry_id, line.account_id, "EUR", 5)

    def test_refuses_a_posting_in_another_book_than_its_accounts(self) -> None:
        line = sale().postings.all()[0]
        lines = [(CLEARING, usd(5)), (REVENUE, usd(-5))]
        live = ledger.post("live", EntryKind.SALE, lines, book="live")
        with pytest.raises(IntegrityError, match="not of the book"):
            sql(INSERT_LINE, live.pk, line.account_id, "USD", 5)

    def test_refuses_a_lone_line_added_to_an_entry_after_an_early_check(self) -> None:
        entry = sale()
        refused_at_commit()
        with pytest.raises(IntegrityError, match="does not balance"):
            sql(INSERT_LINE, entry.pk, entry.postings.all()[0].account_id, "USD", 5)

    def test_refuses_an_entry_without_postings(self) -> None:
        with pytest.raises(IntegrityError, match="does not balance"):
            sql(
                "INSERT INTO payments_ledgerentry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)"
                " VALUES ('sandbox', 'k', 'h', 'sale', now(), now(), '{}')"
            )

    def test_keeps_the_balances_that_are_paid_out_and_no_others(self) -> None:
        sale(gross=400)
        make_available(300)
        assert [(b.account.kind, b.amount_minor) for b in LedgerBalance.objects.select_related("account")] == [
            ("creator_available", -300)
        ]

    def test_lets_savepoints_post(self) -> None:
        with transaction.atomic(), transaction.atomic():
            sale()
        refused_at_commit()


INSERT_LINE = (
    "INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor) VALUES (%s, %s, %s, %s)"
)


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_closed_when_its_transaction_is_over() -> None:
    entry = sale()
    clearing, revenue, _pending = entry.postings.order_by("pk")
    with pytest.raises(IntegrityError, match="is closed"):
        sql(INSERT_LINE, entry.pk, clearing.account_id, "USD", 5)
    assert revenue.entry.postings.count() == 3
