"""A refund of everybody is overturned: buyers keep their money, and whoever sold is made whole by the platform, once.

Every scene ends with the invariants of the books.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation import appeals, measures, rights
from moderation.measures import waves
from moderation.models import Measure, RefundWave
from payments import invariants, ledger, making_good, payouts, refunds, splits
from payments.incomes import receipts, statements
from payments.models import (
    AccountKind,
    EntryKind,
    LedgerEntry,
    MadeGood,
    MakingGood,
    Order,
    Payout,
    Refund,
    RefundShare,
)
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.faults.taken_away import ENTRY_KEY, constraint, meeting, taken_away
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal, decide
from tests.moderation.factories import kim
from tests.moderation.test_measures import refund_all
from tests.moderation.test_rights_income import of, released
from tests.payments import sales, shop
from tests.payments import statements as papers
from tests.payments.books import stands
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
AVAILABLE, PENDING = AccountKind.CREATOR_AVAILABLE, AccountKind.CREATOR_PENDING
SHARE = 1499  # of 19.99 USD, 75 %


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


@pytest.fixture(autouse=True)
def _books_hold(request: Any) -> Iterator[None]:
    yield
    if "without_the_rules" not in request.node.name:
        assert [found for found in invariants.breaks().values() if found] == []


def refunded(by: User) -> Measure:
    measure = decide("refund", "course", "glazes", by)
    refund_all()
    return measure


def overturned(measure: Measure) -> None:
    appeal = appeals.make(measure, measure.owner, "The music is mine")
    answer_appeal(appeal, by=kim(), verdict="overturned", reason="So it is")


def expense(currency: str = "USD") -> int:
    return stands(AccountKind.REFUND_EXPENSE, None, currency)


class TestOverturned:
    def test_the_creator_has_what_she_had_and_the_buyer_keeps_hers(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        released(lin, course)
        shop.buy(cast.person("Nell"), [course])
        measure = refunded(sam)
        assert (of(ada, AVAILABLE), of(ada, PENDING)) == (0, 0)
        overturned(measure)
        assert making_good.follow() == 2
        assert making_good.follow() == 0
        assert (of(ada, AVAILABLE), expense()) == (2 * SHARE, 2 * SHARE)
        assert set(Refund.objects.values_list("state", flat=True)) == {"done"}
        mail = Mail.objects.get(to=ada.email, subject__contains="made good")
        assert "$29.98" in mail.text

    def test_the_judge_sees_it_before(self, course: Course, ada: User, lin: User, sam: User, client: Client) -> None:
        shop.buy(lin, [course])
        appeal = appeals.make(refunded(sam), ada, "The music is mine")
        client.force_login(kim())
        told = {"verdict": "overturned", "reason": "It is hers"}
        page = client.post(reverse("moderation:answer_appeal", args=[appeal.pk]), told).content.decode()
        assert "made good by the platform" in page
        assert "$14.99" in page
        address = reverse("moderation:reverse", args=[appeal.measure_id])
        assert "$14.99" in client.post(address, {"reason": "It is hers"}).content.decode()

    def test_refunds_under_way_follow_when_they_have_happened(self, course: Course, ada: User, lin, sam) -> None:
        shop.buy(lin, [course])
        measure = decide("refund", "course", "glazes", sam)
        for pk in RefundWave.open_work().values_list("pk", flat=True):
            work.run(RefundWave, pk, waves.give_back)
        overturned(measure)
        assert making_good.follow() == 0
        shop.send_refunds()
        assert of(ada, AVAILABLE) + of(ada, PENDING) == 0
        assert making_good.follow() == 1
        assert of(ada, AVAILABLE) == SHARE

    def test_only_what_this_decision_took_comes_back(self, course: Course, ada: User, lin: User, sam, fay) -> None:
        order = shop.buy(lin, [course])
        refunds.refund(order.items.get(), by=fay, reason="asked", amount=Money(1000, "USD"), ends_access=False)
        shop.send_refunds()
        overturned(refunded(sam))
        making_good.follow()
        assert of(ada, AVAILABLE) == SHARE - 750

    def test_each_of_several_sellers_has_hers(self, course: Course, ada: User, lin: User, sam: User) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        splits.accept(splits.propose(course, [(bea, 2000)], by=ada), by=bea.user)
        released(lin, course)
        before = of(ada, AVAILABLE), of(bea, AVAILABLE)
        assert sum(before) == SHARE
        overturned(refunded(sam))
        making_good.follow()
        assert (of(ada, AVAILABLE), of(bea, AVAILABLE)) == before
        assert Mail.objects.filter(subject__contains="made good").count() == 2

    def test_taken_back_by_a_moderator_too(self, course: Course, ada: User, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        measures.reverse(refunded(sam), kim(), reason="A license was found")
        assert making_good.follow() == 1

    def test_not_when_its_time_is_up(self, course: Course, lin: User, sam: User) -> None:
        """An unpublishing that took the course from its learners may end by itself; the refunds were right."""
        shop.buy(lin, [course])
        measures.reverse(refunded(sam), None, reason="Over", cause=Measure.Cause.EXPIRED)
        assert not MakingGood.objects.exists()

    def test_an_appeal_that_is_won_after_its_time_was_up_makes_good(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        released(lin, course)
        measure = refunded(sam)
        appeal = appeals.make(measure, ada, "The music is mine")
        measures.reverse(measure, None, reason="Over", cause=Measure.Cause.EXPIRED)
        assert making_good.follow() == 0
        answer_appeal(appeal, by=kim(), verdict="overturned", reason="So it is")
        assert (making_good.follow(), making_good.follow()) == (1, 0)
        assert (of(ada, AVAILABLE), expense()) == (SHARE, SHARE)

    def test_an_appeal_that_is_lost_after_its_time_was_up_does_not(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        measure = refunded(sam)
        appeal = appeals.make(measure, ada, "The music is mine")
        measures.reverse(measure, None, reason="Over", cause=Measure.Cause.EXPIRED)
        answer_appeal(appeal, by=kim(), verdict="upheld", reason="It is not")
        assert not MakingGood.objects.exists()

    def test_while_somebody_claims_the_course_it_waits(self, course: Course, ada: User, lin: User, sam: User) -> None:
        released(lin, course)
        measure = refunded(sam)
        claim = claims.admitted(cast.cole(), sam)
        overturned(measure)
        assert making_good.follow() == 0
        rights.withdraw(claim, cast.cole())
        assert making_good.follow() == 1
        assert of(ada, AVAILABLE) == SHARE

    def test_it_is_looked_after_for_a_week_and_then_closed(self, course: Course, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        overturned(refunded(sam))
        making_good.follow()
        assert MakingGood.objects.open().exists()
        clock.advance(timedelta(days=8))
        making_good.follow()
        assert not MakingGood.objects.open().exists()


class TestShown:
    def test_in_statement_receipt_and_the_next_payout(self, course: Course, ada: User, lin, sam, fay) -> None:
        order = released(lin, course)
        overturned(refunded(sam))
        making_good.follow()
        month = clock.now().date().replace(day=1)
        told = statements.statement(ada.creator, "USD", month)
        line = next(line for line in told.lines if line.kind == EntryKind.MADE_GOOD)
        assert (line.amount, str(line.label)) == (Money(SHARE, "USD"), "Made good by Kezhan")
        paper = receipts.receipt(ada.creator, order.items.get().pk)
        assert paper is not None
        assert [part.amount.minor for part in paper.returns[0].parts if part.kind == "made_good"] == [SHARE]
        sales.ready_account(ada.creator)
        payouts.start(fay)
        sales.carry_out_runs()
        sales.submit_all()
        assert Payout.objects.get().amount == Money(SHARE, "USD")

    def test_to_the_verifier_which_finds_a_false_amount(self, course: Course, ada, lin, sam, tmp_path: Path) -> None:
        shop.buy(lin, [course])
        overturned(refunded(sam))
        making_good.follow()
        seals, statement = papers.write(tmp_path, ada.creator)
        verify = papers.verifier()
        head, of_days = verify.read_seals(seals)
        verify.check_statement(statement, head, of_days, None)
        verify.check_parts({"kind": "made_good"}, [_line(-5)], [{"amount": "5"}], None)
        for line, parts in (
            (_line(-6), [{"amount": "5"}]),
            (_line(-5), []),
            (_line(-5, "creator_pending"), [{"amount": "5"}]),
        ):
            with pytest.raises(verify.Wrong):
                verify.check_parts({"kind": "made_good"}, [line], parts, None)


def _line(minor: int, account: str = "creator_available") -> dict[str, str]:
    return {"account": account, "currency": "USD", "amount": str(minor)}


class TestCurrenciesAndPromoters:
    def test_each_owner_in_each_currency_has_what_the_refunds_took(self, sam: User) -> None:
        ada, bea, cora = (sales.creator_named(name) for name in ("Ada", "Bea", "Cora"))
        usd, jpy, kwd = (lambda minor, code=code: Money(minor, code) for code in ("USD", "JPY", "KWD"))
        orders = [
            papers.sell_by(ada, usd(4999), "affiliate", inclusive=False, discount=usd(700), bearer="platform",
                           tax_bps=725, affiliate_id=bea.pk, coauthors=((cora.pk, 3333),)),
            papers.sell_by(ada, jpy(1999), "own_link", tax_bps=1000),
            papers.sell_by(ada, kwd(10_010), tax_bps=500, discount=kwd(30), bearer="platform"),
        ]  # fmt: skip
        for order in orders:
            refunds.refund_under_rule(order.items.get(), by=sam, reason="Copied", origin="measure:7")
        shop.send_refunds()
        given = _given("measure:7")
        assert {currency for _owner, currency in given} == {"USD", "JPY", "KWD"}
        assert {owner for owner, _currency in given} == {ada.pk, bea.pk, cora.pk}
        would = making_good.would_be("measure:7")
        assert {amount.currency: amount.minor for amount in would} == {
            code: sum(minor for (_o, currency), minor in given.items() if currency == code)
            for code in ("USD", "JPY", "KWD")
        }
        making_good.order("measure:7", by=sam)
        making_good.follow()
        for (owner, currency), minor in given.items():
            assert ledger.balance(AVAILABLE, owner, currency, "sandbox").minor == minor


def _given(origin: str) -> dict[tuple[int, str], int]:
    rows = RefundShare.objects.filter(line__refund__origin=origin, owner__isnull=False).order_by()
    sums = rows.values_list("owner", "line__refund__order__currency").annotate(total=Sum("amount_minor"))
    return {(owner, currency): int(total) for owner, currency, total in sums}


class TestTheDatabase:
    @pytest.fixture
    def made(self, course: Course, lin: User, sam: User) -> MadeGood:
        shop.buy(lin, [course])
        overturned(refunded(sam))
        making_good.follow()
        return MadeGood.objects.get()

    def test_refuses_a_second_row_another_amount_and_a_change(self, made: MadeGood) -> None:
        facts = {name: getattr(made, name) for name in ("making", "share", "owner", "book", "currency", "made_at")}
        with pytest.raises(IntegrityError), transaction.atomic():
            MadeGood.objects.create(**facts, amount_minor=made.amount_minor)
        with pytest.raises(DatabaseError), transaction.atomic():
            MadeGood.objects.filter(pk=made.pk).update(amount_minor=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            made.delete()

    def test_refuses_what_no_refund_of_that_decision_took(self, made: MadeGood, cole: User, ada: User, fay) -> None:
        order = shop.buy(cole, [make_course(title="Kilns")])
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        share = RefundShare.objects.get(line__refund__order=order, owner__isnull=False)
        with pytest.raises(DatabaseError, match="made good is what a refund took"), transaction.atomic():
            MadeGood.objects.record(made.making, [share], clock.now())

    def test_the_invariant_finds_an_entry_without_a_row(self, ada: User, sam: User) -> None:
        lines = [
            (ledger.AccountRef(AccountKind.REFUND_EXPENSE), Money(5, "USD")),
            (ledger.AccountRef(AVAILABLE, ada.creator.pk), Money(-5, "USD")),
        ]
        with transaction.atomic():
            ledger.post("made_good:0", EntryKind.MADE_GOOD, lines, book="sandbox")
            assert list(invariants.what_was_made_good_is_what_was_given()) == ["made_good:0 booked 5, its row says 0"]
            transaction.set_rollback(True)


# --- At once, killed, and with the rules taken away -----------------------------------------------------------------


def _overturned_story() -> Creator:
    sam = cast.sam()
    course = make_course(title="Glazes")
    for name in ("Lin", "Nell"):
        shop.buy(cast.person(name), [course])
    measure = refunded(sam)
    overturned(measure)
    return measure.creator


def _carry_out(_n: int) -> Any:
    try:
        return making_good.follow()
    except IntegrityError as error:
        return error


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_make_each_share_good_once() -> None:
    ada = _overturned_story()
    answers = at_once(_carry_out, 2)
    assert sum(answers) == 2
    assert ledger.balance(AVAILABLE, ada.pk, "USD", "sandbox").minor == 2 * SHARE


@pytest.mark.django_db(transaction=True)
def test_without_the_rules_two_sweeps_make_it_good_twice() -> None:
    rules = (
        constraint("payments_madegood", "payments_madegood_share_id_key"),
        ENTRY_KEY,
        meeting("payments_madegood"),  # so that the two meet
    )
    with taken_away(*rules):
        ada = _overturned_story()
        at_once(_carry_out, 2, without_locks=True)
        assert MadeGood.objects.count() == 4
        assert ledger.balance(AVAILABLE, ada.pk, "USD", "sandbox").minor == 4 * SHARE


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_is_killed_is_done_again_and_once() -> None:
    ada = _overturned_story()
    assert dies_at("making_good.before_commit", making_good.follow)
    assert not LedgerEntry.objects.filter(kind="made_good").exists()
    assert making_good.follow() == 2
    assert ledger.balance(AVAILABLE, ada.pk, "USD", "sandbox").minor == 2 * SHARE
    assert Order.objects.filter(refunds__state="done").count() == 2
