"""A price in parts is one sale, of its first part, wherever sales are counted; its money is of the day it comes."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation.fraud import signals
from moderation.gates import figures as gates
from payments import after_sale, refunds
from payments import gateway as gateways
from payments.incomes import figures as incomes
from payments.incomes import rollups
from payments.instalments import charging
from payments.models import IncomeMonth, InstalmentCharge, OrderItem
from payments.referrals import Followed, board, figures, standing
from payments.sandbox import desk, oracle
from payments.tiers import Tiers
from tests import cast
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.in_parts import (
    a_month_passes,
    begin,
    course_in_parts,
    due_again,
    fresh,
    start,
    take_next,
    work_off,
)
from tests.payments.test_incomes import blind
from tests.payments.test_instalment_returns import client_of
from tests.payments.test_referrals import link_of
from tests.payments.test_tax import table

__all__ = ["table"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db: None) -> Course:
    return course_in_parts(3)


def counted(sql: str, course: Course) -> tuple[int, int]:
    """(sales, those that the gate counts) of a course."""
    with connection.cursor() as cursor:
        since = clock.now() - timedelta(days=400)
        cursor.execute(sql, {"book": settings.PAYMENTS_BOOK, "since": since})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return found[course.pk]


class TestOneSale:
    def test_in_the_creators_figures_with_the_money_of_each_part(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        take_next(plan)
        [span] = incomes.spans(course.creator)
        total = incomes.figures(course.creator, "USD", span.first, span.last).total
        assert (total.sales, total.gross.minor) == (1, 6667)
        for _round in range(2):
            rollups.roll(blind)
        assert sum(IncomeMonth.objects.filter(owner=course.creator).values_list("sales", flat=True)) == 1

    def test_for_whoever_brought_it(self, lin: User, course: Course) -> None:
        promoter = make_creator(cast.person("Paula"))
        plan = begin(lin, course, referral=Followed(link_of(promoter).code))
        take_next(plan)
        [row] = figures.rows(promoter)
        assert (row.sales, row.sold["USD"].minor) == (1, 6667)
        [row] = board.rows(course.creator)
        assert (row.sales, row.sold["USD"].minor) == (1, 6667)
        now = clock.now() + timedelta(minutes=1)
        assert standing.sales(promoter.pk, Tiers(steps=((5, 1_200),), days=90), now) == 1

    def test_for_a_tier_while_no_part_was_taken_back(self, lin: User, course: Course) -> None:
        promoter = make_creator(cast.person("Paula"))
        plan = begin(lin, course, referral=Followed(link_of(promoter).code))
        take_next(plan)
        tiers = Tiers(steps=((5, 1_200),), days=90)
        second = plan.orders.latest("pk").items.get()
        refunds.refund(second, by=cast.fay(), reason="some", amount=Money(100, "USD"), ends_access=False)
        assert standing.sales(promoter.pk, tiers, clock.now() + timedelta(minutes=1)) == 0

    def test_for_moderators_and_signs_of_fraud(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        take_next(plan)
        assert OrderItem.objects.left_of(course, plan.book).sales() == 1
        assert counted(gates._REFUNDS, course) == (1, 0)
        assert counted(gates._DISPUTES, course) == (1, 0)
        bea = make_creator(cast.person("Bea"))
        begin(bea.user, course)
        take_next(plan)
        found = signals._rows(signals._EDGES, **signals._bought(clock.now() + timedelta(days=9)), least=1)
        assert [row[:3] for row in found] == [(bea.pk, course.creator_id, 1)]

    @pytest.mark.parametrize("part", [0, 1])
    def test_whichever_part_goes_back_or_is_disputed(self, lin: User, course: Course, part: int) -> None:
        plan = begin(lin, course)
        take_next(plan)
        order = plan.orders.order_by("pk")[part]
        desk.on_charge(order.charge_id, "dispute", reason="product_not_received")
        shop.deliver_all()
        assert counted(gates._DISPUTES, course) == (1, 1)
        other = plan.orders.order_by("pk")[1 - part]
        refunds.refund(other, by=cast.fay(), reason="asked")
        assert counted(gates._REFUNDS, course) == (1, 1)


class TestWhatIsTold:
    def test_each_part_says_which_it_is_to_buyer_and_creator(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        take_next(plan)
        take_next(plan)
        after_sale.catch_up()
        hers = [mail.text for mail in Mail.objects.filter(key__startswith="receipt:").order_by("pk")]
        assert "The course stands in your library. This was the first of 3 parts" in hers[0]
        assert "still open after it: $66.66" in hers[0]
        assert "Still open after it: $33.33" in hers[1]
        assert "All parts are paid." in hers[2]
        assert not any("library" in text for text in hers[1:])
        subjects = [mail.subject for mail in Mail.objects.filter(key__startswith="sale:").order_by("pk")]
        assert [subject.partition(":")[0] for subject in subjects] == [
            "You sold a course", "Part 2 of 3 of a sale has come", "Part 3 of 3 of a sale has come",
        ]  # fmt: skip
        first = Mail.objects.filter(key__startswith="sale:").earliest("pk").text
        assert "It is paid in 3 parts, $100.00 in all; this is the first." in first

    def test_her_order_says_that_a_part_is_paid(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        take_next(plan)
        page = client_of(lin).get(plan.orders.latest("pk").get_absolute_url()).content.decode()
        assert "Thank you. Part 2 of 3 is paid." in page


class TestTheApi:
    def test_shows_the_plan_as_a_country_is_taxed_and_takes_just_that(
        self, lin: User, course: Course, table: None
    ) -> None:
        api = APIClient()
        api.force_authenticate(lin)
        address = reverse("api-course-instalments", args=[course.slug])
        plain, german = api.get(address).json(), api.get(address, {"country": "de"}).json()
        taken = german["total"]
        asked = {
            "course": course.slug, "total": taken, "months": 3, "first_on": german["parts"][0]["due_on"],
            "agrees": True, "billing": {"country": "DE"},
        }  # fmt: skip
        assert api.post(reverse("api-instalments"), asked, format="json").status_code == 201
        assert sum(int(part["amount"]["minor"]) for part in german["parts"]) == int(taken["minor"])
        assert plain["parts"]


class TestTheOtherBook:
    def test_a_try_and_a_release_that_wait_are_held_back(self, lin: User, course: Course, settings) -> None:
        plan = begin(lin, course)
        a_month_passes(plan)
        charging.begin_due()
        settings.PAYMENTS_BOOK = "live" if plan.book == "sandbox" else "sandbox"
        work.run(InstalmentCharge, InstalmentCharge.objects.get().pk, charging.carry_out)
        row = InstalmentCharge.objects.get()
        assert (row.finished_at, row.dead_at, row.key, row.attempts) == (None, None, "", 0)
        assert len(oracle.charges()) == 1
        settings.PAYMENTS_BOOK = plan.book
        due_again()
        work_off()
        plan.refresh_from_db()
        assert plan.paid_parts == 2


class TestTheFirstPage:
    def test_takes_cards_alone(self, lin: User, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        real = gateways.StripeGateway._write

        def write(self, read, call, key, *ids, **named):
            asked.append(named.get("params", {}))
            return real(self, read, call, key, *ids, **named)

        monkeypatch.setattr(gateways.StripeGateway, "_write", write)
        start(lin, course)
        assert asked[-1]["payment_method_types"] == ["card"]
        shop.start(cast.cole(), [fresh(course)])
        assert "payment_method_types" not in asked[-1]
