"""Currencies that nothing is sold in, told by the provider: what is known is booked, what is not holds nothing up."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace.lib import clock
from marketplace.lib.money import InvalidAmount, Money, UnknownCurrency, as_told
from payments import disputes, finance, invariants, ledger, payout_returns, payouts, releases, watch
from payments.gateway import gateway
from payments.models import AccountKind, Dispute, EntryKind, LedgerEntry, Order, Payout, ReconBreak
from payments.models import ProviderTransaction as Listed
from payments.reconciliation import by_hand, importing, running
from payments.sandbox import desk as banks
from payments.sandbox import oracle
from payments.sandbox.models import (
    SandboxDispute,
    SandboxFault,
    SandboxRefund,
    SandboxSession,
    SandboxTransaction,
    SandboxTransfer,
)
from tests.courses.factories import make_course
from tests.payments import sales, shop
from tests.payments.books import BOOK, CLEARING, REVENUE
from tests.payments.test_coupon_pages import api_of
from tests.payments.test_disputes import decide, open_dispute
from tests.payments.test_invariants import break_in
from tests.payments.test_reconciliation import breaks, compare, give_back

pytestmark = pytest.mark.django_db
Kind = ReconBreak.Kind


@pytest.fixture
def order(lin) -> Order:
    return shop.buy(lin, shop.two_courses())


@pytest.fixture
def of_fay(fay) -> Client:
    client = Client()
    client.force_login(fay)
    return client


def move(amount: int, currency: str, type_: str = "topup", source: str = "tu_1") -> SandboxTransaction:
    return SandboxTransaction.objects.move(type_, amount, currency, source)


def tell_in(currency: str, **which: str) -> None:
    """The provider's record says another currency of these movements."""
    for pk in SandboxTransaction.objects.filter(**which).values_list("pk", flat=True):
        break_in(f"UPDATE payments_sandboxtransaction SET currency = '{currency}' WHERE id = '{pk}'")


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheBalance:
    @pytest.mark.parametrize(("currency", "is_written"), [("chf", "CHF0.00"), ("isk", "ISK0.00"), ("xyz", "0 units")])
    def test_with_nothing_in_a_foreign_currency_agrees(self, order, of_fay, currency, is_written) -> None:
        move(500, currency)
        move(-500, currency)
        for page in ("/finance/", "/finance/reconciliation/"):
            said = shown(of_fay, page)
            assert currency.upper() in said
            assert is_written in said
            assert "Off by" not in said

    @pytest.mark.parametrize(("currency", "is_written"), [("chf", "CHF5.00"), ("xyz", "500 units of XYZ")])
    def test_with_something_in_one_is_off_by_it(self, order, of_fay, fay, currency, is_written) -> None:
        move(500, currency)
        assert is_written in shown(of_fay, "/finance/")
        assert compare()[Kind.BALANCE] == [currency.upper()]
        assert is_written in shown(of_fay, "/finance/reconciliation/")
        told = api_of(fay).get("/api/v1/reconciliation/").json()["agreements"]
        assert {"minor": "500", "currency": currency.upper()} in [line["theirs"] for line in told]

    def test_is_shown_while_the_provider_does_not_answer(self, order, of_fay) -> None:
        ledger.post("sale:x", EntryKind.SALE, [(CLEARING, Money(9, "CHF")), (REVENUE, Money(-9, "CHF"))], book=BOOK)
        SandboxFault.objects.plan("balance.retrieve", "timeout_before")
        assert "CHF0.09" in shown(of_fay, "/finance/")


