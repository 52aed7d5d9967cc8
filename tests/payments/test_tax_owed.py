"""Tax by country: what was taken, given back and paid to offices is what the books say, in each month as in all."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import AuditEvent, User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money
from payments import checkout, invariants, ledger, refunds
from payments.models import AccountKind, Billing, LedgerEntry, Order, TaxPayment, TaxRate
from payments.models.tax_payment import ReferenceTaken
from payments.tax import desk, owed, papers, paying, periods
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.books import BOOK, usd
from tests.payments.ended import booked_on
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db
PRICE, TAX = usd(11900), usd(1900)
GERMAN, IRISH = Billing(country="DE"), Billing(country="IE")


@pytest.fixture(autouse=True)
def _rates(settings: Any, fay: User) -> None:
    settings.KEZHAN_TAX, settings.KEZHAN_SELLER_COUNTRY = "table", "IE"
    for country, bps in [("DE", 1900), ("IE", 2300)]:
        TaxRate.objects.introduce(country, name="VAT", bps=bps, by=fay, reason="the law")


def buy(buyer: User, billing: Billing, price: Money = PRICE) -> Order:
    order = checkout.start(buyer=buyer, courses=[make_course(price=price, lessons=1)], billing=billing)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def pay(fay: User, amount: Money = TAX, **changed: Any) -> TaxPayment:
    told = {"country": "DE", "period": "2026-Q1", "reference": "DE-1", "paid_on": clock.now().date(), **changed}
    return paying.note(amount, by=fay, **told)


def account(currency: str = "USD") -> int:
    return ledger.balance(AccountKind.TAX_PAYABLE, None, currency, BOOK).minor


def lines(name: str = "") -> dict[tuple[str, str], tuple[int, ...]]:
    names = ("opening", "collected", "given_back", "paid", "closing", "due")
    return {
        (line.country, line.currency): tuple(getattr(line, one).minor for one in names)
        for line in desk.view(name).lines
    }


def all_is_well() -> bool:
    return not any(invariants.breaks().values())


class TestOwed:
    def test_each_country_has_its_own_and_they_sum_to_the_account(self, lin: User) -> None:
        buy(lin, GERMAN)
        buy(lin, IRISH)
        buy(lin, GERMAN, Money(2000, "JPY"))
        this = periods.quarter_of(clock.now().date()).name
        assert lines(this) == {
            ("DE", "USD"): (0, 1900, 0, 0, 1900, 1900),
            ("IE", "USD"): (0, 2225, 0, 0, 2225, 2225),
            ("DE", "JPY"): (0, 319, 0, 0, 319, 319),
        }
        assert {one.currency: one.closing.minor for one in desk.view(this).sums} == {"JPY": 319, "USD": 4125}
        assert (account("JPY"), account()) == (319, 4125)

    def test_what_refunds_and_lost_disputes_give_back_is_owed_no_longer(self, lin: User, fay: User) -> None:
        refunds.refund(buy(lin, GERMAN), by=fay, reason="asked")
        shop.send_refunds()
        this = f"{clock.now():%Y-%m}"
        assert lines(this) == {("DE", "USD"): (0, 1900, 1900, 0, 0, 0)}
        assert owed.now("DE", "USD") == usd(0)

    def test_a_month_begins_with_what_the_one_before_ended_with(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        booked_on(LedgerEntry.objects.get(kind="sale"), datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
        second = buy(lin, GERMAN, usd(5950))
        booked_on(LedgerEntry.objects.get(meta__order=second.number, kind="sale"), datetime(2026, 4, 1, tzinfo=UTC))
        pay(fay, usd(1000))
        assert lines("2026-03") == {("DE", "USD"): (0, 1900, 0, 0, 1900, 900)}
        assert lines("2026-Q1") == {("DE", "USD"): (0, 1900, 0, 0, 1900, 900)}
        assert lines("2026-Q2") == {("DE", "USD"): (1900, 950, 0, 0, 2850, 1850)}
        assert lines("2026-02") == {}
        assert lines("2026")[("DE", "USD")][:3] == (0, 2850, 0)

    @pytest.mark.parametrize("name", ["2026-13", "2026-Q5", "26", "2026-Q", "²026", "2026-1", "x" * 90])
    def test_a_period_that_is_none_is_not_found(self, name: str) -> None:
        with pytest.raises(periods.NoSuchPeriod):
            desk.view(name)


class TestAPayment:
    def test_is_an_entry_with_who_and_what_for(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        row = pay(fay, usd(1500))
        assert (row.owed_minor, row.paid_by, row.place) == (1900, fay, "Germany")
        assert (account(), owed.now("DE", "USD")) == (400, usd(400))
        assert ledger.balance(AccountKind.BANK, None, "USD", BOOK) == usd(-1500)
        assert (row.entry.kind, row.entry.meta["reference"]) == ("tax_paid", "DE-1")
        assert AuditEvent.objects.get(verb="tax.note_payment").facts["amount"] == "15.00 USD"
        assert all_is_well()

    def test_of_more_than_is_owed_says_why(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        buy(lin, IRISH)
        with pytest.raises(paying.MoreThanOwed):
            pay(fay, usd(1901))  # what Ireland is owed is not Germany's
        with pytest.raises(paying.MoreThanOwed):
            pay(fay, Money(1, "EUR"))
        row = pay(fay, usd(2000), reason="An advance that the office asks for")
        assert (row.owed_minor, owed.now("DE", "USD").minor) == (1900, -100)
        assert all_is_well()

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"amount": usd(0)}, paying.NothingPaid),
            ({"amount": usd(-5)}, paying.NothingPaid),
            ({"reference": " "}, paying.ReferenceMissing),
            ({"period": "2026-Q7"}, periods.NoSuchPeriod),
            ({"paid_on": datetime(2099, 1, 1, tzinfo=UTC).date()}, paying.NotYetPaid),
        ],
    )
    def test_that_is_none_is_refused(self, lin: User, fay: User, changed: Any, refusal: type[DomainError]) -> None:
        buy(lin, GERMAN)
        with pytest.raises(refusal):
            pay(fay, **changed)
        assert not TaxPayment.objects.exists()

    def test_is_of_today_where_it_is_a_day_later_than_by_utc(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        in_shanghai = (clock.now() + timedelta(hours=8)).date()
        assert pay(fay, paid_on=in_shanghai).paid_on == in_shanghai
        with pytest.raises(paying.NotYetPaid):
            pay(fay, reference="DE-2", paid_on=(clock.now() + timedelta(days=2)).date())

    def test_is_noted_once_by_finance(self, lin: User, fay: User, sam: User) -> None:
        buy(lin, GERMAN)
        with pytest.raises(NotAllowed):
            pay(sam)
        pay(fay, usd(100))
        with pytest.raises(ReferenceTaken):
            pay(fay, usd(100))
        assert owed.now("DE", "USD") == usd(1800)

    def test_that_came_back_is_a_second_row_with_a_reason(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        pay(fay, usd(1900))
        with pytest.raises(paying.WhyMissing):
            pay(fay, usd(300), reference="DE-2", is_back=True)
        with pytest.raises(paying.MoreThanPaid):
            pay(fay, usd(1901), reference="DE-2", is_back=True, reason="It was Austria's")
        row = pay(fay, usd(300), reference="DE-2", is_back=True, reason="It was Austria's")
        assert (row.amount, owed.now("DE", "USD"), account()) == (usd(-300), usd(300), 300)
        assert all_is_well()

    def test_cannot_be_changed_nor_written_without_its_reason(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        row = pay(fay)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            TaxPayment.objects.update(amount_minor=1)
        with pytest.raises(DatabaseError, match="tax_payment_says_why"), transaction.atomic():
            TaxPayment.objects.create(
                entry=row.entry, book=BOOK, currency="USD", amount_minor=5, owed_minor=4, country="DE", reference="x",
                period="2026", paid_by=fay, paid_on=row.paid_on, paid_at=row.paid_at,
            )  # fmt: skip


class TestTheCheck:
    def test_names_a_payment_whose_row_says_something_else(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        pay(fay)
        break_in("UPDATE payments_taxpayment SET amount_minor = 7, owed_minor = 7")
        (said,) = invariants.breaks()["tax"]
        assert "moved 1900 USD of tax, its payment says 7 USD" in said

    def test_names_tax_of_no_order(self, lin: User) -> None:
        buy(lin, GERMAN)
        break_in("UPDATE payments_ledgerentry SET meta = '{}' WHERE kind = 'sale'")
        assert "moved tax of no order" in str(invariants.breaks()["tax"])


def api(fay: User) -> Client:
    client = Client()
    client.force_login(fay)
    return client


class TestPageAndApi:
    def test_finance_sees_it_and_notes_a_payment(self, lin: User, fay: User, client: Client) -> None:
        buy(lin, GERMAN)
        client.force_login(fay)
        this = periods.quarter_of(clock.now().date()).name
        page = client.get("/finance/tax/owed/", {"period": this}).content.decode()
        assert "Germany" in page
        assert "$19.00" in page
        told = {"country": "DE", "currency": "USD", "amount": "19.00", "period": this, "reference": "K 7",
                "paid_on": f"{clock.now():%Y-%m-%d}"}  # fmt: skip
        assert client.post("/finance/tax/payments/", {**told, "amount": "19,00"}).status_code == 422
        assert client.post("/finance/tax/payments/", {**told, "amount": "19.01"}).status_code == 409
        mistyped = client.post("/finance/tax/payments/", {**told, "period": "Q4 2026"})
        assert mistyped.status_code == 422
        assert "K 7" in mistyped.content.decode()
        assert "There is no such period." in mistyped.content.decode()
        assert client.post("/finance/tax/payments/", told).status_code == 302
        assert "K 7" in client.get("/finance/tax/owed/").content.decode()
        assert client.get("/finance/tax/owed/?period=2026-Q9").status_code == 404

    def test_the_file_has_each_month_and_what_was_paid(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        pay(fay, reference="=1+1")
        rows = list(csv.DictReader("".join(papers.csv_lines(periods.named(f"{clock.now():%Y}"))).splitlines()))
        month, payment = rows
        told = [month[name] for name in ("country", "collected", "paid", "closing")]
        assert told == ["DE", "19.00", "19.00", "0.00"]
        assert (payment["row"], payment["paid"], payment["reference"]) == ("payment", "19.00", "'=1+1")

    def test_over_the_api(self, lin: User, fay: User) -> None:
        buy(lin, GERMAN)
        client, this = api(fay), f"{clock.now():%Y-%m}"
        said = client.get("/api/v1/tax-owed/", {"period": this}).json()
        assert said["lines"][0]["due"] == {"minor": "1900", "currency": "USD"}
        assert said["sums"][0]["closing"]["minor"] == "1900"
        told = {"country": "DE", "amount": {"minor": "2000", "currency": "USD"}, "period": this, "reference": "A",
                "paid_on": f"{clock.now():%Y-%m-%d}"}  # fmt: skip
        address = "/api/v1/tax-payments/"
        refused = client.post(address, told, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, "more_tax_than_owed")
        told["amount"] = {"minor": "1900", "currency": "USD"}
        mistyped = client.post(address, {**told, "period": "2026-13"}, content_type="application/json")
        assert (mistyped.status_code, list(mistyped.json()["errors"])) == (400, ["period"])
        assert client.post(address, told, content_type="application/json").status_code == 201
        assert client.get(address).json()["results"][0]["owed"]["minor"] == "1900"
        text = b"".join(client.get("/api/v1/tax-owed.csv", {"period": this}).streaming_content)
        assert text.startswith(b"row,month")

    def test_the_latest_quarter_that_ended_is_shown_first(self, lin: User) -> None:
        buy(lin, GERMAN)
        assert periods.latest(BOOK) == periods.quarter_of(periods.months.present())
        clock.advance(timedelta(days=1))
        booked_on(LedgerEntry.objects.get(kind="sale"), datetime(2026, 1, 5, tzinfo=UTC))
        ended = periods.latest(BOOK)
        assert ended.last < periods.months.present()
        assert ended in periods.known(BOOK)
