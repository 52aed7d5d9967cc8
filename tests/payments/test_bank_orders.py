"""Payouts by bank order: whose details, which file, and what became of each order, said by a second person."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from payments import bank_accounts, bank_files, bank_orders, invariants, payouts, transfers
from payments.bank_accounts import BankDetailsDecided, PaidByProvider
from payments.bank_numbers import account_number, bank_code
from payments.bank_orders import NothingToOrder, OrderAnswered, OwnFile
from payments.models import (
    AccountKind,
    BankDetails,
    BankFile,
    BankOrder,
    Payout,
    PayoutAccount,
    PayoutRun,
    PayoutSkip,
    PayoutStop,
)
from payments.sandbox import oracle
from tests import cast
from tests.payments.books import stands
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db
NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
VALUES = {
    "holder": "Mei Chen", "number": "6222021234567890", "bank_code": "ICBKCNBJ", "bank_name": "ICBC Beijing",
    "country": "CN",
}  # fmt: skip


@pytest.fixture
def gil(db: None) -> User:
    """The other person of finance."""
    return cast.person("Gil", role="finance")


@pytest.fixture
def mei(db: None) -> Creator:
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    return mei


def ready_bank(creator: Creator, fay: User, **changes: str) -> BankDetails:
    details = bank_accounts.give(creator, by=creator.user, values={**VALUES, **changes})
    bank_accounts.confirm(details, by=fay)
    return details


@pytest.fixture
def ordered(mei: Creator, fay: User) -> BankOrder:
    """A payout of 15.00 USD to Mei that stands in a file by Fay."""
    sell(mei)
    ready_bank(mei, fay)
    pass_hold()
    run = payouts.run(None)
    bank_orders.make_file(run, "USD", by=fay)
    return BankOrder.objects.get()


def of_mei(kind: AccountKind) -> int:
    return stands(kind, creator_named("Mei").pk)


class TestDetails:
    def test_are_paid_to_when_finance_has_confirmed_them(self, mei: Creator, fay: User) -> None:
        details = bank_accounts.give(mei, by=mei.user, values=VALUES)
        account = PayoutAccount.objects.get()
        assert (account.rail, account.state) == ("manual_bank_file", "pending")
        bank_accounts.confirm(details, by=fay)
        account.refresh_from_db()
        assert (account.state, account.provider_account_id) == ("active", f"bank_{details.pk}")
        assert account.rests_until is None

    def test_are_told_to_the_creator_and_to_finance(self, mei: Creator, fay: User) -> None:
        ready_bank(mei, fay)
        keys = set(Mail.objects.values_list("key", "to"))
        assert {to for key, to in keys if key.startswith("bank-")} == {mei.user.email, fay.email}
        assert not Mail.objects.filter(text__contains=VALUES["number"]).exists()

    def test_refused_are_not_paid_to_and_say_why(self, mei: Creator, fay: User) -> None:
        details = bank_accounts.give(mei, by=mei.user, values=VALUES)
        bank_accounts.refuse(details, by=fay, reason="another holder")
        assert "another holder" in Mail.objects.get(key=f"bank-decided:{details.pk}").text
        sell(mei)
        pass_hold()
        payouts.run(None)
        assert PayoutSkip.objects.get().reason == "payout_account_pending"
        with pytest.raises(BankDetailsDecided):
            bank_accounts.confirm(details, by=fay)

    def test_changed_rest_for_three_days_and_what_is_under_way_keeps_the_old_ones(
        self, ordered: BankOrder, mei: Creator, fay: User
    ) -> None:
        ready_bank(mei, fay, number="6222029999999999")
        sell(mei)
        pass_hold()
        account = PayoutAccount.objects.get()
        account.rests_until = clock.now() + timedelta(hours=1)
        PayoutAccount.objects.filter(pk=account.pk).update(rests_until=account.rests_until)
        payouts.run(None)
        skip = PayoutSkip.objects.get()
        assert skip.reason == "payout_account_changed"
        assert "In case that was not you, $15.00 waits until" in skip.words
        assert VALUES["number"] in bank_files.as_csv(ordered.file)
        clock.advance(timedelta(hours=72))
        assert payouts.run(None).payouts.get().bank_details_id == account.bank_details.latest("pk").pk

    def test_rest_from_the_hour_they_were_given(self, mei: Creator, fay: User) -> None:
        ready_bank(mei, fay)
        second = ready_bank(mei, fay)
        assert PayoutAccount.objects.get().rests_until == second.given_at + timedelta(hours=72)

    def test_are_not_wanted_where_the_provider_pays(self) -> None:
        ada = creator_named("Ada")
        with pytest.raises(PaidByProvider):
            bank_accounts.give(ada, by=ada.user, values=VALUES)
        ready_account(ada)
        ada.edit({"country": "CN"})
        assert not bank_accounts.may_give(ada)

    def test_are_given_by_the_creator_and_decided_by_finance(self, mei: Creator, fay: User, cole: User) -> None:
        with pytest.raises(NotAllowed):
            bank_accounts.give(mei, by=fay, values=VALUES)
        details = bank_accounts.give(mei, by=mei.user, values=VALUES)
        cast.give_role(mei.user, "finance")
        for person in (cole, mei.user):
            with pytest.raises(NotAllowed):
                bank_accounts.confirm(details, by=person)

    @pytest.mark.parametrize("number", ["DE89 3704 0044 0532 0130 00", "gb29nwbk60161331926819", "6222-0212-3456"])
    def test_take_good_numbers(self, number: str) -> None:
        assert account_number(number).isalnum()

    @pytest.mark.parametrize(
        ("check", "text"),
        [(account_number, "DE89370400440532013001"), (account_number, "12"), (account_number, "１２３４５６"),
         (account_number, "=1+2+3+4"), (bank_code, "ABC"), (bank_code, "DEUTDEFF5")],
    )  # fmt: skip
    def test_refuse_what_is_none(self, check: Callable[[str], str], text: str) -> None:
        with pytest.raises(ValidationError):
            check(text)


class TestFile:
    def test_holds_each_order_once_and_makes_them_in_transit(self, ordered: BankOrder, fay: User) -> None:
        assert Payout.objects.get().state == "submitting"
        rows = list(csv.DictReader(io.StringIO(bank_files.as_csv(ordered.file))))
        assert [(row["holder"], row["account"], row["amount"], row["currency"]) for row in rows] == [
            ("Mei Chen", "6222021234567890", "15.00", "USD")
        ]
        with pytest.raises(NothingToOrder):
            bank_orders.make_file(ordered.file.run, "USD", by=fay)

    def test_speaks_iso_20022(self, ordered: BankOrder) -> None:
        root = fromstring(bank_files.as_pain001(ordered.file))
        amount = root.find(f".//{NAMESPACE}InstdAmt")
        assert amount is not None
        assert (amount.text, amount.get("Ccy")) == ("15.00", "USD")
        assert root.findtext(f".//{NAMESPACE}EndToEndId") == ordered.payout.token
        assert root.findtext(f".//{NAMESPACE}CtrlSum") == "15.00"
        assert root.findtext(f".//{NAMESPACE}BICFI") == "ICBKCNBJ"

    def test_gives_a_spreadsheet_no_formula(self, ordered: BankOrder) -> None:
        BankDetails.objects.update(holder="=HYPERLINK(1)")
        assert ",'=HYPERLINK(1)," in bank_files.as_csv(ordered.file)

    def test_leaves_out_what_is_stopped(self, mei: Creator, fay: User) -> None:
        sell(mei)
        ready_bank(mei, fay)
        pass_hold()
        run = payouts.run(None)
        stop = PayoutStop.objects.place(by=fay, currency="USD", reason="x")
        with pytest.raises(NothingToOrder):
            bank_orders.make_file(run, "USD", by=fay)
        stop.lift(by=fay, reason="y")
        assert bank_orders.make_file(run, "USD", by=fay).orders_count == 1

    def test_leaves_out_what_nobody_approved(self, mei: Creator, fay: User, gil: User, settings: Any) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1500
        sell(mei)
        ready_bank(mei, fay)
        pass_hold()
        run = payouts.run(fay)
        with pytest.raises(NothingToOrder):
            bank_orders.make_file(run, "USD", by=fay)
        payouts.approve(Payout.objects.get(), by=gil)
        bank_orders.make_file(run, "USD", by=fay)

    def test_leaves_out_what_its_maker_approved(self, mei: Creator, fay: User, gil: User, settings: Any) -> None:
        """The weekly run was started by nobody: still two people stand before a payout above the limit."""
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1500
        sell(mei)
        ready_bank(mei, fay)
        pass_hold()
        run = payouts.run(None)
        payouts.approve(Payout.objects.get(), by=gil)
        with pytest.raises(NothingToOrder):
            bank_orders.make_file(run, "USD", by=gil)
        assert bank_orders.make_file(run, "USD", by=fay).orders_count == 1

    @pytest.fixture
    def astray(self, mei: Creator, fay: User) -> Payout:
        """In one run with a payout to Bo: one to Mei, by bank, whose destination is the provider's."""
        bo = creator_named("Bo")
        bo.edit({"country": "CN"})
        for creator in (mei, bo):
            sell(creator)
            ready_bank(creator, fay)
        pass_hold()
        run = payouts.run(None)
        break_in(f"UPDATE payments_payout SET destination = 'acct_1' WHERE creator_id = {mei.pk}")
        return run.payouts.get(creator=mei)

    def test_leaves_out_and_flags_what_goes_to_no_bank_details(self, astray: Payout, fay: User) -> None:
        file = bank_orders.make_file(astray.run, "USD", by=fay)
        assert file.orders_count == 1
        assert bank_files.as_csv(file).count("\r\n") == 2
        astray.refresh_from_db()
        assert (astray.state, astray.flag_reason) == ("created", bank_orders.NOWHERE)
        desk = Client()
        desk.force_login(fay)
        assert "to no bank details that were confirmed" in desk.get("/finance/payouts/").content.decode()
        desk.post(f"/finance/payouts/{astray.pk}/withdraw/", {"reason": "It led nowhere"})
        assert payouts.run(None).payouts.get().bank_details_id is not None

    def test_keeps_the_flag_where_nothing_is_left_to_order(self, astray: Payout, fay: User) -> None:
        bank_orders.make_file(astray.run, "USD", by=fay)
        for _time in range(2):
            with pytest.raises(NothingToOrder):
                bank_orders.make_file(astray.run, "USD", by=fay)
        assert Payout.objects.flagged().get() == astray
        told = Mail.objects.filter(key__startswith=f"payout-flagged:{astray.pk}:")
        assert told.count() == 1
        payouts.settle_flag(Payout.objects.get(pk=astray.pk), by=fay, reason="She is asked for her account")
        with pytest.raises(NothingToOrder):
            bank_orders.make_file(astray.run, "USD", by=fay)
        assert told.count() == 2, "what is remarked anew is told anew"

    def test_keeps_the_flag_on_the_desk_and_over_the_api(self, astray: Payout, fay: User) -> None:
        break_in("UPDATE payments_payout SET destination = 'acct_1'")
        desk = Client()
        desk.force_login(fay)
        assert desk.post(f"/finance/payout-runs/{astray.run_id}/bank-files/", {"currency": "USD"}).status_code == 409
        assert Payout.objects.flagged().count() == 2
        Payout.objects.update(flagged_at=None, flag_reason="")
        api = APIClient()
        api.force_authenticate(fay)
        assert api.post(f"/api/v1/payout-runs/{astray.run_id}/bank-files/", {"currency": "USD"}).status_code == 409
        assert Payout.objects.flagged().count() == 2

    def test_of_somebody_else_s_details_is_left_out(self, astray: Payout, fay: User) -> None:
        elsewhere = BankDetails.objects.exclude(account__creator=astray.creator).get()
        break_in(f"UPDATE payments_payout SET destination = 'bank_{elsewhere.pk}' WHERE id = {astray.pk}")
        assert bank_orders.make_file(astray.run, "USD", by=fay).orders_count == 1

    def test_made_with_such_an_order_is_still_read(self, mei: Creator, fay: User, ordered: BankOrder) -> None:
        break_in("UPDATE payments_payout SET destination = 'acct_1'")
        assert bank_files.as_csv(ordered.file).count("\r\n") == 1
        root = fromstring(bank_files.as_pain001(ordered.file))
        assert (root.findtext(f".//{NAMESPACE}NbOfTxs"), root.findtext(f".//{NAMESPACE}CtrlSum")) == ("0", "0.00")

    def test_is_not_handed_out_while_a_stop_or_a_hold_covers_an_order(self, ordered: BankOrder, fay: User) -> None:
        client = Client()
        client.force_login(fay)
        address = reverse("payments:bank_file", args=[ordered.file_id, "csv"])
        assert VALUES["holder"] in client.get(address).content.decode()
        stop = PayoutStop.objects.place(by=fay, currency="USD", reason="x")
        refused = client.get(address)
        assert refused.status_code == 409
        assert VALUES["holder"] not in refused.content.decode()
        stop.lift(by=fay, reason="y")
        assert client.get(address).status_code == 200

    def test_is_never_changed(self, ordered: BankOrder) -> None:
        for rows in (BankFile.objects.all(), BankOrder.objects.all()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                rows._raw_delete(rows.db)  # not by Django, which stops at the orders that point to their file

    def test_is_for_finance(self, ordered: BankOrder, cole: User) -> None:
        with pytest.raises(NotAllowed):
            bank_orders.make_file(ordered.file.run, "USD", by=cole)


class TestAnswer:
    def test_executed_pays_it_from_the_bank(self, ordered: BankOrder, gil: User) -> None:
        bank_orders.answer(ordered, by=gil, executed=True, reference="ICBC-4711")
        submit_all()
        payout = Payout.objects.get()
        assert (payout.state, payout.transfer_id) == ("sent", f"bank_{payout.token}")
        assert stands(AccountKind.BANK, None) == -1500
        assert of_mei(AccountKind.PAYOUT_IN_TRANSIT) == 0
        assert oracle.transfers() == {}
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_refused_gives_the_money_back_with_the_banks_reason(self, ordered: BankOrder, gil: User) -> None:
        bank_orders.answer(ordered, by=gil, executed=False, reference="ICBC-4711", reason="account closed")
        submit_all()
        payout = Payout.objects.get()
        assert (payout.state, payout.failure_text) == ("void", "account closed")
        assert of_mei(AccountKind.CREATOR_AVAILABLE) == 1500
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_is_not_guessed_however_long_it_takes(self, ordered: BankOrder) -> None:
        clock.advance(timedelta(days=60))
        for _try in range(3):
            Payout.objects.get().become_due()
            submit_all()
        assert Payout.objects.get().state == "submitting"
        assert of_mei(AccountKind.PAYOUT_IN_TRANSIT) == 1500

    def test_is_given_by_a_second_person_and_once(self, ordered: BankOrder, fay: User, gil: User, cole: User) -> None:
        with pytest.raises(OwnFile):
            bank_orders.answer(ordered, by=fay, executed=True, reference="x")
        with pytest.raises(NotAllowed):
            bank_orders.answer(ordered, by=cole, executed=True, reference="x")
        bank_orders.answer(ordered, by=gil, executed=True, reference="x")
        with pytest.raises(OrderAnswered):
            bank_orders.answer(ordered, by=gil, executed=False, reference="x", reason="y")

    def test_is_nothing_that_the_worker_says(self, ordered: BankOrder) -> None:
        """Called too early, the worker concludes nothing and spends no try."""
        Payout.objects.get().become_due()
        work.run(Payout, ordered.payout_id, transfers.submit)
        payout = Payout.objects.get()
        assert (payout.state, payout.attempts, payout.dead_at) == ("submitting", 0, None)


class TestPages:
    def client(self, person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_from_the_run_over_the_file_to_the_answer(self, mei: Creator, fay: User, gil: User) -> None:
        sell(mei)
        ready_bank(mei, fay)
        pass_hold()
        run = payouts.run(None)
        desk = self.client(fay)
        assert "1 order in USD" in desk.get(f"/finance/payout-runs/{run.pk}/").content.decode()
        page = desk.post(f"/finance/payout-runs/{run.pk}/bank-files/", {"currency": "USD"}, follow=True)
        file = BankFile.objects.get()
        assert str(file) in page.content.decode()
        for form in ("csv", "xml"):
            assert "6222021234567890" in desk.get(f"/finance/bank-files/{file.pk}.{form}").content.decode()
        assert desk.get(f"/finance/bank-files/{file.pk}.exe").status_code == 404
        assert "you made the file" in desk.get("/finance/payouts/").content.decode()
        other = self.client(gil)
        order = BankOrder.objects.get()
        other.post(f"/finance/bank-orders/{order.pk}/answer/", {"executed": "0", "reference": "r"})
        assert Payout.objects.get().state == "submitting"
        other.post(f"/finance/bank-orders/{order.pk}/answer/", {"executed": "1", "reference": "r", "reason": ""})
        submit_all()
        assert Payout.objects.get().state == "sent"
        assert PayoutRun.objects.get().payouts.count() == 1

    def test_a_creator_shows_who_she_is_before_she_changes_where_her_money_goes(self, mei: Creator, fay: User) -> None:
        client = self.client(mei.user)
        assert client.get("/studio/earnings/bank-account/").status_code == 200
        answer = client.post("/studio/earnings/bank-account/", VALUES)
        assert "/accounts/reauthenticate/" in answer.headers["Location"]
        assert not BankDetails.objects.exists()
        page = client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD}, follow=True)
        assert page.status_code == 200
        client.post("/studio/earnings/bank-account/", VALUES)
        assert BankDetails.objects.get().holder == "Mei Chen"
        assert "…7890" in client.get("/studio/earnings/bank-account/").content.decode()

    def test_finance_confirms_or_refuses_with_a_reason(self, mei: Creator, fay: User) -> None:
        details = bank_accounts.give(mei, by=mei.user, values=VALUES)
        desk = self.client(fay)
        assert VALUES["number"] in desk.get("/finance/payouts/").content.decode()
        desk.post(f"/finance/bank-details/{details.pk}/refuse/", {"reason": ""})
        details.refresh_from_db()
        assert details.decided_at is None
        desk.post(f"/finance/bank-details/{details.pk}/confirm/")
        details.refresh_from_db()
        assert details.accepted is True


