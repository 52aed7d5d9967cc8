"""Disputes: in whatever order their events come, the books say what the bank did, and nothing is given back twice."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import disputes, invariants, ledger, refunds, releases, sweeps
from payments.gateway import GatewayUnknown, gateway
from payments.models import (
    AccountKind,
    AlreadyAnswered,
    Dispute,
    DisputeEvidence,
    Inquiry,
    LedgerEntry,
    Order,
    ProviderCursor,
    ReconBreak,
    Refund,
)
from payments.models.refund import OrderDisputed
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxDispute, SandboxEvent, SandboxFault, SandboxKey
from tests.payments import shop
from tests.payments.sales import pass_hold

FEE = 1500
TOTAL = 4999


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def order(lin, courses) -> Order:
    return shop.buy(lin, courses)


def stands(kind: AccountKind, owner: int | None = None) -> int:
    return ledger.balance(kind, owner, "USD", "sandbox").minor


def books_agree() -> None:
    """Our clearing is what the provider holds; every invariant holds; nothing went to the buyer twice."""
    assert stands(AccountKind.STRIPE_CLEARING) == oracle.balance()["USD"]
    assert not any(invariants.breaks().values())
    charged = oracle.charges()
    assert all(gone <= charged[charge] for charge, gone in oracle.returned().items())


def open_dispute(order: Order, *, act: str = "dispute", amount: int | None = None) -> Dispute:
    """The bank disputes the charge, and its events arrive."""
    desk.on_charge(order.charge_id, act, amount=amount)
    shop.deliver_all()
    return Dispute.objects.latest("pk")


def decide(dispute: Dispute, *acts: str) -> Dispute:
    for act in acts:
        desk.on_dispute(dispute.provider_dispute_id, act)
    shop.deliver_all()
    dispute.refresh_from_db()
    return dispute


class TestADispute:
    def test_takes_the_money_out_and_the_fee_is_the_platforms(self, order) -> None:
        dispute = open_dispute(order)
        assert (dispute.state, dispute.amount, dispute.held) == ("needs_response", Money(TOTAL, "USD"), order.total)
        assert stands(AccountKind.DISPUTE_HOLD) == TOTAL
        assert stands(AccountKind.DISPUTE_FEES) == FEE == dispute.fee_minor
        assert order.open_dispute == dispute
        books_agree()

    def test_that_is_won_leaves_everything_as_it_was(self, order, lin) -> None:
        dispute = decide(open_dispute(order), "win")
        assert (dispute.outcome, bool(dispute.settled_at), order.open_dispute) == ("won", True, None)
        assert stands(AccountKind.DISPUTE_HOLD) == 0
        assert Enrollment.objects.of(lin).active().count() == 2
        books_agree()

    def test_that_is_lost_takes_every_share_and_ends_the_rights(self, order, lin, courses) -> None:
        dispute = decide(open_dispute(order), "lose")
        order.refresh_from_db()
        assert (dispute.outcome, dispute.lost, order.state) == ("lost", Money(TOTAL, "USD"), "refunded")
        for course in courses:
            assert stands(AccountKind.CREATOR_PENDING, course.creator_id) == 0
        assert stands(AccountKind.PLATFORM_REVENUE) == stands(AccountKind.DISPUTE_HOLD) == 0
        assert not Enrollment.objects.of(lin).active().exists()
        assert Enrollment.objects.of(lin).first().end_reason == Enrollment.EndReason.DISPUTED
        books_agree()

    def test_that_is_lost_after_a_payout_leaves_a_debt(self, order, courses) -> None:
        pass_hold()
        releases.release_due()
        share = stands(AccountKind.CREATOR_AVAILABLE, courses[0].creator_id)
        refs = [(AccountKind.CREATOR_AVAILABLE, 1), (AccountKind.PAYOUT_IN_TRANSIT, -1)]
        lines = [(ledger.AccountRef(kind, courses[0].creator_id), Money(sign * share, "USD")) for kind, sign in refs]
        ledger.post("payout:x:hold", "payout_hold", lines, book="sandbox")
        decide(open_dispute(order), "lose")
        assert stands(AccountKind.CREATOR_AVAILABLE, courses[0].creator_id) == -share

    def test_of_one_courses_price_takes_that_course(self, order, lin, courses) -> None:
        decide(open_dispute(order, amount=3000), "lose")
        assert [e.course for e in Enrollment.objects.of(lin).active()] == [courses[0]]
        assert stands(AccountKind.CREATOR_PENDING, courses[1].creator_id) == 0
        books_agree()

    def test_of_another_part_is_spread_and_leaves_the_rights(self, order, lin) -> None:
        decide(open_dispute(order, amount=1000), "lose")
        assert Enrollment.objects.of(lin).active().count() == 2
        assert sorted(order.items.values_list("refunded_minor", flat=True)) == [400, 600]
        books_agree()

    def test_that_asks_first_moves_nothing(self, order) -> None:
        dispute = open_dispute(order, act="inquiry")
        assert (dispute.is_inquiry, dispute.held.minor) == (True, 0)
        decide(dispute, "win")
        assert (dispute.outcome, bool(dispute.settled_at)) == ("dropped", True)
        assert not LedgerEntry.objects.filter(kind__startswith="dispute").exists()

    def test_that_asks_first_may_become_one_and_be_lost(self, order) -> None:
        dispute = decide(open_dispute(order, act="inquiry"), "escalate", "lose")
        assert dispute.lost == order.total
        books_agree()

    def test_that_was_prevented_is_over(self, order) -> None:
        dispute = decide(open_dispute(order), "prevent")
        assert (dispute.outcome, bool(dispute.settled_at)) == ("dropped", True)
        books_agree()

    def test_holds_releases_back_while_it_is_open(self, order) -> None:
        dispute = open_dispute(order)
        pass_hold()
        assert releases.release_due() == 0
        desk_id = dispute.provider_dispute_id
        assert SandboxDispute.objects.locked(desk_id).status == "lost"  # nobody answered for 32 days
        shop.deliver_all()
        assert releases.release_due() == 0
        books_agree()

    def test_frees_them_when_it_is_won(self, order) -> None:
        decide(open_dispute(order), "win")
        pass_hold()
        assert releases.release_due() == 2

    def test_comes_before_the_payments_own_event(self, lin, courses) -> None:
        order = shop.start(lin, courses)
        shop.pay(order)
        charge = next(iter(oracle.charges()))
        desk.on_charge(charge, "dispute")
        SandboxEvent.objects.exclude(type__startswith="charge.dispute").delete()
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.open_dispute.state) == ("paid", "needs_response")
        books_agree()

    def test_of_more_than_the_order_is_the_orders_and_what_is_above_the_platforms(self, order) -> None:
        dispute = open_dispute(order)
        said = gateway().retrieve_dispute(dispute.provider_dispute_id)
        more = Money(TOTAL + 1, "USD")
        (moved,) = said.moves
        said = replace(said, id="du_more", amount=more, moves=(replace(moved, id="txn_more", amount=-more),))
        Dispute.objects.all().delete()
        assert disputes.follow(said).is_answerable
        dispute = disputes.follow(replace(said, status="lost"))
        order.refresh_from_db()
        assert (dispute.lost, order.state, bool(dispute.settled_at)) == (more, "refunded", True)
        assert stands(AccountKind.REFUND_EXPENSE) == 1
        assert not order.flagged_at

    def test_in_another_currency_is_a_case_whose_money_finance_books(self, order, fay) -> None:
        desk.on_charge(order.charge_id, "dispute")
        SandboxDispute.objects.update(currency="eur")
        shop.deliver_all()
        order.refresh_from_db()
        dispute = Dispute.objects.get()
        assert "asks for" in order.flag_reason
        assert (dispute.is_answerable, dispute.held.minor, order.open_dispute) == (True, 0, dispute)
        assert Mail.objects.filter(key__startswith=f"dispute:{dispute.pk}:opened").exists()
        told = ReconBreak.objects.get(key=SandboxDispute.objects.get().pk)
        assert (told.kind, told.amount) == (ReconBreak.Kind.EVENT, Money(TOTAL, "EUR"))
        assert Mail.objects.filter(key=f"break:{told.pk}:{fay.pk}").exists()
        pass_hold()
        assert releases.release_due() == 0

    def test_whose_money_finance_has_booked_ends_with_the_banks_word(self, order, fay) -> None:
        desk.on_charge(order.charge_id, "dispute")
        SandboxDispute.objects.update(currency="eur")
        shop.deliver_all()
        dispute = decide(Dispute.objects.get(), "win")
        told = ReconBreak.objects.open().get(key=dispute.provider_dispute_id)
        assert disputes.take(dispute.provider_dispute_id).is_open, "the control: nobody has settled its break"
        told.resolve(by=fay, note="Booked by hand")
        assert not disputes.take(dispute.provider_dispute_id).is_open
        assert not order.items.exclude(disputed_at=None).exists()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("end", ["win", "lose", "prevent"])
def test_its_events_twenty_fold_and_in_any_order_lead_to_the_same(order, end, seed) -> None:
    decide(open_dispute(order, act="inquiry"), "escalate", end)
    expected = shop.state_of_everything()
    shop.deliver_all(times=20, seed=seed)
    assert shop.state_of_everything() == expected
    books_agree()


def test_events_that_are_all_lost_cost_time_and_no_money(order) -> None:
    """W2: the sweep of lost events and of silent disputes lead to the same end."""
    desk.on_charge(order.charge_id, "dispute")
    assert sweeps.lost_events() >= 2
    shop.work_off_events()
    desk.on_dispute(Dispute.objects.get().provider_dispute_id, "lose")
    clock.advance(timedelta(minutes=11))
    assert sweeps.open_disputes() == 1
    for pk in Inquiry.open_work().values_list("pk", flat=True):
        work.run(Inquiry, pk, sweeps.look_again)
    assert Dispute.objects.get().lost == order.total
    books_agree()


def test_a_dispute_whose_event_never_comes_is_found_by_the_providers_list(order) -> None:
    """W2, where the events too are gone: the list of disputes is asked, from where the last answer ended."""
    desk.on_charge(order.charge_id, "dispute")
    assert sweeps.open_disputes() == 0, "the control: nothing else looks for what was never heard of"
    SandboxFault.objects.plan("disputes.list", "timeout_before", 1)
    with pytest.raises(GatewayUnknown):
        sweeps.unheard_disputes()
    assert sweeps.unheard_disputes() == 1
    shop.work_off_inquiries()
    found = Dispute.objects.get()
    assert found.provider_dispute_id == SandboxDispute.objects.get().pk
    books_agree()
    assert sweeps.unheard_disputes() == 0, "it is heard of now"
    assert ProviderCursor.objects.get(name="disputes").through == found.opened_at


def test_an_old_answer_undoes_nothing(order) -> None:
    desk.on_charge(order.charge_id, "inquiry")
    row = SandboxDispute.objects.get()
    told = [gateway().retrieve_dispute(row.pk)]
    for act in ("escalate", "lose"):
        desk.on_dispute(row.pk, act)
        told.append(gateway().retrieve_dispute(row.pk))
    for said in random.Random(7).sample(told * 3, 9):
        disputes.follow(said)
    assert (Dispute.objects.get().state, Dispute.objects.get().lost) == ("lost", order.total)
    books_agree()


class TestWithRefunds:
    """C6: whichever comes first, the money goes back once."""

    def test_a_refund_is_refused_while_the_bank_holds_the_money(self, order, fay) -> None:
        open_dispute(order)
        with pytest.raises(OrderDisputed):
            refunds.refund(order, by=fay, reason="She asked")

    def test_a_refund_settles_an_inquiry(self, order, fay) -> None:
        dispute = open_dispute(order, act="inquiry")
        refunds.refund(order, by=fay, reason="She asked")
        shop.send_refunds()
        decide(dispute, "escalate", "lose")
        assert (dispute.lost.minor, bool(dispute.settled_at), oracle.returned()) == (0, True, {order.charge_id: TOTAL})
        books_agree()

    def test_a_refund_that_is_under_way_fails_when_the_bank_was_first(self, order, fay) -> None:
        refunds.refund(order, by=fay, reason="She asked")
        dispute = open_dispute(order)
        shop.send_refunds()
        assert Refund.objects.get().state == "failed"
        decide(dispute, "lose")
        assert oracle.returned() == {order.charge_id: TOTAL}
        books_agree()

    def test_a_loss_waits_for_a_refund_whose_answer_was_lost(self, order, fay) -> None:
        refunds.refund(order.items.first(), by=fay, reason="She asked")
        SandboxFault.objects.plan("refunds.create", "timeout_after")
        with pytest.raises(Exception, match="provider"):
            shop.send_refunds()
        SandboxFault.objects.plan("refunds.list", "timeout_before", 1)
        desk.on_charge(order.charge_id, "dispute")
        desk.on_dispute(SandboxDispute.objects.get().pk, "lose")
        with pytest.raises(Exception, match="provider"):
            disputes.take(SandboxDispute.objects.get().pk)
        disputes.take(SandboxDispute.objects.get().pk)
        assert Refund.objects.get(cause="staff").state == "done"
        assert Dispute.objects.get().lost.minor == TOTAL - 1999
        books_agree()

    def test_a_loss_waits_for_a_refund_that_was_not_sent_yet(self, order, fay) -> None:
        refunds.refund(order.items.first(), by=fay, reason="She asked")
        desk.on_charge(order.charge_id, "dispute")
        desk.on_dispute(SandboxDispute.objects.get().pk, "lose")
        dispute = disputes.take(SandboxDispute.objects.get().pk)
        assert (dispute.state, dispute.settled_at, dispute.lost.minor) == ("lost", None, 0)
        shop.send_refunds()  # the provider refuses it
        clock.advance(timedelta(minutes=11))
        assert sweeps.open_disputes() == 1
        for pk in Inquiry.open_work().values_list("pk", flat=True):
            work.run(Inquiry, pk, sweeps.look_again)
        dispute.refresh_from_db()
        assert (dispute.lost, bool(dispute.settled_at)) == (order.total, True)
        books_agree()

    @pytest.mark.parametrize("given_back", [1, 1000, 3000])
    def test_after_a_partial_refund_only_the_rest_is_lost(self, order, fay, given_back) -> None:
        with transaction.atomic():
            parts = [(order.items.last(), given_back)]
            Refund.objects.ask(order, parts, by=fay, reason="Sorry", cause="goodwill", ends_access=False)
        shop.send_refunds()
        dispute = decide(open_dispute(order), "lose")
        assert dispute.lost.minor == TOTAL - given_back
        assert oracle.returned() == {order.charge_id: TOTAL}
        books_agree()

    def test_an_adopted_refund_is_not_sent_once_more(self, order) -> None:
        gateway().create_refund(
            charge_id=order.charge_id, amount=Money(1999, "USD"), idempotency_key="desk:1", metadata={}
        )
        shop.deliver_all()
        shop.send_refunds()
        assert oracle.refunds() == {order.charge_id: 1999}

    def test_what_the_bank_keeps_beyond_what_is_left_is_the_platforms(self, order, fay) -> None:
        desk.on_charge(order.charge_id, "dispute")
        refund = refunds.refund(order, by=fay, reason="Goodwill")
        Refund.objects.filter(pk=refund.pk).update(state="done", finished_at=clock.now())
        order.items.update(refunded_minor=0)
        for item in order.items.all():
            item.mark_given_back(item.price_minor, clock.now(), ends_access=True)
        shop.deliver_all()
        decide(Dispute.objects.get(), "lose")
        assert stands(AccountKind.REFUND_EXPENSE) == TOTAL
        assert stands(AccountKind.DISPUTE_HOLD) == 0


class TestAnAnswer:
    def test_is_sent_once_and_won(self, order, fay) -> None:
        dispute = open_dispute(order)
        disputes.submit(dispute, by=fay, fields={"uncategorized_text": "winning_evidence", "customer_name": " "})
        with pytest.raises(AlreadyAnswered):
            disputes.submit(dispute, by=fay, fields={"uncategorized_text": "more"})
        send_answers()
        dispute.refresh_from_db()
        row = DisputeEvidence.objects.get()
        assert (dispute.outcome, bool(row.sent_at), row.fields) == (
            "won", True, {"uncategorized_text": "winning_evidence"},
        )  # fmt: skip

    @pytest.mark.parametrize("prunes", [False, True], ids=["keys kept", "keys forgotten"])
    @pytest.mark.parametrize("mode", ["timeout_before", "timeout_after", "500", "500_after", "broken_after", "429"])
    @pytest.mark.parametrize("kind", ["evidence", "accepted"])
    def test_whose_fate_is_unknown_is_looked_up_and_counted_once(self, order, fay, kind, mode, prunes) -> None:
        dispute = open_dispute(order)
        if kind == "evidence":
            disputes.submit(dispute, by=fay, fields={"uncategorized_text": "She watched it all."})
        else:
            disputes.accept(dispute, by=fay, reason="She is right")
        SandboxFault.objects.plan("*", mode)
        with pytest.raises(Exception, match="provider"):
            send_answers()
        DisputeEvidence.objects.update(due_at=clock.now() - timedelta(hours=1))
        if prunes:
            SandboxKey.objects.prune()
        send_answers()
        row = SandboxDispute.objects.get()
        assert (row.submissions, row.status) == ((1, "under_review") if kind == "evidence" else (0, "lost"))
        assert DisputeEvidence.objects.get().sent_at
        books_agree()

    def test_that_is_refused_may_be_given_anew(self, order, fay) -> None:
        dispute = open_dispute(order)
        for text in ("first", "second"):
            if text == "first":
                SandboxFault.objects.plan("disputes.update", "400")
            disputes.submit(dispute, by=fay, fields={"uncategorized_text": text})
            send_answers()
        assert SandboxDispute.objects.get().evidence == {"uncategorized_text": "second"}

    def test_may_be_that_the_buyer_keeps_the_money(self, order, fay) -> None:
        dispute = open_dispute(order)
        disputes.accept(dispute, by=fay, reason="She is right")
        send_answers()
        dispute.refresh_from_db()
        assert (dispute.outcome, dispute.lost) == ("lost", order.total)
        books_agree()

    def test_is_no_inquirys_acceptance(self, order, fay) -> None:
        with pytest.raises(disputes.NotAnswerable):
            disputes.accept(open_dispute(order, act="inquiry"), by=fay, reason="x")

    def test_is_given_by_finance_in_time_and_with_words(self, order, fay, sam) -> None:
        dispute = open_dispute(order)
        with pytest.raises(NotAllowed):
            disputes.submit(dispute, by=sam, fields={"uncategorized_text": "x"})
        with pytest.raises(disputes.NotAnswerable):
            disputes.submit(dispute, by=fay, fields={"uncategorized_text": "  "})
        clock.advance(timedelta(days=15))
        with pytest.raises(disputes.NotAnswerable):
            disputes.submit(dispute, by=fay, fields={"uncategorized_text": "late"})

    def test_never_changes_in_the_database(self, order, fay) -> None:
        disputes.submit(open_dispute(order), by=fay, fields={"uncategorized_text": "x"})
        for sql in ("UPDATE payments_disputeevidence SET fields = '{}'", "DELETE FROM payments_disputeevidence"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def send_answers() -> None:
    for pk in DisputeEvidence.open_work().values_list("pk", flat=True):
        work.run(DisputeEvidence, pk, disputes.send)


def test_finance_the_creators_and_the_buyer_are_told_once(order, fay, lin, courses) -> None:
    dispute = open_dispute(order)
    clock.advance(timedelta(days=12))
    assert [disputes.remind() for _twice in range(2)] == [1, 1]
    decide(dispute, "lose")
    shop.deliver_all(times=2)
    mails = Mail.objects.filter(key__startswith="dispute:")
    assert sorted(mails.values_list("to", flat=True)) == sorted(
        [fay.email] * 3 + [course.creator.user.email for course in courses] * 2 + [lin.email]
    )
