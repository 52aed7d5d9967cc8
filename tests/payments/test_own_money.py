"""Nobody of the finance team decides over money that would be hers: neither her purchase nor her sale."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import disputes, refunds
from payments.instalments import giving_back
from payments.models import Order, Refund
from payments.refund_cover import CannotCover
from payments.sandbox import desk
from tests import cast
from tests.payments import shop
from tests.payments.in_parts import begin, course_in_parts
from tests.payments.sales import creator_named, only_item, sell
from tests.payments.test_coupon_pages import api_of, client_of
from tests.payments.test_refund_cover import released_sales

pytestmark = pytest.mark.django_db
REFUSED = "Somebody else of the finance team must give this back"
FORM = "Give the money back"


@pytest.fixture
def other(db: None) -> User:
    """A second person of finance."""
    return cast.person("Gus", role="finance")


@pytest.fixture
def bought(fay: User) -> Order:
    return shop.buy(fay, shop.two_courses())


def sold_by(person: User, **facts: Any) -> Order:
    return sell(creator_named(person.name), **facts)


class TestHerPurchase:
    def test_is_given_back_by_somebody_else(self, bought: Order, fay: User, other: User) -> None:
        for what in (bought, bought.items.first()):
            with pytest.raises(refunds.OwnMoney):
                refunds.refund(what, by=fay, reason="I want it", ends_access=False)
        assert not Refund.objects.exists()
        assert refunds.refund(bought, by=other, reason="She asked").cause == Refund.Cause.STAFF

    def test_is_refused_on_the_page_and_over_the_api(self, bought: Order, fay: User) -> None:
        asked = client_of(fay).post(reverse("payments:refund", args=[bought.number]), {"reason": "I want it"})
        assert (asked.status_code, REFUSED in asked.content.decode()) == (403, True)
        told = api_of(fay).post(f"/api/v1/orders/{bought.number}/refund/", {"reason": "I want it"})
        assert (told.status_code, told.json()["code"]) == (403, "second_person_needed")
        assert not Refund.objects.exists()

    def test_shows_no_button_but_says_who_may(self, bought: Order, fay: User, other: User) -> None:
        mine, theirs = (client_of(one).get(bought.get_absolute_url()).content.decode() for one in (fay, other))
        assert (FORM in mine, "somebody else of the finance team" in mine) == (False, True)
        assert (FORM in theirs, "somebody else of the finance team" in theirs) == (True, False)

    def test_in_parts_likewise(self, fay: User, other: User) -> None:
        plan = begin(fay, course_in_parts(3))
        left = giving_back.left_of(plan)
        with pytest.raises(refunds.OwnMoney):
            giving_back.give_back(plan, by=fay, reason="I want it", left=left)
        with pytest.raises(refunds.OwnMoney):
            giving_back.once_more(plan, plan.orders.first(), by=fay)
        address = plan.get_absolute_url()
        assert FORM not in client_of(fay).get(address).content.decode().partition('id="refund"')[2]
        assert FORM in client_of(other).get(address).content.decode().partition('id="refund"')[2]
        assert giving_back.give_back(plan, by=other, reason="She asked", left=left)

    def test_disputed_is_not_accepted_by_herself(self, bought: Order, fay: User, other: User) -> None:
        desk.on_charge(bought.charge_id or "", "dispute")
        shop.deliver_new()
        dispute = bought.disputes.get()
        with pytest.raises(refunds.OwnMoney):
            disputes.accept(dispute, by=fay, reason="I am right")
        assert disputes.accept(dispute, by=other, reason="She is right")

    def test_disputed_is_not_lost_by_her_own_poor_answer(self, bought: Order, fay: User, other: User) -> None:
        desk.on_charge(bought.charge_id or "", "dispute")
        shop.deliver_new()
        dispute = bought.disputes.get()
        address, poor = f"/finance/disputes/{dispute.pk}/", {"uncategorized_text": "Nothing to say"}
        with pytest.raises(refunds.OwnMoney):
            disputes.submit(dispute, by=fay, fields=poor)
        hers, theirs = (client_of(who).get(address).content.decode() for who in (fay, other))
        assert ('id="evidence"' in hers, "somebody else of the finance team" in hers) == (False, True)
        assert ('id="evidence"' in theirs, "somebody else of the finance team" in theirs) == (True, False)
        assert disputes.submit(dispute, by=other, fields=poor)


class TestHerSale:
    def test_of_a_part_that_is_hers_somebody_else_decides(self, lin: User, fay: User, other: User) -> None:
        ada, hers = creator_named("Ada"), creator_named("Fay")
        order = sell(ada, buyer=lin, coauthors=((hers.pk, 3000),))
        for what in (order, only_item(order)):
            with pytest.raises(refunds.OwnMoney):
                refunds.refund(what, by=fay, reason="A friend")
        assert refunds.refund(order, by=other, reason="She asked").cause == Refund.Cause.STAFF

    def test_is_given_back_as_every_creator_gives(self, fay: User) -> None:
        order = sold_by(fay)
        with pytest.raises(refunds.OwnMoney):
            refunds.refund(order, by=fay, reason="As finance")
        assert refunds.refund(only_item(order), by=fay, reason="Sorry").cause == Refund.Cause.GOODWILL

    def test_the_role_lends_her_nothing(self, fay: User) -> None:
        """What she was paid for already she gives back from what she has."""
        items = released_sales(creator_named("Fay"), left=0)
        with pytest.raises(CannotCover):
            refunds.refund(items[0], by=fay, reason="Sorry", amount=Money(1000, "USD"))


def test_without_a_role_nothing_is_said_of_a_second_person(bought: Order, lin: User) -> None:
    with pytest.raises(NotAllowed):
        refunds.refund(bought, by=lin, reason="I want it")
