"""From a row of the trial balance to its accounts and their lines: what finance reads adds up to the row."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from creators.models import Creator
from marketplace.lib.money import Money
from payments import account_lines, ledger
from payments.models import AccountKind, AccountRef, EntryKind, LedgerAccount, LedgerPosting
from tests.payments.books import BOOK, CLEARING, REVENUE, usd
from tests.payments.sales import creator_named, sell
from tests.payments.test_coupon_pages import api_of

pytestmark = pytest.mark.django_db
PENDING = AccountKind.CREATOR_PENDING


@pytest.fixture
def of_fay(fay: Any) -> Client:
    client = Client()
    client.force_login(fay)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def account(kind: AccountKind, owner: Creator | None = None) -> LedgerAccount:
    return LedgerAccount.objects.standing().get(kind=kind, owner_id=owner and owner.pk, currency="USD")


def book_lines(count: int) -> None:
    for n in range(count):
        ledger.post(f"sale:ch_{n}", EntryKind.SALE, [(CLEARING, usd(n + 1)), (REVENUE, usd(-n - 1))], book=BOOK)


class TestPages:
    def test_lead_from_the_trial_balance_to_the_lines(self, of_fay: Client) -> None:
        ada = creator_named("Ada")
        order = sell(ada)
        assert f"/finance/accounts/{BOOK}/creator_pending/USD/" in text(of_fay, "/finance/")
        accounts = text(of_fay, f"/finance/accounts/{BOOK}/creator_pending/USD/")
        hers = f"/finance/accounts/{account(PENDING, ada).pk}/"
        assert hers in accounts
        assert "$15.00" in accounts
        lines = text(of_fay, hers)
        assert order.number in lines
        assert f"sale:{order.charge_id}" in lines
        assert "Money at the payment provider" in lines, "where the rest of the entry went"

    def test_lead_straight_to_the_lines_where_nobody_owns_the_account(self, of_fay: Client) -> None:
        sell(creator_named("Ada"))
        answer = of_fay.get(f"/finance/accounts/{BOOK}/stripe_clearing/USD/")
        assert answer.headers["Location"] == f"/finance/accounts/{account(AccountKind.STRIPE_CLEARING).pk}/"

    def test_of_what_is_no_account_are_not_found_or_empty(self, of_fay: Client) -> None:
        for path in ("live/creator/USD", "paper/creator_pending/USD", "sandbox/creator_pending/usd"):
            assert of_fay.get(f"/finance/accounts/{path}/").status_code in (200, 404)
        assert of_fay.get("/finance/accounts/sandbox/nothing/USD/").status_code == 404
        assert "no such account" in text(of_fay, "/finance/accounts/live/creator_pending/CHF/")
        assert of_fay.get("/finance/accounts/999999/").status_code == 404

    @pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "²", "1.5"])
    def test_with_what_is_no_number_begin_at_the_beginning(self, of_fay: Client, asked: str) -> None:
        sell(creator_named("Ada"))
        pk = account(AccountKind.STRIPE_CLEARING).pk
        assert "sale:" in text(of_fay, f"/finance/accounts/{pk}/?before={asked}")
        assert "Ada" in text(of_fay, f"/finance/accounts/{BOOK}/creator_pending/USD/?after={asked}")

    def test_are_for_finance(self, client: Client, sam: Any) -> None:
        client.force_login(sam)
        assert client.get(f"/finance/accounts/{BOOK}/creator_pending/USD/").status_code in (403, 404)


class TestPaging:
    def test_goes_through_every_line_once_and_they_add_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(account_lines, "ROWS", 4)
        book_lines(10)
        clearing = account(AccountKind.STRIPE_CLEARING)
        seen: list[Any] = []
        before: int | None = None
        while True:
            page = account_lines.lines(clearing, before)
            seen += page.rows
            before = page.more
            if before is None:
                break
        assert [line.posting.pk for line in seen] == sorted({line.posting.pk for line in seen}, reverse=True)
        assert len(seen) == 10
        assert Money.total((line.debit for line in seen), "USD") == usd(clearing.amount_minor)

    def test_goes_through_every_owner_once_and_they_add_up_to_the_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(account_lines, "ROWS", 2)
        for n in range(5):
            sell(creator_named(f"Ada{n}"))
        seen: list[Any] = []
        after: int | None = 0
        while after is not None:
            page = account_lines.accounts(BOOK, PENDING, "USD", after)
            seen += page.rows
            after = page.more
        assert len({row["owner"] for row in seen}) == len(seen) == 5
        trial = next(one for one in ledger.trial_balance(BOOK) if one.currency == "USD")
        of_kind = next(row for row in trial.rows if row.kind == PENDING)
        assert Money.total((row["balance"] for row in seen), "USD") == of_kind.credit - of_kind.debit

    def test_asks_the_same_for_a_full_page_as_for_a_short_one(self, of_fay: Client) -> None:
        book_lines(2)
        path = f"/finance/accounts/{account(AccountKind.STRIPE_CLEARING).pk}/"
        of_fay.get(path)
        with CaptureQueriesContext(connection) as short:
            of_fay.get(path)
        for n in range(60):
            ledger.post(f"fee:{n}", EntryKind.FEE, [(CLEARING, usd(-1)), (REVENUE, usd(1))], book=BOOK)
        with CaptureQueriesContext(connection) as full:
            of_fay.get(path)
        assert len(full) == len(short)

    def test_shows_the_first_of_an_entry_of_hundreds_of_lines(self, of_fay: Client) -> None:
        owners = [creator_named(f"Ada{n}") for n in range(12)]
        lines = [(AccountRef(PENDING, owner.pk), usd(-1)) for owner in owners]
        ledger.post("pool:1", EntryKind.POOL, [(CLEARING, usd(12)), *lines], book=BOOK)
        (line,) = account_lines.lines(account(AccountKind.STRIPE_CLEARING)).rows
        assert (len(line.others), line.has_more) == (account_lines.OTHERS, True)
        assert "and further lines" in text(of_fay, f"/finance/accounts/{account(AccountKind.STRIPE_CLEARING).pk}/")


class TestApi:
    def test_tells_accounts_and_lines(self, fay: Any) -> None:
        ada = creator_named("Ada")
        order = sell(ada)
        api = api_of(fay)
        asked = {"book": BOOK, "kind": "creator_pending", "currency": "USD"}
        (found,) = api.get("/api/v1/ledger/accounts/", asked).json()["results"]
        assert (found["owner"], found["balance"]) == (ada.pk, {"minor": "1500", "currency": "USD"})
        (line,) = api.get(f"/api/v1/ledger/accounts/{found['id']}/lines/").json()["results"]
        assert (line["key"], line["debit"]) == (f"sale:{order.charge_id}", None)
        assert line["credit"] == {"minor": "1500", "currency": "USD"}
        assert {"stripe_clearing", "platform_revenue"} <= {other["kind"] for other in line["others"]}

    @pytest.mark.parametrize("asked", [{"kind": "nothing"}, {"book": "\0"}, {"currency": "XYZ"}])
    def test_of_what_is_not_there_is_empty(self, fay: Any, asked: dict[str, str]) -> None:
        sell(creator_named("Ada"))
        assert api_of(fay).get("/api/v1/ledger/accounts/", asked).json()["results"] == []

    def test_is_for_finance(self, lin: Any) -> None:
        assert api_of(lin).get("/api/v1/ledger/accounts/").status_code == 403


def test_the_lines_of_a_kind_are_all_that_it_has() -> None:
    sell(creator_named("Ada"))
    of_kind = LedgerPosting.objects.filter(account__kind=PENDING)
    assert sum(row.amount_minor for row in of_kind) == account(PENDING, Creator.objects.get(name="Ada")).amount_minor
