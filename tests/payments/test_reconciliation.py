"""Our books beside the provider's own list: what is whole is matched, what is not is a break with an age."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import finance, invariants, ledger, payouts, refunds, sweeps, taking, watch
from payments.gateway import GatewayUnknown
from payments.models import (
    AccountKind,
    BookCheck,
    EntryKind,
    LedgerBalance,
    LedgerEntry,
    Order,
    ProviderMatch,
    ProviderTransaction,
    ReconBreak,
    Refund,
)
from payments.models.reconciliation import NoteMissing
from payments.proof import seals
from payments.reconciliation import by_hand, running
from payments.sandbox import settlement
from payments.sandbox.models import SandboxFault, SandboxPayment, SandboxRefund, SandboxTransaction, SandboxTransfer
from tests import cast
from tests.courses.factories import make_course
from tests.payments import sales, shop, statements
from tests.payments.books import BOOK, CLEARING, REVENUE, usd
from tests.payments.test_disputes import decide, open_dispute
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db
Kind = ReconBreak.Kind


def breaks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, key in ReconBreak.objects.open().values_list("kind", "key"):
        found.setdefault(kind, []).append(key)
    return found


def compare(after: timedelta = timedelta(hours=2)) -> dict[str, list[str]]:
    """What does not fit, some time later."""
    clock.advance(after)
    running.run()
    return breaks()


def give_back(order: Order) -> None:
    refunds.refund(order, by=cast.fay(), reason="Asked")
    shop.send_refunds()


class TestWholeBooks:
    def test_have_no_break_and_every_movement_matched(self, lin, cole) -> None:
        courses = shop.two_courses()
        shop.buy(lin, courses)
        give_back(shop.buy(cole, courses))
        assert compare() == {}
        assert not ProviderTransaction.objects.unmatched(BOOK).exists()
        on_clearing = LedgerEntry.objects.filter(postings__account__kind="stripe_clearing").distinct().count()
        assert ProviderMatch.objects.count() == on_clearing

    def test_match_a_payout_with_its_transfer(self) -> None:
        ada = sales.creator_named("Ada")
        sales.sell(ada)
        sales.sell(sales.creator_named("Funder"))
        sales.ready_account(ada)
        sales.pass_hold()
        payouts.run(None)
        sales.submit_all()
        assert compare() == {}
        assert ProviderMatch.objects.filter(entry__kind="payout_sent").count() == 1

    def test_match_disputes_that_were_won_and_lost(self, lin, cole) -> None:
        courses = shop.two_courses()
        for buyer, outcome in ((lin, "win"), (cole, "lose")):
            decide(open_dispute(shop.buy(buyer, courses)), outcome)
        assert compare() == {}
        kinds = set(ProviderMatch.objects.values_list("entry__kind", flat=True))
        assert {"dispute_out", "dispute_fee", "dispute_back"} <= kinds

    def test_match_a_payout_that_came_back(self) -> None:
        ada = sales.creator_named("Ada")
        sales.sell(ada)
        sales.sell(sales.creator_named("Funder"))
        sales.ready_account(ada)
        sales.pass_hold()
        payouts.run(None)
        sales.submit_all()
        SandboxTransfer.objects.get().take_back(100, {})
        shop.deliver_all()
        assert compare() == {}
        assert ProviderMatch.objects.filter(entry__kind="payout_returned").count() == 1

    def test_compared_again_stay_as_they_are(self, lin) -> None:
        shop.buy(lin, shop.two_courses())
        compare()
        before = ProviderMatch.objects.count(), LedgerEntry.objects.count()
        assert compare() == {}
        assert (ProviderMatch.objects.count(), LedgerEntry.objects.count()) == before

    def test_that_are_large_are_compared_in_few_queries(self, django_assert_max_num_queries) -> None:
        ada = sales.creator_named("Ada")
        for _n in range(12):
            sales.sell(ada)
        clock.advance(timedelta(hours=2))
        with django_assert_max_num_queries(80):  # 24 of them the sandbox's own: it asks the clock for each row
            running.run()


class TestABreak:
    @pytest.fixture(autouse=True)
    def _a_sale(self, lin) -> None:
        self.order = shop.buy(lin, shop.two_courses())
        compare()

    def test_is_a_movement_that_nobody_booked(self) -> None:
        moved = SandboxTransaction.objects.move("refund", -500, "usd", "re_foreign")
        assert compare() == {Kind.UNBOOKED: [moved.pk], Kind.BALANCE: ["USD"]}
        assert ReconBreak.objects.get(kind=Kind.UNBOOKED).amount == usd(-500)

    def test_is_not_yet_one_while_our_own_event_may_be_on_its_way(self) -> None:
        SandboxTransaction.objects.move("refund", -500, "usd", "re_foreign")
        running.run()
        assert Kind.UNBOOKED not in breaks()

    def test_is_a_movement_of_a_kind_that_the_books_do_not_know(self) -> None:
        moved = SandboxTransaction.objects.move("climate_order_purchase", -7, "usd", "climorder_1")
        assert compare()[Kind.UNKNOWN_TYPE] == [moved.pk]

    def test_is_an_entry_that_the_provider_does_not_list(self) -> None:
        ledger.post("sale:ch_dream", EntryKind.SALE, [(CLEARING, usd(900)), (REVENUE, usd(-900))], book=BOOK)
        assert Kind.UNSEEN not in compare(timedelta(hours=40))
        assert compare(timedelta(hours=10))[Kind.UNSEEN] == ["sale:ch_dream"]

    def test_is_an_amount_that_differs(self) -> None:
        moved = SandboxTransaction.objects.move("charge", 901, "usd", "ch_other")
        ledger.post("sale:ch_other", EntryKind.SALE, [(CLEARING, usd(900)), (REVENUE, usd(-900))], book=BOOK)
        assert compare(timedelta(hours=60))[Kind.AMOUNT] == [moved.pk]
        assert ReconBreak.objects.get(kind=Kind.AMOUNT).amount == usd(1)
        assert Kind.UNSEEN not in breaks()

    def test_is_a_movement_that_the_provider_lists_otherwise_than_before(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        break_in("UPDATE payments_sandboxtransaction SET amount = 1, fee = 0, net = 1")
        assert Kind.CHANGED in compare()

    def test_ends_by_itself_when_a_later_run_finds_it_whole(self) -> None:
        moved = SandboxTransaction.objects.move("charge", 900, "usd", "ch_late")
        assert compare() == {Kind.UNBOOKED: [moved.pk], Kind.BALANCE: ["USD"]}
        first_found = ReconBreak.objects.get(kind=Kind.UNBOOKED).found_at
        assert compare()[Kind.UNBOOKED] == [moved.pk]
        assert ReconBreak.objects.get(kind=Kind.UNBOOKED).found_at == first_found
        ledger.post("sale:ch_late", EntryKind.SALE, [(CLEARING, usd(900)), (REVENUE, usd(-900))], book=BOOK)
        assert compare() == {}
        assert ReconBreak.objects.get(kind=Kind.UNBOOKED).resolved_at is not None

    def test_is_old_after_a_day(self) -> None:
        SandboxTransaction.objects.move("refund", -500, "usd", "re_foreign")
        compare()
        assert not ReconBreak.objects.old().exists()
        ReconBreak.objects.update(found_at=timezone.now() - timedelta(hours=25))
        assert {row.kind for row in ReconBreak.objects.old()} == {Kind.UNBOOKED, Kind.BALANCE}
        fay = cast.fay()
        for _night in range(2):
            compare()
        assert Mail.objects.filter(key__startswith="break-old:", to=fay.email).count() == 2

    def test_is_settled_by_finance_in_words(self) -> None:
        SandboxTransaction.objects.move("refund", -500, "usd", "re_foreign")
        compare()
        row = ReconBreak.objects.get(kind=Kind.UNBOOKED)
        with pytest.raises(NotAllowed):
            row.resolve(by=cast.sam(), note="It is nothing")
        with pytest.raises(NoteMissing):
            row.resolve(by=cast.fay(), note=" ")
        row.resolve(by=cast.fay(), note="Given back at the provider's desk")
        assert row.resolved_by == cast.fay()
        assert compare()[Kind.UNBOOKED], "what still stands is found again"

    def test_settles_nothing_while_the_provider_is_silent(self) -> None:
        SandboxTransaction.objects.move("refund", -500, "usd", "re_foreign")
        compare()
        SandboxFault.objects.plan("balance.retrieve", "500", 1)
        assert Kind.BALANCE in compare()


class TestWhatOnlyTheProviderTells:
    def test_its_own_fees_and_payouts_to_the_bank_are_booked_from_its_list(self, lin) -> None:
        shop.buy(lin, shop.two_courses())
        SandboxTransaction.objects.move("stripe_fee", -200, "usd", "")
        SandboxTransaction.objects.move("payout", -1000, "usd", "po_1")
        SandboxTransaction.objects.move("payout_failure", 1000, "usd", "po_1")
        SandboxTransaction.objects.move("payout", -900, "usd", "po_2")
        assert compare() == {}
        assert ledger.balance(AccountKind.BANK, None, "USD", BOOK) == usd(900)
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_a_fee_that_no_event_brought_is_swept_up(self) -> None:
        order = sales.sell(sales.creator_named("Ada"), fee=False)
        assert sweeps.late_fees() == 0  # an event may still bring it
        clock.advance(timedelta(minutes=31))
        assert sweeps.late_fees() == 1
        shop.work_off_inquiries()
        assert LedgerEntry.objects.get(kind="fee").meta["order"] == order.number
        assert sweeps.late_fees() == 0
        assert compare() == {}


class TestAnExchange:
    @pytest.fixture(autouse=True)
    def _settled_in_dollars(self, settings) -> None:
        settings.SANDBOX_SETTLEMENT = "EUR=USD@1.0831 JPY=USD@0.0067"

    def sell(self, currency: str, minor: int, buyer: object) -> Order:
        return shop.buy(buyer, [make_course(title=f"In {currency}", price=Money(minor, currency), lessons=1)])

    @pytest.mark.parametrize(("currency", "minor", "settled"), [("EUR", 1999, 2165), ("JPY", 4999, 3349)])
    def test_is_two_entries_and_clearing_is_what_the_provider_holds(self, lin, currency, minor, settled) -> None:
        order = self.sell(currency, minor, lin)
        assert order.state == "paid"
        assert LedgerEntry.objects.filter(kind="fx").count() == 2
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, currency, BOOK).minor == 0
        fee = ledger.balance(AccountKind.STRIPE_FEES, None, "USD", BOOK).minor
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", BOOK).minor == settled - fee
        assert ledger.balance(AccountKind.FX_CLEARING, None, currency, BOOK).minor == minor
        assert ledger.balance(AccountKind.FX_CLEARING, None, "USD", BOOK).minor == -settled
        assert compare() == {}
        assert all(not agreement.difference for agreement in finance.agreements(finance.books()))

    def test_of_a_refund_at_another_rate_is_booked_from_the_list(self, lin, settings) -> None:
        order = self.sell("EUR", 1999, lin)
        settings.SANDBOX_SETTLEMENT = "EUR=USD@1.1"
        give_back(order)
        assert compare() == {}
        assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "EUR", BOOK).minor == 0
        assert ledger.balance(AccountKind.FX_CLEARING, None, "EUR", BOOK).minor == 0
        # What the two rates differ by is what is left: 21.65 came in, 21.99 went out.
        assert ledger.balance(AccountKind.FX_CLEARING, None, "USD", BOOK).minor == 2199 - 2165
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_an_entry_never_has_two_currencies(self, lin) -> None:
        self.sell("EUR", 1999, lin)
        for entry in LedgerEntry.objects.prefetch_related("postings"):
            assert len({posting.currency for posting in entry.postings.all()}) == 1

    @pytest.mark.parametrize("wrong", ["EUR", "EUR=USD", "EUR=EUR@1", "EUR=XXX@1", "EUR=USD@-1", "EUR=USD@1,5"])
    def test_at_a_rate_that_is_none_is_refused(self, settings, wrong) -> None:
        settings.SANDBOX_SETTLEMENT = wrong
        with pytest.raises(ImproperlyConfigured):
            settlement.of("eur")


# Also in currencies that nothing is sold in, and in one that nobody knows.
WRONG = [{"amount": 1}, {"amount": 10**6}, *({"currency": code} for code in ("jpy", "eur", "aud", "chf", "xyz"))]


class TestWrongMoney:
    """W: the provider says another amount or currency than was asked for. Nothing changes, and somebody is told."""

    @pytest.mark.parametrize("change", WRONG)
    def test_changes_no_state_and_alerts(self, lin, fay, client, change) -> None:
        order = shop.start(lin, shop.two_courses())
        shop.pay(order)
        SandboxPayment.objects.update(**change)
        shop.deliver_all()
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.invoice_number, order.flagged_at is not None) == ("pending", None, True)
        assert not LedgerEntry.objects.exists()
        told = ReconBreak.objects.get(kind=Kind.EVENT)
        assert order.number in told.note
        assert Mail.objects.get(key=f"break:{told.pk}:{fay.pk}").to == fay.email
        assert 'kezhan_recon_breaks{kind="event"} 1.0' in client.get("/metrics").content.decode()
        compare()
        assert ReconBreak.objects.open().filter(kind=Kind.EVENT).exists(), "no run settles it, only a person"
        # The provider has money that nobody booked, which is what finance was told; our own books hold.
        assert not any(invariants.breaks().values())

    def test_if_nobody_compared_the_order_would_be_sold_for_it(self, lin, monkeypatch) -> None:
        """The control: it is by our own looking that the order stays unsold."""
        order = shop.start(lin, shop.two_courses())
        shop.pay(order)
        SandboxPayment.objects.update(amount=1)
        monkeypatch.setattr(taking, "_what_is_wrong", lambda *_looked_at: "")
        shop.deliver_all()
        order.refresh_from_db()
        assert order.state == "paid"
        assert LedgerEntry.objects.filter(kind="sale").exists()

    def test_of_a_refund_changes_no_state_and_alerts(self, lin) -> None:
        order = shop.buy(lin, shop.two_courses())
        row = refunds.refund(order, by=cast.fay(), reason="Asked")
        SandboxFault.objects.plan("refunds.create", "timeout_after", 1)
        with pytest.raises(GatewayUnknown):
            shop.send_refunds()
        SandboxRefund.objects.update(amount=1)
        Refund.objects.update(due_at=timezone.now() - timedelta(days=1))
        before = LedgerEntry.objects.count()
        shop.send_refunds()
        row.refresh_from_db()
        assert (row.state, LedgerEntry.objects.count()) == ("requested", before)
        assert ReconBreak.objects.get(kind=Kind.EVENT).key == SandboxRefund.objects.get().pk
        assert not any(invariants.breaks().values())


class TestWatching:
    def test_keeps_each_checks_last_result_for_the_metrics(self, lin, client) -> None:
        shop.buy(lin, shop.two_courses())
        assert not any(watch.check_hourly().values())
        assert not any(watch.check_nightly().values())
        BookCheck.objects.filter(name="I1").update(ran_at=timezone.now() - timedelta(hours=4))
        text = client.get("/metrics").content.decode()
        assert 'kezhan_ledger_breaks{check="I1"} 0.0' in text
        assert 'kezhan_ledger_breaks{check="rebuilt"} 0.0' in text
        assert 'kezhan_ledger_check_late{check="I1"} 1.0' in text
        assert 'kezhan_ledger_check_late{check="I2"} 0.0' in text

    def test_that_never_began_is_late_once_there_is_something_to_watch(self) -> None:
        assert not any(check.is_late for check in watch.standings())
        sales.sell(sales.creator_named("Ada"))
        assert not any(check.is_late for check in watch.standings())
        assert {c.name for c in watch.standings(timezone.now() + timedelta(hours=4)) if c.is_late} == {
            *invariants.INSIDE
        }
        assert all(check.is_late for check in watch.standings(timezone.now() + timedelta(hours=31)))

    def test_finds_a_kept_balance_that_is_not_the_sum_of_its_postings(self) -> None:
        ada = sales.creator_named("Ada")
        sales.sell(ada)
        sales.pass_hold()
        payouts.run(None)
        LedgerBalance.objects.update(amount_minor=7)
        found = watch.check_nightly()["rebuilt"]
        assert found
        assert all("reads 7" in sentence for sentence in found)
        assert BookCheck.objects.get(name="rebuilt").breaks == len(found)

    def test_says_when_no_day_was_sealed_for_long(self) -> None:
        assert watch.check_nightly()["seals"] == []


class TestByHand:
    @pytest.fixture
    def unbooked(self, lin) -> ReconBreak:
        shop.buy(lin, shop.two_courses())
        SandboxTransaction.objects.move("refund_failure", -500, "usd", "re_foreign")
        compare()
        return ReconBreak.objects.get(kind=Kind.UNBOOKED)

    def test_finance_books_what_is_missing_and_the_break_ends(self, unbooked, fay) -> None:
        by_hand.book(unbooked, AccountKind.BAD_DEBT, by=fay, note="The buyer's bank kept it")
        assert ledger.balance(AccountKind.BAD_DEBT, None, "USD", BOOK) == usd(500)
        assert compare() == {}
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_nobody_else_books_and_not_twice_nor_to_a_creators_account(self, unbooked, fay, sam) -> None:
        with pytest.raises(NotAllowed):
            by_hand.book(unbooked, AccountKind.BAD_DEBT, by=sam, note="Mine")
        with pytest.raises(NoteMissing):
            by_hand.book(unbooked, AccountKind.BAD_DEBT, by=fay, note="")
        for account in (AccountKind.CREATOR_AVAILABLE, "nothing"):
            with pytest.raises(by_hand.NotBookable):
                by_hand.book(unbooked, account, by=fay, note="Hers")
        by_hand.book(unbooked, AccountKind.BAD_DEBT, by=fay, note="Once")
        with pytest.raises(by_hand.NotBookable):
            by_hand.book(unbooked, AccountKind.BAD_DEBT, by=fay, note="Twice")

    def test_what_a_dispute_moved_may_be_booked_to_where_disputes_are_held(self, unbooked, fay) -> None:
        by_hand.book(unbooked, AccountKind.DISPUTE_HOLD, by=fay, note="Taken by a dispute that we have no order of")
        assert ledger.balance(AccountKind.DISPUTE_HOLD, None, "USD", BOOK) == usd(500)
        assert compare() == {}

    def test_the_page_shows_settles_and_books(self, unbooked, client, fay) -> None:
        client.force_login(fay)
        page = client.get("/finance/reconciliation/").content.decode()
        assert unbooked.key in page
        balance = ReconBreak.objects.get(kind=Kind.BALANCE)
        client.post(f"/finance/reconciliation/{balance.pk}/settle/", {"note": "The same thing"})
        client.post(f"/finance/reconciliation/{unbooked.pk}/settle/", {"note": ""})
        client.post(f"/finance/reconciliation/{unbooked.pk}/book/", {"account": "bad_debt", "note": "The bank kept it"})
        client.post("/finance/reconciliation/compare/")
        shop.work_off_inquiries()
        assert breaks() == {}
        assert "The bank kept it" in client.get("/finance/reconciliation/").content.decode()


def test_everybody_sees_the_seals_and_gets_the_files(client, lin) -> None:
    sales.sell(sales.creator_named("Ada"))
    assert "No day is sealed yet" in client.get("/ledger/seals/").content.decode()
    (seal,) = seals.seal_closed_days(BOOK, through=statements.today())
    assert seal.hash in client.get("/ledger/seals/").content.decode()
    assert seal.hash.encode() in b"".join(client.get("/ledger/seals.json").streaming_content)
    assert b"".join(client.get("/ledger/kezhan_verify.py").streaming_content) == statements.VERIFIER.read_bytes()


def test_a_creator_gets_her_own_statement(client, ada) -> None:
    creator = sales.creator_named("Ada")
    order = sales.sell(creator)
    client.force_login(creator.user)
    today = statements.today()
    told = b"".join(client.get(f"/studio/earnings/statement/{today.year}-{today.month}.json").streaming_content)
    assert order.number.encode() in told
    assert client.get("/studio/earnings/statement/2026-13.json").status_code == 404