class TestTheList:
    def test_with_one_unknown_line_between_two_good_ones_is_taken_in_without_it(self, order) -> None:
        move(-200, "usd", "stripe_fee", "")
        unknown = move(500, "xyz")
        move(-300, "usd", "stripe_fee", "")
        found = compare()
        assert found == {Kind.UNKNOWN_CURRENCY: [unknown.pk], Kind.BALANCE: ["XYZ"]}
        assert Listed.objects.filter(type="stripe_fee").count() == 2
        assert LedgerEntry.objects.filter(kind="fee").count() == 3, "the sale's own, and the two"
        told = ReconBreak.objects.get(kind=Kind.UNKNOWN_CURRENCY)
        assert "500 units of XYZ" in told.note
        assert told.amount is None

    def test_asks_again_for_what_it_could_not_read_until_it_can(self, order, fay) -> None:
        unknown = move(500, "xyz")
        move(-200, "usd", "stripe_fee", "")
        compare()
        clock.advance(timedelta(days=9))  # far behind what is listed with the overlap
        move(-1, "usd", "stripe_fee", "")
        compare()
        compare(timedelta(days=4))
        assert breaks()[Kind.UNKNOWN_CURRENCY] == [unknown.pk]
        tell_in("chf", pk=unknown.pk)  # as a later version reads it
        assert compare() == {Kind.UNBOOKED: [unknown.pk], Kind.BALANCE: ["CHF"]}
        by_hand.book(ReconBreak.objects.get(kind=Kind.UNBOOKED), AccountKind.BANK, by=fay, note="We topped it up")
        assert compare() == {}
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "CHF", BOOK) == Money(500, "CHF")
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_leaves_to_finance_what_the_provider_does_not_know_any_more(self, order, fay, of_fay) -> None:
        unknown = move(500, "xyz")
        compare()
        break_in(f"DELETE FROM payments_sandboxtransaction WHERE id = '{unknown.pk}'")
        assert compare() == {Kind.UNKNOWN_CURRENCY: [unknown.pk]}
        assert "Comparisons ask for it again" in shown(of_fay, "/finance/reconciliation/")
        ReconBreak.objects.open().get().resolve(by=fay, note="It was the provider's mistake")
        assert compare() == {}

    def test_stays_settled_when_a_person_has_settled_it_while_it_is_listed(self, order, fay) -> None:
        unknown, other = move(500, "xyz"), move(300, "xyz")
        compare()
        ReconBreak.objects.get(key=unknown.pk).resolve(by=fay, note="It was the provider's mistake")
        assert compare()[Kind.UNKNOWN_CURRENCY] == [other.pk]
        assert ReconBreak.objects.filter(key=unknown.pk).count() == 1

    def test_asks_about_those_first_that_were_asked_about_longest_ago(self, order, monkeypatch) -> None:
        monkeypatch.setattr(importing, "ASKED_AGAIN", 2)
        for n in range(3):
            move(100 + n, "xyz")
        compare()
        unknown = ReconBreak.objects.filter(kind=Kind.UNKNOWN_CURRENCY).order_by("pk").values_list("key", flat=True)
        first, second, third = unknown
        clock.advance(timedelta(days=9))  # behind what is listed with the overlap
        move(-1, "usd", "stripe_fee", "")
        compare()
        asked = []
        for _run in range(3):
            before = dict(ReconBreak.objects.values_list("key", "asked_at"))
            compare()
            after = dict(ReconBreak.objects.values_list("key", "asked_at"))
            asked.append({key for key in after if after[key] != before[key]})
        assert asked == [{first, second}, {third, first}, {second, first}]

    def test_of_which_the_provider_says_nothing_holds_up_no_comparison(self, order) -> None:
        unknown = move(500, "xyz")
        compare()
        clock.advance(timedelta(days=9))  # behind what is listed with the overlap
        move(-1, "usd", "stripe_fee", "")
        compare()
        SandboxFault.objects.plan("balance_transactions.retrieve", "500", 1)
        assert compare()[Kind.UNKNOWN_CURRENCY] == [unknown.pk]
        assert not SandboxFault.objects.planned().exists()

    def test_is_not_asked_one_by_one_where_everything_is_known(self, order) -> None:
        """The control: no question beside the list's."""
        SandboxFault.objects.plan("balance_transactions.retrieve", "500", 1)
        importing.take_in()
        assert SandboxFault.objects.planned().exists()


@pytest.mark.parametrize("currency", ["aud", "chf", "xyz"])
class TestADispute:
    def test_in_another_currency_is_a_case_with_its_deadline(self, order, of_fay, fay, currency) -> None:
        banks.on_charge(order.charge_id, "dispute")
        SandboxDispute.objects.update(currency=currency)
        shop.deliver_all()
        case = Dispute.objects.get()
        assert (case.is_answerable, case.held.minor, case.currency) == (True, 0, currency.upper())
        assert case.evidence_due_at == gateway().retrieve_dispute(case.provider_dispute_id).due_at
        said = shown(of_fay, case.get_absolute_url())
        assert 'id="misfit"' in said
        assert case.amount.format("en") in said
        assert order.number in shown(of_fay, "/finance/disputes/?show=due")
        assert api_of(fay).get("/api/v1/disputes/").json()["results"][0]["amount"] == case.amount.as_json()
        sales.pass_hold()
        assert releases.release_due() == 0

    def test_ends_when_the_bank_has_decided_and_finance_has_settled_it(self, order, of_fay, fay, currency) -> None:
        banks.on_charge(order.charge_id, "dispute")
        SandboxDispute.objects.update(currency=currency)
        shop.deliver_all()
        case = decide(Dispute.objects.get(), "win")
        assert disputes.take(case.provider_dispute_id).is_open
        disputes.misfit(case).resolve(by=fay, note="Nothing was kept")
        assert not disputes.take(case.provider_dispute_id).is_open
        assert 'id="misfit"' not in shown(of_fay, case.get_absolute_url())


def test_a_dispute_whose_money_moved_in_a_currency_that_nobody_knows_waits_for_finance(order, of_fay) -> None:
    banks.on_charge(order.charge_id, "dispute")
    tell_in("xyz", type="adjustment")
    shop.deliver_all()
    case = Dispute.objects.get()
    assert (case.is_answerable, case.held.minor) == (True, 0)
    assert "not known here" in disputes.misfit(case).note
    assert not LedgerEntry.objects.filter(kind="dispute_out").exists()
    assert Kind.UNKNOWN_CURRENCY in compare()


