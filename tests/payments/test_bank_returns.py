"""Payouts that the bank carried out by its answer, and that came back: noted by one person, booked by another's yes."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, Notice, User
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import bank_accounts, bank_orders, bank_returns, earnings, invariants, payouts
from payments.bank_returns import NothingToComeBack, OwnReturn, ReturnAnswered, ReturnNoted
from payments.models import (
    AccountKind,
    BankAnswer,
    BankOrder,
    BankReturn,
    BankReturnVerdict,
    LedgerEntry,
    Payout,
    PayoutItem,
    ReleasedShare,
)
from tests import cast
from tests.faults.taken_away import constraint, index, lingering, taken_away
from tests.payments.books import stands
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
from tests.payments.test_skip_reasons import page_of

VALUES = {
    "holder": "Mei Chen", "number": "6222021234567890", "bank_code": "ICBKCNBJ", "bank_name": "ICBC Beijing",
    "country": "CN",
}  # fmt: skip
FACTS = {"kind": "sent_back", "reference": "R-77", "reason": "The account was closed."}


def gil() -> User:
    """The other person of finance."""
    return cast.person("Gil", role="finance")


def sent_by_bank(*, executed: bool = True) -> Payout:
    """15.00 USD to Mei, in a file by Fay, and carried out as Gil read it at the bank."""
    fay, mei = cast.fay(), creator_named("Mei")
    mei.edit({"country": "CN"})
    sell(mei)
    bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
    pass_hold()
    bank_orders.make_file(payouts.run(None), "USD", by=fay)
    reason = "" if executed else "closed"
    bank_orders.answer(BankOrder.objects.get(), by=gil(), executed=executed, reference="S-1", reason=reason)
    submit_all()
    return Payout.objects.get()


@pytest.fixture
def payout(db: None) -> Payout:
    return sent_by_bank()


@pytest.fixture
def back(payout: Payout, fay: User) -> BankReturn:
    return bank_returns.note(payout, by=fay, **FACTS)


def has(kind: AccountKind) -> int:
    return stands(kind, None if kind == AccountKind.BANK else creator_named("Mei").pk)


class TestNoted:
    def test_changes_nothing_and_tells_the_others_of_finance(self, payout: Payout, fay: User, back: BankReturn) -> None:
        assert (has(AccountKind.CREATOR_AVAILABLE), has(AccountKind.BANK)) == (0, -1500)
        told = Notice.objects.filter(key__startswith=f"bank-return:{back.pk}")
        assert [notice.person for notice in told] == [gil()]
        assert "R-77" in Mail.objects.get(key=f"bank-return:{back.pk}:{gil().pk}").text
        assert AuditEvent.objects.get(verb="payouts.bank_return").facts["reference"] == "R-77"
        assert books_hold()

    def test_once(self, payout: Payout, fay: User, back: BankReturn) -> None:
        with pytest.raises(ReturnNoted):
            bank_returns.note(payout, by=gil(), **FACTS)

    def test_by_finance_and_not_by_whose_payout_it_is(self, payout: Payout, cole: User) -> None:
        with pytest.raises(NotAllowed):
            bank_returns.note(payout, by=cole, **FACTS)
        cast.give_role(payout.creator.user, "finance")
        with pytest.raises(OwnReturn):
            bank_returns.note(payout, by=payout.creator.user, **FACTS)

    def test_only_of_what_the_bank_carried_out(self, fay: User) -> None:
        refused = sent_by_bank(executed=False)
        with pytest.raises(NothingToComeBack):
            bank_returns.note(refused, by=fay, **FACTS)
        ada = creator_named("Ada")
        sell(ada)
        ready_account(ada)
        pass_hold()
        by_provider = payouts.run(None).payouts.get(creator=ada)
        submit_all()
        with pytest.raises(NothingToComeBack):
            bank_returns.note(by_provider, by=fay, **FACTS)

    def test_is_never_changed(self, back: BankReturn) -> None:
        bank_returns.confirm(back, by=gil())
        for rows, change in ((BankReturn.objects.all(), {"reason": "x"}), (BankReturnVerdict.objects.all(), {"by": 1})):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
            with pytest.raises(DatabaseError), transaction.atomic():
                rows._raw_delete(rows.db)


class TestConfirmed:
    def test_puts_the_money_on_her_balance_and_the_next_run_pays_it(self, payout: Payout, back: BankReturn) -> None:
        bank_returns.confirm(back, by=gil())
        payout.refresh_from_db()
        assert (payout.state, payout.returned, payout.is_returned) == ("sent", Money(1500, "USD"), True)
        assert (has(AccountKind.CREATOR_AVAILABLE), has(AccountKind.BANK)) == (1500, 0)
        assert (PayoutItem.objects.get().freed, ReleasedShare.objects.get().amount_minor) == (True, 1500)
        seen = earnings.overview(payout.creator).of("USD")
        assert (seen.available, seen.paid) == (Money(1500, "USD"), Money(0, "USD"))
        assert BankAnswer.objects.get().executed
        assert books_hold()
        second = payouts.run(None).payouts.get()
        assert (second.amount, second.items.get().share) == (Money(1500, "USD"), PayoutItem.objects.first().share)
        assert books_hold()

    def test_needs_somebody_else_than_who_noted_it(
        self, payout: Payout, fay: User, cole: User, back: BankReturn
    ) -> None:
        with pytest.raises(OwnReturn):
            bank_returns.confirm(back, by=fay)
        with pytest.raises(NotAllowed):
            bank_returns.confirm(back, by=cole)
        cast.give_role(payout.creator.user, "finance")
        with pytest.raises(OwnReturn):
            bank_returns.confirm(back, by=payout.creator.user)

    def test_is_once_and_for_good(self, payout: Payout, fay: User, back: BankReturn) -> None:
        bank_returns.confirm(back, by=gil())
        for act in (bank_returns.confirm, bank_returns.decline):
            with pytest.raises(ReturnAnswered):
                act(back, by=gil(), reason="Again")
        with pytest.raises(NothingToComeBack):
            bank_returns.note(payout, by=fay, **FACTS)

    @pytest.mark.parametrize(
        ("kind", "said", "in_chinese"),
        [("sent_back", "sent $15.00 back to us", "退回"), ("never_left", "That was our mistake", "失误")],
    )
    def test_is_told_to_her_in_her_language(
        self, payout: Payout, fay: User, kind: str, said: str, in_chinese: str
    ) -> None:
        bank_returns.confirm(bank_returns.note(payout, by=fay, **{**FACTS, "kind": kind}), by=gil())
        mail = Mail.objects.get(key=f"payout-returned:{payout.pk}")
        assert said in mail.text
        assert FACTS["reason"] in mail.text
        words = Notice.objects.get(key=f"payout-returned:{payout.pk}").words
        assert in_chinese in words["zh-hans"]["text"]
        page = page_of(payout.creator.user)
        assert "Came back" in page
        assert "$15.00 came back and is on your balance again. The account was closed." in page
        api = APIClient()
        api.force_authenticate(payout.creator.user)
        assert api.get("/api/v1/payouts/").json()["results"][0]["returned"]["minor"] == "1500"

    def test_declined_it_stays_paid_and_can_be_noted_again(self, payout: Payout, fay: User, back: BankReturn) -> None:
        bank_returns.decline(back, by=gil(), reason="Another payout")
        payout.refresh_from_db()
        assert (payout.returned_minor, has(AccountKind.BANK)) == (0, -1500)
        bank_returns.confirm(bank_returns.note(payout, by=fay, **FACTS), by=gil())
        assert has(AccountKind.BANK) == 0
        assert books_hold()

    def test_is_looked_for_by_the_hourly_checks(self, payout: Payout) -> None:
        Payout.objects.filter(pk=payout.pk).update(returned_minor=1500)
        assert any(invariants.breaks(ask_provider=True).values())


class TestPages:
    def of(self, person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_one_notes_it_and_the_other_confirms_it(self, payout: Payout, fay: User) -> None:
        run = self.of(fay).get(f"/finance/payout-runs/{payout.run_id}/").content.decode()
        address = f"/finance/payouts/{payout.pk}/return/"
        assert address in run
        assert "Mei" in self.of(fay).get(address).content.decode()
        assert self.of(fay).post(address, {"kind": "sent_back"}).status_code == 422
        self.of(fay).post(address, FACTS)
        back = BankReturn.objects.get()
        hers = self.of(fay).get("/finance/payouts/").content.decode()
        assert "Somebody else must look at the bank" in hers
        confirm = f"/finance/payout-returns/{back.pk}/confirm/"
        assert confirm not in hers
        assert confirm in self.of(gil()).get("/finance/payouts/").content.decode()
        self.of(gil()).post(confirm)
        assert has(AccountKind.CREATOR_AVAILABLE) == 1500
        assert address not in self.of(fay).get(f"/finance/payout-runs/{payout.run_id}/").content.decode()

    def test_declining_asks_why(self, back: BankReturn) -> None:
        address = f"/finance/payout-returns/{back.pk}/decline/"
        self.of(gil()).post(address)
        assert not BankReturnVerdict.objects.exists()
        self.of(gil()).post(address, {"reason": "Another payout"})
        assert not BankReturnVerdict.objects.get().confirms

    def test_over_the_api(self, payout: Payout, fay: User) -> None:
        api, other = APIClient(), APIClient()
        api.force_authenticate(fay)
        other.force_authenticate(gil())
        made = api.post(f"/api/v1/payouts/{payout.pk}/return/", FACTS)
        assert (made.status_code, made.json()["amount"]["minor"]) == (201, "1500")
        assert [row["id"] for row in other.get("/api/v1/payout-returns/").json()["results"]] == [made.json()["id"]]
        assert api.post(f"/api/v1/payout-returns/{made.json()['id']}/confirm/", {"reason": "Seen"}).status_code == 403
        # Without her second factor, nor she.
        assert other.post(f"/api/v1/payout-returns/{made.json()['id']}/confirm/", {"reason": "Seen"}).status_code == 403
        self.of(gil()).post(f"/api/v1/payout-returns/{made.json()['id']}/confirm/", {"reason": "Seen"})
        assert has(AccountKind.CREATOR_AVAILABLE) == 1500


ONE_VERDICT = constraint("payments_bankreturnverdict", "payments_bankreturnverdict_back_id_key")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_noted_by_many_it_is_noted_once(self) -> None:
        payout, fay = sent_by_bank(), cast.fay()
        with taken_away(lingering("payments_bankreturn")):
            at_once(lambda _n: bank_returns.note(payout, by=fay, **FACTS), 6)
            assert BankReturn.objects.count() == 1

    def test_without_the_lock_it_is_noted_again_and_again(self) -> None:
        payout, fay = sent_by_bank(), cast.fay()
        with taken_away(lingering("payments_bankreturn")):
            at_once(lambda _n: bank_returns.note(payout, by=fay, **FACTS), 6, without_locks=True)
            assert BankReturn.objects.count() > 1

    def test_confirmed_and_declined_by_many_it_is_one_or_the_other(self) -> None:
        back, other = bank_returns.note(sent_by_bank(), by=cast.fay(), **FACTS), gil()
        acts = (bank_returns.confirm, bank_returns.decline)
        with taken_away(lingering("payments_bankreturnverdict")):
            at_once(lambda n: acts[n % 2](back, by=other, reason="Seen"), 6)
            assert has(AccountKind.CREATOR_AVAILABLE) == (1500 if BankReturnVerdict.objects.get().confirms else 0)
            assert books_hold()

    def test_without_lock_and_rules_it_is_confirmed_and_declined(self) -> None:
        """Even then the ledger's key books it once."""
        back, other = bank_returns.note(sent_by_bank(), by=cast.fay(), **FACTS), gil()
        acts = (bank_returns.confirm, bank_returns.decline)
        slow, rule = lingering("payments_bankreturnverdict"), index("a_bank_order_comes_back_once")
        with taken_away(slow, rule, ONE_VERDICT):
            at_once(lambda n: acts[n % 2](back, by=other, reason="Seen"), 6, without_locks=True)
            assert BankReturnVerdict.objects.count() > 1
            assert LedgerEntry.objects.filter(kind="payout_returned").count() == 1

    def test_whoever_dies_it_is_booked_once(self) -> None:
        back, other = bank_returns.note(sent_by_bank(), by=cast.fay(), **FACTS), gil()
        assert dies_at("bank_return.before_commit", lambda: bank_returns.confirm(back, by=other))
        assert (has(AccountKind.CREATOR_AVAILABLE), BankReturnVerdict.objects.count()) == (0, 0)
        bank_returns.confirm(back, by=other)
        assert has(AccountKind.CREATOR_AVAILABLE) == 1500
        assert books_hold()
