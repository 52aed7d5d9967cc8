"""A sale as a receipt: each sees every deduction that is hers to see, and only that."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import payouts, releases
from payments.incomes import receipts
from payments.models import Order, RevenueRule, RuleCode
from tests.payments.sales import (
    carry_out_runs,
    creator_named,
    give_back,
    only_item,
    pass_hold,
    ready_account,
    sell,
    submit_all,
)

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def promoters_rule() -> RevenueRule:
    return RevenueRule.objects.in_force(RuleCode.AFFILIATE, at=clock.now())


@pytest.fixture
def bea(db: None) -> Creator:
    return creator_named("Bea")


@pytest.fixture
def pia(db: None) -> Creator:
    return creator_named("Pia")


@pytest.fixture
def shared(ada: User, bea: Creator, pia: Creator) -> Order:
    """119.00 with 19 % tax in it, less 10.00 that the platform bears: Bea has 30 %, Pia brought the buyer."""
    return sell(
        ada.creator, price=usd(11900), discount=usd(1000), bearer="platform", tax_bps=1900,
        coauthors=((bea.pk, 3000),), affiliate_id=pia.pk, affiliate_bps=1000, rule_id=promoters_rule().pk,
    )  # fmt: skip


def amounts(creator: Creator, order: Order) -> dict[str, int]:
    found = receipts.receipt(creator, only_item(order).pk)
    assert found is not None
    return {line.kind: line.amount.minor for part in found.parts for line in part.lines}


class TestReceipt:
    def test_of_the_course_s_creator_leads_from_the_list_price_to_her_share(self, ada: User, shared: Order) -> None:
        assert amounts(ada.creator, shared) == {
            "gross": 11900, "discount": -1000, "price": 10900, "tax": -1740, "promotion": 840, "basis": 10000,
            "platform": -2500, "affiliate": -1000, "coauthors": -1950, "own": 4550,
        }  # fmt: skip

    def test_adds_up_line_by_line(self, ada: User, shared: Order) -> None:
        found = receipts.receipt(ada.creator, only_item(shared).pk)
        running = usd(0)
        for line in found.parts[0].lines:
            running = running if line.is_sum else running + line.amount
            assert not line.is_sum or running == line.amount

    def test_of_a_co_author_shows_her_part_alone(self, bea: Creator, shared: Order) -> None:
        assert amounts(bea, shared) == {"basis": 6500, "own": 1950}

    def test_of_a_promoter_shows_her_part_alone(self, pia: Creator, shared: Order) -> None:
        assert amounts(pia, shared) == {"basis": 10000, "own": 1000}

    def test_names_the_version_of_its_rule(self, ada: User, shared: Order) -> None:
        rule = only_item(shared).rule
        found = receipts.receipt(ada.creator, only_item(shared).pk)
        (note,) = [line.note for line in found.parts[0].lines if line.kind == "platform"]
        assert note == f"A promoter's link, 25% (rule {rule.pk})"

    def test_shows_what_was_taken_back_share_by_share(self, ada: User, bea: Creator, shared: Order) -> None:
        give_back(shared, only_item(shared))
        (back,) = receipts.receipt(ada.creator, only_item(shared).pk).returns
        assert {line.kind: line.amount.minor for line in back.parts} == {
            "tax": -1740, "promotion": 840, "platform": -2500, "affiliate": -1000, "coauthors": -1950, "own": -4550,
        }  # fmt: skip
        assert back.amount == usd(10900)
        (hers,) = receipts.receipt(bea, only_item(shared).pk).returns
        assert ([line.amount.minor for line in hers.parts], hers.amount) == ([-1950], None)

    def test_with_tax_on_top_begins_with_the_price_shown(self, ada: User) -> None:
        order = sell(ada.creator, price=usd(10000), tax_bps=1900, is_tax_inclusive=False)
        found = receipts.receipt(ada.creator, only_item(order).pk)
        lines = [(line.kind, line.amount.minor) for line in found.parts[0].lines]
        assert lines == [
            ("gross", 10000), ("tax", 1900), ("price", 11900), ("tax", -1900), ("basis", 10000),
            ("platform", -2500), ("own", 7500),
        ]  # fmt: skip

    def test_is_nobody_s_who_has_no_part(self, shared: Order) -> None:
        assert receipts.receipt(creator_named("Dora"), only_item(shared).pk) is None

    def test_of_somebody_with_two_parts_shows_both(self, ada: User, bea: Creator) -> None:
        order = sell(ada.creator, coauthors=((bea.pk, 1000),), affiliate_id=bea.pk, affiliate_bps=1000)
        found = receipts.receipt(bea, only_item(order).pk)
        assert sorted(part.sale.role.value for part in found.parts) == ["coauthor", "promoter"]


class TestPage:
    def client_of(self, creator: Creator) -> Client:
        client = Client()
        client.force_login(creator.user)
        return client

    def text(self, creator: Creator, order: Order) -> Any:
        return self.client_of(creator).get(f"/studio/earnings/sales/{only_item(order).pk}/").content.decode()

    def test_shows_every_deduction_to_the_course_s_creator(self, ada: User, shared: Order) -> None:
        text = self.text(ada.creator, shared)
        for words in ("$119.00", "Borne by the site", "− $25.00", "Co-author Bea", "$45.50", "19%"):
            assert words in text

    def test_shows_others_nothing_but_their_part(self, bea: Creator, pia: Creator, shared: Order) -> None:
        for creator, own in ((bea, "$19.50"), (pia, "$10.00")):
            text = self.text(creator, shared)
            assert own in text
            assert "$45.50" not in text
            assert "$109.00" not in text

    def test_names_the_payout_that_carried_it(self, ada: User) -> None:
        order = sell(ada.creator)
        sell(creator_named("Funder"))
        ready_account(ada.creator)
        pass_hold()
        releases.release_due()
        payouts.run(None)
        carry_out_runs()
        submit_all()
        text = self.text(ada.creator, order)
        assert "with a payout of $15.00" in text
        assert "tr_" in text

    def test_says_by_which_rule_the_buyer_may_take_back_and_not_what_she_has_watched(self, ada: User) -> None:
        order = sell(ada.creator)
        text = self.text(ada.creator, order)
        until = order.paid_at + timedelta(days=order.refund_rule.whole_days)
        assert "(14 days), if she has watched at most" in text
        assert "How much she has watched only she sees." in text
        told = self.client_of(ada.creator).get(f"/api/v1/earnings/sales/{only_item(order).pk}/").json()
        assert (told["refund_rule"]["whole_days"], told["whole_until"][:10]) == (14, f"{until:%Y-%m-%d}")
        assert "watched_s" not in str(told)

    def test_is_not_found_by_others(self, shared: Order) -> None:
        answer = self.client_of(creator_named("Dora")).get(f"/studio/earnings/sales/{only_item(shared).pk}/")
        assert answer.status_code == 404

    def test_is_told_by_the_api_too(self, ada: User, bea: Creator, shared: Order) -> None:
        path = f"/api/v1/earnings/sales/{only_item(shared).pk}/"
        (part,) = self.client_of(ada.creator).get(path).json()["parts"]
        assert part["sale"]["creator_share"]["minor"] == "4550"
        assert [line["kind"] for line in part["lines"]][-1] == "own"
        (hers,) = self.client_of(bea).get(path).json()["parts"]
        assert (hers["sale"]["platform_fee"], hers["sale"]["creator_share"]["minor"]) == (None, "1950")
