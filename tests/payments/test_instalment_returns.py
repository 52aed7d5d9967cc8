"""Finance gives the parts of a plan back in one act: each cent once, whoever comes meanwhile or dies on the way."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from learners import rights
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money
from payments import meter, refunds
from payments.instalments import giving_back, paying
from payments.models import InstalmentPlan, Refund
from payments.models.refund_line import MoreThanIsLeft
from payments.refunds import NothingToRefund, PartOfWhat
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxFault
from tests import cast
from tests.faults.taken_away import lingering, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.in_parts import PRICE, banks_answer, begin, charge_all, course_in_parts, fresh, take_next

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def two_paid(lin: User, months: int = 3, price: Money = PRICE) -> InstalmentPlan:
    plan = begin(lin, course_in_parts(months, price=price))
    take_next(plan)
    assert plan.paid_parts == 2
    return plan


def give(plan: InstalmentPlan, left: int, amount: int | None = None, **more: Any) -> list[Refund]:
    asked = {"amount": None if amount is None else Money(amount, plan.currency), "reason": "asked", **more}
    return giving_back.give_back(plan, **{"by": cast.fay(), "left": Money(left, plan.currency), **asked})


def amounts() -> list[tuple[int, str]]:
    return list(Refund.objects.order_by("pk").values_list("amount_minor", "state"))


class TestInOneAct:
    def test_all_that_is_left_goes_back_and_ends_the_plan(self, lin: User) -> None:
        plan = two_paid(lin)
        assert [refund.amount for refund in give(plan, 6667)] == [usd(3334), usd(3333)]
        shop.send_refunds()
        plan.refresh_from_db()
        assert (plan.state, plan.end_reason) == ("ended", "refunded")
        assert not Enrollment.objects.active().of(lin).exists()
        assert oracle.refunds() == oracle.charges()
        noted = AuditEvent.objects.get(verb="instalments.refund")
        assert sorted(noted.facts["orders"].values()) == [3333, 3334]
        assert begin(lin, fresh(plan.course)).pk != plan.pk, "she can buy it again"
        assert books_hold()

    def test_a_sum_is_spread_over_the_parts_and_the_plan_goes_on(self, lin: User) -> None:
        plan = two_paid(lin)
        give(plan, 6667, 1001, ends_access=False)
        assert amounts() == [(501, "requested"), (500, "requested")]
        shop.send_refunds()
        take_next(plan)
        assert plan.state == "done"
        give(plan, 8999, 8999, ends_access=False)
        shop.send_refunds()
        assert giving_back.left_of(plan) == usd(0)
        assert Enrollment.objects.active().of(lin).exists()
        assert books_hold()

    def test_a_sum_in_a_currency_with_steps_keeps_them(self, lin: User) -> None:
        plan = two_paid(lin, price=Money(20_000, "KWD"))
        give(plan, 13_340, 1_010, ends_access=False)
        assert [minor % 10 for minor, _state in amounts()] == [0, 0]
        assert sum(minor for minor, _state in amounts()) == 1_010
        with pytest.raises(PartOfWhat):
            give(plan, 12_330, 1_005)

    def test_where_all_money_went_back_before_the_course_can_still_go(self, lin: User) -> None:
        plan = two_paid(lin)
        give(plan, 6667, 6667, ends_access=False)
        shop.send_refunds()
        with pytest.raises(NothingToRefund):
            give(plan, 0, ends_access=False)
        give(plan, 0)
        shop.send_refunds()
        plan.refresh_from_db()
        assert plan.end_reason == "refunded"
        assert not Enrollment.objects.active().of(lin).exists()
        with pytest.raises(NothingToRefund):
            give(plan, 0)
        assert books_hold()

    def test_is_refused_for_others_for_more_than_is_left_and_for_what_was_not_seen(self, lin: User) -> None:
        plan = two_paid(lin)
        with pytest.raises(NotAllowed):
            give(plan, 6667, by=plan.course.creator.user)
        with pytest.raises(MoreThanIsLeft):
            give(plan, 6667, 6668)
        with pytest.raises(PartOfWhat):
            give(plan, 6667, 0)
        with pytest.raises(giving_back.LeftMoved):
            give(plan, 3334)
        assert not Refund.objects.exists()

    def test_a_part_that_a_bank_disputes_is_left_out(self, lin: User) -> None:
        plan = two_paid(lin)
        desk.on_charge(plan.orders.latest("pk").charge_id, "dispute")
        shop.deliver_all()
        assert giving_back.left_of(plan) == usd(3334)
        assert "Its bank decides" in client_of(cast.fay()).get(plan.get_absolute_url()).content.decode()
        with pytest.raises(giving_back.LeftMoved):
            give(plan, 6667)
        give(plan, 3334)
        shop.send_refunds()
        assert amounts() == [(3334, "done")]
        assert books_hold()


class TestAPartThatIsRefused:
    def test_finance_is_told_what_to_do_and_gives_it_back_once_more(self, lin: User) -> None:
        plan, fay = two_paid(lin), cast.fay()
        SandboxFault.objects.plan("refunds.create", "400")
        give(plan, 6667)
        shop.send_refunds()
        assert sorted(state for _minor, state in amounts()) == ["done", "failed"]
        refused = Refund.objects.get(state="failed")
        page = client_of(fay).get(refused.order.get_absolute_url()).content.decode()
        assert "was refused" in page
        assert "look at this payment at the provider" in page
        assert not Enrollment.objects.active().of(lin).exists(), "it went with the act"
        assert "Refund refused" in client_of(fay).get(plan.get_absolute_url()).content.decode()
        address = reverse("payments:refund_instalment_again", args=[plan.token, refused.order.number])
        assert client_of(lin).post(address).status_code in (403, 404)
        client_of(fay).post(address)
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert client_of(fay).post(address).status_code == 409, "once"
        assert "Refund refused" not in client_of(fay).get(plan.get_absolute_url()).content.decode()
        assert not Enrollment.objects.active().of(lin).exists()
        assert books_hold()

    def test_by_the_meter_the_course_stays_away_and_the_money_is_not_forgotten(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        SandboxFault.objects.plan("refunds.create", "400")
        meter.take_back(plan.orders.earliest("pk").items.get(), by=lin, expected=usd(6667))
        shop.send_refunds()
        refused = Refund.objects.get(state="failed")
        assert refused.order.flagged_at
        assert not Enrollment.objects.active().of(lin).exists()
        page = client_of(cast.fay()).get(refused.order.get_absolute_url()).content.decode()
        assert "What other parts give back goes all the same" in page
        assert "was refused" not in client_of(lin).get(refused.order.get_absolute_url()).content.decode()
        giving_back.once_more(plan, refused.order, by=cast.fay())
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert books_hold()

    def test_in_proportion_just_that_part_gives_what_was_refused(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        first, second = plan.orders.order_by("pk")
        give(plan, 6667, 2000, ends_access=False)
        shop.send_refunds()
        SandboxFault.objects.plan("refunds.create", "400")
        [refund] = [refunds.refund(second, by=cast.fay(), reason="asked")]
        shop.send_refunds()
        refund.refresh_from_db()
        assert refund.state == "failed"
        left = first.items.get().left
        giving_back.once_more(plan, second, by=cast.fay())
        shop.send_refunds()
        assert first.items.get().left == left
        assert second.items.get().left == usd(0)
        with pytest.raises(giving_back.LeftMoved):
            giving_back.once_more(plan, second, by=cast.fay())
        assert books_hold()

    def test_of_a_paused_plan_the_lessons_do_not_open_on_the_way(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        banks_answer("card_declined")
        for _try in range(3):
            take_next(plan)
        assert plan.is_paused
        SandboxFault.objects.plan("refunds.create", "400")
        give(plan, 3334)
        assert rights.enrollment_of(lin, plan.course_id) is None
        shop.send_refunds()
        assert not Enrollment.objects.active().of(lin).exists()
        assert books_hold()

    def test_what_one_has_given_since_is_not_owed_any_more(self, lin: User) -> None:
        plan = two_paid(lin)
        SandboxFault.objects.plan("refunds.create", "400")
        give(plan, 6667)
        shop.send_refunds()
        refused = Refund.objects.get(state="failed")
        refunds.refund(refused.order.items.get(), by=cast.fay(), reason="some", amount=usd(1000))
        shop.send_refunds()
        owed = giving_back.refused_of([refused.order_id])[refused.order_id].owed
        assert owed == refused.amount - usd(1000)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestThePage:
    def test_lists_the_parts_and_gives_back_what_was_seen(self, lin: User) -> None:
        plan, fay = two_paid(lin), client_of(cast.fay())
        page = fay.get(plan.get_absolute_url()).content.decode()
        assert "all of the $66.67 that are left" in page
        assert "Give money back" not in client_of(lin).get(plan.get_absolute_url()).content.decode()
        address = reverse("payments:refund_instalments", args=[plan.token])
        told = {"left": "6667", "reason": "", "amount": "1"}
        assert fay.post(address, told).status_code == 422
        assert fay.post(address, {**told, "reason": "asked", "amount": "x"}).status_code == 422
        assert fay.post(address, {**told, "reason": "asked", "left": "3334"}).status_code == 409
        assert client_of(lin).post(address, {**told, "reason": "asked"}).status_code in (403, 404)
        assert not Refund.objects.exists()
        fay.post(address, {**told, "reason": "asked", "keeps_access": "1", "amount": "10.01"})
        assert amounts() == [(501, "requested"), (500, "requested")]
        shown = fay.get(plan.get_absolute_url()).content.decode()
        assert "$5.01" in shown
        assert "$56.66" in shown

    def test_over_the_api(self, lin: User) -> None:
        plan, api = two_paid(lin), APIClient()
        api.force_authenticate(cast.fay())
        told = api.get(reverse("api-finance-instalment", args=[plan.token])).json()
        assert told["left"]["minor"] == "6667"
        assert [part["parts"] for part in told["paid_parts"]] == ["1", "2"]
        address = reverse("api-finance-instalment-refund", args=[plan.token])
        assert api.post(address, {"reason": "asked"}, format="json").status_code == 400
        answer = api.post(address, {"reason": "asked", "left": told["left"]}, format="json")
        assert answer.status_code == 202
        assert [row["amount"]["minor"] for row in answer.json()] == ["3334", "3333"]
        assert api.post(address, {"reason": "asked", "left": told["left"]}, format="json").status_code == 409

    def test_her_own_page_shows_what_comes_back_of_all_parts_at_one_place(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        client = client_of(lin)
        assert "All of $66.67 comes back" in client.get(plan.get_absolute_url()).content.decode()
        first, second = plan.orders.order_by("pk")
        assert "All of $66.67 comes back" in client.get(first.get_absolute_url()).content.decode()
        later = client.get(second.get_absolute_url()).content.decode()
        assert "comes back if you ask now" not in later
        assert "What comes back of all parts together stands there, too" in later
        listed = client.get(reverse("payments:orders")).content.decode()
        assert listed.count("Get $66.67 back") == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_of_finance_give_a_sum_back_once(self, lin: User) -> None:
        plan = two_paid(lin)
        cast.fay()
        with taken_away(lingering("payments_refund")):
            answers = at_once(lambda _n: give(plan, 6667, 1000, ends_access=False), 2)
            assert sum(isinstance(answer, giving_back.LeftMoved) for answer in answers) == 1
            assert sum(minor for minor, _state in amounts()) == 1000

    def test_the_control_without_the_locks_it_goes_twice(self, lin: User) -> None:
        plan = two_paid(lin)
        cast.fay()
        with taken_away(lingering("payments_refund")):
            at_once(lambda _n: give(plan, 6667, 1000, ends_access=False), 2, without_locks=True)
            assert sum(minor for minor, _state in amounts()) == 2000

    def test_beside_the_buyer_and_a_part_that_comes_all_money_is_back_once(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        item = plan.orders.get().items.get()
        shop.pay(paying.pay(plan, by=lin))
        cast.fay()

        def act(n: int) -> object:
            try:
                return (shop.deliver_all, lambda: give(plan, 3334), taken_back)[n]()
            except DomainError as refusal:
                return refusal

        def taken_back() -> object:
            return meter.take_back(item, by=lin, expected=item.price)

        at_once(act, 3)
        shop.deliver_all()
        plan.refresh_from_db()
        if left := giving_back.left_of(plan):
            give(plan, left.minor)
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert not Enrollment.objects.active().of(lin).exists()
        charge_all()
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_two_workers_settle_the_refunds_of_one_act(self, lin: User) -> None:
        plan = two_paid(lin)
        give(plan, 6667)
        with taken_away(lingering("payments_afterrefund")):
            at_once(lambda n: work.run(Refund, Refund.objects.order_by("pk")[n].pk, refunds.send), 2)
            assert amounts() == [(3334, "done"), (3333, "done")]
            assert not Refund.objects.exclude(last_error="").exists()

    @pytest.mark.parametrize("place", ["refund.before_call", "refund.after_call", "refund.before_commit"])
    def test_a_worker_that_dies_sends_none_twice(self, lin: User, place: str) -> None:
        plan = two_paid(lin)
        give(plan, 6667)
        assert dies_at(place, shop.send_refunds)
        Refund.objects.update(lease_until=None)
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert books_hold()