def test_the_same_over_the_api(mei: Creator, fay: User, gil: User) -> None:
    details = bank_accounts.give(mei, by=mei.user, values=VALUES)
    sell(mei)
    first, second = APIClient(), APIClient()
    first.force_authenticate(fay)
    second.force_authenticate(gil)
    assert first.get("/api/v1/bank-details/").json()["results"][0]["number"] == VALUES["number"]
    address, asked = f"/api/v1/bank-details/{details.pk}/confirm/", {"reason": "looked up"}
    assert first.post(address, asked).json()["code"] == "confirmation_needed"
    confirmed = Client()
    confirmed.force_login(fay)
    assert confirmed.post(address, asked, content_type="application/json").json()["accepted"]
    pass_hold()
    run = payouts.run(None)
    made = first.post(f"/api/v1/payout-runs/{run.pk}/bank-files/", {"currency": "USD"})
    assert (made.status_code, made.json()["total"]["minor"]) == (201, "1500")
    (order,) = first.get("/api/v1/bank-orders/").json()["results"]
    answer = f"/api/v1/bank-orders/{order['id']}/answer/"
    assert second.post(answer, {"executed": False, "reference": "r"}).status_code == 400
    assert first.post(answer, {"executed": True, "reference": "r"}).status_code == 403
    assert second.post(answer, {"executed": True, "reference": "r"}).status_code == 200
    submit_all()
    assert Payout.objects.get().state == "sent"