@pytest.mark.parametrize("currency", ["aud", "xyz"])
class TestEvents:
    def test_of_a_page_in_another_currency_sell_nothing_and_alert(self, lin, currency) -> None:
        order = shop.start(lin, shop.two_courses())
        shop.pay(order)
        SandboxSession.objects.update(currency=currency)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.flagged_at is not None) == ("pending", True)
        assert ReconBreak.objects.open().filter(kind=Kind.EVENT).exists()
        assert not LedgerEntry.objects.exists()

    def test_of_a_refund_in_another_currency_take_nothing_back_and_alert(self, order, currency) -> None:
        banks.on_charge(order.charge_id, "refund", amount=1999)
        SandboxRefund.objects.update(currency=currency)
        shop.deliver_all()
        order.refresh_from_db()
        assert "fits no item" in order.flag_reason
        assert not order.refunds.exists(), "1,999 of another currency are not the price of a course"
        assert ReconBreak.objects.open().get(kind=Kind.EVENT).key == SandboxRefund.objects.get().pk

    def test_of_a_transfer_in_another_currency_book_nothing_and_flag(self, currency) -> None:
        ada = sales.creator_named("Ada")
        sales.sell(ada)
        sales.sell(sales.creator_named("Funder"))
        sales.ready_account(ada)
        sales.pass_hold()
        payouts.run(None)
        sales.submit_all()
        SandboxTransfer.objects.get().take_back(500, {})
        SandboxTransfer.objects.update(currency=currency)
        payout_returns.take_transfer(SandboxTransfer.objects.get().pk)
        payout = Payout.objects.get()
        assert currency.upper() in payout.flag_reason
        assert payout.returned_minor == 0


def test_a_charge_that_settles_in_a_currency_that_nobody_knows_is_a_sale_all_the_same(lin) -> None:
    order = shop.start(lin, shop.two_courses())
    shop.pay(order)
    tell_in("xyz", type="charge")
    shop.deliver_all()
    order.refresh_from_db()
    assert order.state == "paid"
    assert not LedgerEntry.objects.filter(kind="fee").exists(), "what is not known is not booked"
    assert Kind.UNKNOWN_CURRENCY in compare()


class TestSettlementInFrancs:
    """A platform whose account is Swiss sells in dollars and yen: from the sale to the closed books."""

    @pytest.fixture(autouse=True)
    def _settled_in_francs(self, settings) -> None:
        settings.SANDBOX_SETTLEMENT = "USD=CHF@0.88 JPY=CHF@0.0059"

    def test_is_booked_matched_and_shown(self, lin, cole, of_fay, fay) -> None:
        courses = shop.two_courses()
        kept = shop.buy(lin, courses)
        give_back(shop.buy(cole, courses))
        shop.buy(cole, [make_course(title="In yen", price=Money(4999, "JPY"), lessons=1)])
        decide(open_dispute(kept), "lose")
        assert compare() == {}
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", BOOK).minor == 0
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "JPY", BOOK).minor == 0
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "CHF", BOOK).minor == oracle.balance()["CHF"]
        assert not any(invariants.breaks(ask_provider=True).values())
        assert not any(watch.check_hourly().values())
        assert not any(watch.check_nightly().values())
        assert all(not agreement.difference for agreement in finance.agreements(finance.books()))
        for page in ("/finance/", "/finance/reconciliation/", "/finance/months/", "/sandbox/"):
            shown(of_fay, page)
        assert "CHF" in shown(of_fay, "/finance/")
        totals = api_of(fay).get("/api/v1/ledger/trial-balance/").json()["totals"]
        assert {"CHF", "USD", "JPY"} <= {total["currency"] for total in totals}


class TestTheLedger:
    def test_takes_every_currency_that_is_known_and_none_that_is_not(self) -> None:
        for currency, amount in (("ISK", Money(1234, "ISK")), ("MGA", Money(3, "MGA"))):
            ledger.post(f"fee:{currency}", EntryKind.FEE, [(CLEARING, amount), (REVENUE, -amount)], book=BOOK)
        unread = as_told(7, "xyz")
        with pytest.raises(UnknownCurrency):
            ledger.post("fee:x", EntryKind.FEE, [(CLEARING, unread), (REVENUE, -unread)], book=BOOK)
        assert LedgerEntry.objects.count() == 2

    def test_and_nothing_is_sold_in_one_of_them(self, fay) -> None:
        course = make_course(title="In francs", lessons=1)
        asked = {"amount": {"minor": "1999", "currency": "CHF"}}
        answer = api_of(course.creator.user).post(f"/api/v1/studio/courses/{course.slug}/price/", asked, format="json")
        assert answer.status_code == 400
        course.refresh_from_db()
        assert course.currency == "USD"


def test_what_is_not_known_is_a_refusal_of_our_own() -> None:
    assert issubclass(UnknownCurrency, InvalidAmount)
    assert UnknownCurrency("XYZ").as_problem()["code"] == "unknown_currency"


def test_a_run_finds_the_same_again(order) -> None:
    move(500, "xyz")
    compare()
    first = ReconBreak.objects.get(kind=Kind.UNKNOWN_CURRENCY)
    running.run()
    assert ReconBreak.objects.get(kind=Kind.UNKNOWN_CURRENCY) == first
