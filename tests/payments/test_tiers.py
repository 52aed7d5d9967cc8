"""Tiers of promoters: who brought more gets a greater part, reckoned at one moment and frozen with the order."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money
from payments import calculator, checkout, quotes, refunds, rules, sales_csv, simulation, tiers
from payments.incomes import papers, receipts, statements
from payments.models import Order, OrderItem, RevenueRule
from payments.models.revenue_rule import TiersDoNotFit
from payments.quotes import Line
from payments.referrals import Followed, standing
from payments.rules import Terms
from payments.tiers import Tiers
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import bundles, shop
from tests.payments.crowd import at_once
from tests.payments.sales import only_item
from tests.payments.statements import today, verifier, write
from tests.payments.test_coupons import platform_coupon
from tests.payments.test_disputes import decide, open_dispute
from tests.payments.test_referrals import link_of

SLOW = RawSQL("(SELECT 1000 FROM pg_sleep(5))", (), output_field=BigIntegerField())
TWO = Tiers(90, ((2, 1_200), (4, 1_555)))
SOME = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=5)


def rising(rows: list[tuple[int, int]]) -> Tiers:
    """Any pairs as steps that rise in both."""
    sales = bps = 0
    steps = []
    for more_sales, more_bps in rows:
        sales, bps = sales + more_sales, bps + more_bps
        steps.append((sales, bps))
    return Tiers(30, tuple(steps))


class TestTheArithmetic:
    @given(rows=SOME, sales=st.integers(0, 5_000))
    def test_more_sales_never_give_less(self, rows: list[tuple[int, int]], sales: int) -> None:
        found = rising(rows)
        assert tiers.part_of(found, 0, sales) <= tiers.part_of(found, 0, sales + 1)
        assert tiers.part_of(found, 0, min(sales, found.most)) == tiers.part_of(found, 0, sales), "counted far enough"

    @given(rows=SOME)
    def test_a_tier_begins_with_its_own_number(self, rows: list[tuple[int, int]]) -> None:
        found = rising(rows)
        for at, bps in found.steps:
            assert tiers.part_of(found, 0, at) == bps
            assert tiers.part_of(found, 0, at - 1) < bps
            assert tiers.following(found, at - 1) == (at, bps)

    @given(
        rows=SOME, sales=st.integers(0, 5_000), minor=st.integers(0, 10**9), platform=st.integers(0, 5_500),
        currency=st.sampled_from(["USD", "JPY", "KWD"]), parts=st.lists(st.integers(0, 2_000), max_size=4),
    )  # fmt: skip
    def test_every_cent_of_every_split_is_somebody_s(self, rows, sales, minor, platform, currency, parts) -> None:
        found = rising(rows)
        line = Line(
            course_id=1, creator_id=1, list=Money(minor, currency), discount=Money.zero(currency),
            platform_bps=platform, affiliate_bps=tiers.part_of(found, 0, sales), affiliate_id=2,
            coauthors=tuple((owner, bps) for owner, bps in enumerate(parts, 3)),
        )  # fmt: skip
        quoted = quotes.quote(line)
        assert Money.total((share.amount for share in quoted.shares), currency) == line.list
        assert min(share.amount.minor for share in quoted.shares) >= 0

    @pytest.mark.parametrize(
        "wrong",
        [
            Tiers(0, ((1, 1_100),)), Tiers(366, ((1, 1_100),)), Tiers(30), Tiers(30, ((0, 1_100),)),
            Tiers(30, ((5, 1_000),)), Tiers(30, ((5, 1_100), (5, 1_200))), Tiers(30, ((5, 1_200), (6, 1_200))),
            Tiers(30, ((5, 7_501),)), Tiers(30, ((1_001, 1_200),)),
            Tiers(30, tuple((n, 1_100 + n) for n in range(1, 7))),
        ],
    )  # fmt: skip
    def test_what_does_not_rise_or_takes_of_the_platform_does_not_fit(self, wrong: Tiers) -> None:
        assert not tiers.fit(wrong, 2_500, 1_000)

    def test_the_calculator_takes_a_tier_as_any_other_part(self) -> None:
        rule = RevenueRule(code="affiliate", platform_bps=2_500, affiliate_bps=1_000, tier_days=90,
                           tier_steps=[[2, 1_200]])  # fmt: skip
        wish = Money(1_000, "USD")
        for sales in (0, 2):
            terms = calculator.AtTier(rule.platform_bps, rule.fixed_minor, rule.promoter_bps(sales))
            price = calculator.price_for(wish, terms)
            assert price is not None
            assert calculator.creators_part(price, terms) >= wish
            assert calculator.creators_part(Money(price.minor - 1, "USD"), terms) < wish


pytestmark = pytest.mark.django_db


def introduce(found: Tiers = TWO) -> RevenueRule:
    """Tiers from a moment ago on."""
    rule = RevenueRule.objects.introduce(
        "affiliate", starts_at=clock.now() + timedelta(seconds=1), platform_bps=2_500, affiliate_bps=1_000,
        tiers=found, by=cast.fay(), reason="More for who brings more",
    )  # fmt: skip
    clock.advance(timedelta(seconds=2))
    return rule


@pytest.fixture
def promoter(db: None) -> Creator:
    return make_creator(cast.person("Paula"), "Paula Points")


def bring(promoter: Creator, times: int = 1, price: Money | None = None, buyer: User | None = None) -> list[Order]:
    """So many sales of new courses of Ada's, one after the other."""
    code, done = link_of(promoter).code, []
    for _n in range(times):
        course = make_course(title=f"Course {OrderItem.objects.count()}", price=price or Money(1_999, "USD"), lessons=1)
        order = checkout.start(buyer=buyer or cast.lin(), courses=[course], referral=Followed(code))
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        done.append(order)
        clock.advance(timedelta(seconds=1))
    return done


def parts(orders: list[Order]) -> list[tuple[int | None, int, int]]:
    """(counted, basis points of the promoter's share, its amount) of each."""
    found = []
    for order in orders:
        item = only_item(order)
        share = item.shares.get(kind="affiliate")
        found.append((item.promoter_sales, share.bps, share.amount_minor))
    return found


class TestASale:
    def test_without_tiers_counts_nothing(self, promoter) -> None:
        assert parts(bring(promoter)) == [(None, 1_000, 199)]

    def test_has_the_tier_of_what_was_brought_before_it(self, promoter) -> None:
        introduce()
        assert parts(bring(promoter, 6)) == [
            (0, 1_000, 199), (1, 1_000, 199), (2, 1_200, 239), (3, 1_200, 239), (4, 1_555, 310), (4, 1_555, 310),
        ]  # fmt: skip

    @pytest.mark.parametrize("price", [Money(1_000, "JPY"), Money(10_010, "KWD")])
    def test_counts_sales_of_every_currency_and_conserves_each(self, promoter, price) -> None:
        introduce()
        bring(promoter, 2)
        (order,) = bring(promoter, price=price)
        item = only_item(order)
        assert (item.promoter_sales, item.affiliate_minor) == (2, price.minor * 12 // 100)
        assert item.platform_minor + item.affiliate_minor + item.creator_minor == item.net_minor

    def test_keeps_its_tier_when_an_earlier_one_is_given_back_which_counts_no_more_for_later_ones(
        self, promoter, fay
    ) -> None:
        introduce()
        first, _second, third = bring(promoter, 3)
        before = list(third.items.values())
        refunds.refund(first, by=fay, reason="asked")
        shop.send_refunds()
        assert list(third.items.values()) == before
        assert parts(bring(promoter))[0][:2] == (2, 1_200), "the second and the third"
        refunds.refund(third, by=fay, reason="asked")
        assert standing.of(promoter).sales == 2, "counted no more from when it is asked back"

    def test_that_is_given_back_takes_the_tier_s_part_back_whole(self, promoter, fay) -> None:
        introduce()
        *_before, third = bring(promoter, 3)
        refunds.refund(third, by=fay, reason="asked")
        shop.send_refunds()
        share = only_item(third).shares.with_left().get(kind="affiliate")
        assert (share.amount_minor, share.left_minor) == (239, 0)

    def test_before_the_window_does_not_count(self, promoter) -> None:
        introduce()
        bring(promoter, 2)
        clock.advance(timedelta(days=91))
        assert parts(bring(promoter))[0][:2] == (0, 1_000)

    def test_of_her_own_does_not_count(self, promoter) -> None:
        introduce()
        bring(promoter, 2, buyer=promoter.user)
        course = make_course(promoter, title="Her own", lessons=1)
        shop.pay(
            order := checkout.start(buyer=cast.cole(), courses=[course], referral=Followed(link_of(promoter).code))
        )
        shop.deliver_all()
        assert only_item(order).promoter_sales is None
        assert standing.of(promoter).sales == 0

    @pytest.mark.parametrize(("amount", "word", "counts"), [(None, "win", 1), (None, "lose", 0), (500, "lose", 0)])
    def test_that_a_bank_asks_back_counts_again_only_when_it_was_won(self, promoter, amount, word, counts) -> None:
        introduce()
        (order,) = bring(promoter)
        assert standing.of(promoter).sales == 1
        dispute = open_dispute(order, amount=amount)
        assert standing.of(promoter).sales == 0
        decide(dispute, word)
        assert standing.of(promoter).sales == counts

    def test_that_cost_its_buyer_nothing_does_not_count(self, promoter, fay) -> None:
        introduce()
        gift, course = platform_coupon(fay, kind="free", value=0), make_course(title="A gift", lessons=1)
        order = checkout.start(
            buyer=cast.lin(), courses=[course], coupon_code=gift.code, referral=Followed(link_of(promoter).code)
        )
        if order.total.minor:
            shop.pay(order)
        shop.deliver_all()
        item = only_item(order)
        assert (item.affiliate_id, item.price_minor, item.granted_at is not None) == (promoter.pk, 0, True)
        clock.advance(timedelta(seconds=1))
        assert standing.of(promoter).sales == 0

    def test_of_which_a_cent_was_given_back_does_not_count(self, promoter, fay) -> None:
        introduce()
        orders = bring(promoter, 2)
        refunds.refund(only_item(orders[0]), by=fay, reason="asked", amount=Money(1, "USD"), ends_access=False)
        shop.send_refunds()
        assert standing.of(promoter).sales == 1

    def test_of_a_bundle_is_one_while_a_course_of_it_is_kept(self, promoter, fay) -> None:
        introduce()
        bundle = bundles.bundle_of(bundles.courses_at(1_000, 2_000, 3_000), 4_500)
        order = bundles.buy(cast.lin(), bundle, referral=Followed(link_of(promoter).code))
        clock.advance(timedelta(seconds=1))
        assert {item.affiliate_id for item in order.items.all()} == {promoter.pk}
        for left, item in zip([1, 1, 0], order.items.all(), strict=True):
            assert standing.of(promoter).sales == 1
            refunds.refund(item, by=fay, reason="asked")
            assert standing.of(promoter).sales == left

    def test_of_a_whole_basket_has_one_tier(self, promoter, lin) -> None:
        introduce()
        bring(promoter, 1)
        courses = shop.two_courses()
        order = checkout.start(buyer=lin, courses=courses, referral=Followed(link_of(promoter).code))
        assert {item.promoter_sales for item in order.items.all()} == {1}

    def test_placed_before_the_tier_was_reached_keeps_the_part_of_then(self, promoter, cole) -> None:
        introduce()
        bring(promoter, 1)
        course = make_course(title="Slow to pay", lessons=1)
        waiting = checkout.start(buyer=cole, courses=[course], referral=Followed(link_of(promoter).code))
        bring(promoter, 1)
        shop.pay(waiting)
        shop.deliver_all()
        assert parts([waiting])[0][:2] == (1, 1_000)

    def test_asked_for_again_after_the_tier_was_reached_is_another_order(self, promoter, cole) -> None:
        introduce()
        bring(promoter, 1)
        course, code = make_course(title="Twice asked", lessons=1), link_of(promoter).code
        first = checkout.start(buyer=cole, courses=[course], referral=Followed(code))
        assert checkout.start(buyer=cole, courses=[course], referral=Followed(code)) == first
        bring(promoter, 1)
        second = checkout.start(buyer=cole, courses=[course], referral=Followed(code))
        first.refresh_from_db()
        assert (first.state, parts([second])[0][:2]) == ("expired", (2, 1_200))

    def test_costs_one_question_more_when_priced_and_none_when_paid(
        self, promoter, lin, django_assert_max_num_queries
    ) -> None:
        from payments import pricing

        course, code = make_course(title="Counted", lessons=1), link_of(promoter).code
        asked = {"courses": [course], "referral": Followed(code), "at": clock.now()}
        with django_assert_max_num_queries(50) as before:
            pricing.price_up(lin, **asked)
        introduce()
        with django_assert_max_num_queries(len(before) + 1):
            pricing.price_up(lin, **asked | {"at": clock.now()})
        order = checkout.start(buyer=lin, courses=[course], referral=Followed(code))
        with CaptureQueriesContext(connection) as paying:
            shop.pay(order)
            shop.deliver_all()
        assert only_item(order).granted_at is not None
        assert not [query for query in paying if f"LIMIT {TWO.most}" in query["sql"]]

    def test_cannot_change_what_was_counted_for_it(self, promoter) -> None:
        introduce()
        item = only_item(bring(promoter)[0])
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderItem.objects.filter(pk=item.pk).update(promoter_sales=4)


@pytest.mark.django_db(transaction=True)
def test_two_sales_at_once_at_the_threshold_both_have_the_tier_below_and_the_next_has_the_one_above() -> None:
    promoter = make_creator(cast.person("Paula"), "Paula Points")
    introduce()
    bring(promoter, 1)
    code, buyers = link_of(promoter).code, [cast.lin(), cast.cole()]
    courses = [make_course(title=f"At once {n}", lessons=1) for n in range(2)]
    placed = at_once(
        lambda n: checkout.start(buyer=buyers[n], courses=[courses[n]], referral=Followed(code)), 2
    )  # fmt: skip
    for order in placed:
        shop.pay(order)
    shop.deliver_all()
    assert [part[:2] for part in parts(placed)] == [(1, 1_000), (1, 1_000)]
    clock.advance(timedelta(seconds=1))
    assert parts(bring(promoter))[0][:2] == (3, 1_200)


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_is_paid_while_the_next_is_placed_counts_for_the_one_after(monkeypatch) -> None:
    promoter = make_creator(cast.person("Paula"), "Paula Points")
    introduce()
    bring(promoter, 1)
    code, counted = link_of(promoter).code, standing.counted
    courses = [make_course(title=f"Meanwhile {n}", lessons=1) for n in range(2)]
    first = checkout.start(buyer=cast.lin(), courses=courses[:1], referral=Followed(code))

    def pay_first(_n: int) -> None:
        shop.pay(first)
        shop.deliver_all()

    def counted_as_it_is_paid(*asked: Any) -> dict[int, int]:
        found = counted(*asked)
        monkeypatch.setattr(standing, "counted", counted)
        at_once(pay_first, 1)
        return found

    monkeypatch.setattr(standing, "counted", counted_as_it_is_paid)
    second = checkout.start(buyer=cast.cole(), courses=courses[1:], referral=Followed(code))
    assert standing.of(promoter).sales == 2, "the first is paid by now"
    shop.pay(second)
    shop.deliver_all()
    assert [part[:2] for part in parts([first, second])] == [(1, 1_000), (1, 1_000)]
    clock.advance(timedelta(seconds=1))
    assert parts(bring(promoter))[0][:2] == (3, 1_200)


class TestARule:
    @pytest.mark.parametrize("code", ["organic", "own_link"])
    def test_has_tiers_for_promoters_alone(self, fay, code) -> None:
        asked = {"starts_at": datetime(2040, 1, 1, tzinfo=UTC), "platform_bps": 2_500, "by": fay, "reason": "x"}
        with pytest.raises(TiersDoNotFit):
            RevenueRule.objects.introduce(code, tiers=TWO, **asked)

    @pytest.mark.parametrize("steps", ["[[5, 900]]", "[[5, 1100], [4, 1200]]", "[[5, 7600]]", "{}", "[[5]]"])
    def test_that_does_not_fit_is_refused_by_the_database_too(self, steps) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            RevenueRule.objects.create(
                code="affiliate", starts_at=datetime(2040, 1, 1, tzinfo=UTC), platform_bps=2_500, affiliate_bps=1_000,
                tier_days=30, tier_steps=json.loads(steps),
            )  # fmt: skip

    def test_is_introduced_and_announced_with_its_tiers(self, fay, ada) -> None:
        from marketplace.lib.emails import Mail
        from tests.payments.test_rules import TestAnnouncement

        make_course(lessons=1)
        client = Client()
        client.force_login(fay)
        form = {
            "code": "affiliate", "starts_at": "2040-01-01T00:00", "platform_percent": "25", "affiliate_percent": "10",
            "tier_days": "90", "tiers": "20 = 12.5\n50: 15%", "reason": "More for who brings more",
        }  # fmt: skip
        text = client.get("/finance/rules/preview/", form).content.decode()
        assert "from 20 sales: 12.5%; from 50 sales: 15% (kept, of the last 90 days)" in text
        assert client.post("/finance/rules/introduce/", form).status_code == 302
        rule = RevenueRule.objects.get(starts_at__year=2040)
        assert rule.tiers == Tiers(90, ((20, 1_250), (50, 1_500)))
        TestAnnouncement().announce()
        assert "from 20 sales: 12.5%" in Mail.objects.get(key__startswith="revenue-rule:").text
        assert "from 20 sales: 12.5%" in client.get("/finance/rules/").content.decode()
        assert "from 20 sales: 12.5%" in Client().get("/how-sales-are-shared/").content.decode()
        told = Client().get("/api/v1/revenue-rules/").json()["results"]
        assert [row["tiers"] for row in told if row["tiers"]] == [
            [{"sales": 20, "affiliate_bps": 1_250}, {"sales": 50, "affiliate_bps": 1_500}]
        ]

    @pytest.mark.parametrize(
        "wrong", ["20", "20 = 12.555", "many = 12", "20 = 9", "20 = 12\n10 = 14", "20 = 80", "1=11\n" * 6, "20 = 12"]
    )
    def test_that_is_written_wrongly_says_so(self, fay, wrong) -> None:
        client = Client()
        client.force_login(fay)
        form = {
            "code": "affiliate", "starts_at": "2040-01-01T00:00", "platform_percent": "25", "affiliate_percent": "10",
            "tier_days": "" if wrong == "20 = 12" else "90", "tiers": wrong,
        }  # fmt: skip
        assert client.get("/finance/rules/preview/", form).status_code == 422

    def test_over_the_api_is_tried_out_and_introduced_by_finance(self, fay, promoter) -> None:
        client = Client()
        client.force_login(fay)
        bring(promoter, 3)
        asked: dict[str, Any] = {
            "code": "affiliate", "starts_at": "2040-01-01T00:00:00Z", "platform_bps": 2_500, "affiliate_bps": 1_000,
            "tier_days": 90, "tiers": [{"sales": 2, "affiliate_bps": 1_200}],
        }  # fmt: skip
        told = client.post("/api/v1/revenue-rules/simulation/", asked, content_type="application/json").json()
        assert told["effects"][0]["new"]["affiliate"]["minor"] == str(199 + 199 + 239)
        asked["reason"] = "More for who brings more"
        made = client.post("/api/v1/revenue-rules/", asked, content_type="application/json")
        assert (made.status_code, made.json()["tier_days"]) == (201, 90)
        asked["tiers"] = [{"sales": 2, "affiliate_bps": 900}]
        assert client.post("/api/v1/revenue-rules/", asked, content_type="application/json").status_code == 400


class TestTheSimulator:
    def test_gives_each_sale_the_tier_that_it_would_have_had(self, promoter) -> None:
        introduce()
        orders = bring(promoter, 6)
        asked = Terms("affiliate", datetime(2040, 1, 1, tzinfo=UTC), 2_500, affiliate_bps=1_000, tiers=TWO)
        (effect,) = simulation.simulate(asked)
        assert effect.new == effect.old, "the same rule, sale by sale"
        assert effect.new.affiliate.minor == sum(amount for _counted, _bps, amount in parts(orders))

    def test_shows_what_tiers_would_have_done_to_sales_without(self, promoter) -> None:
        bring(promoter, 6)
        asked = Terms("affiliate", datetime(2040, 1, 1, tzinfo=UTC), 2_500, affiliate_bps=1_000, tiers=TWO)
        (effect,) = simulation.simulate(asked)
        assert (effect.old.affiliate.minor, effect.new.affiliate.minor) == (6 * 199, 2 * 199 + 2 * 239 + 2 * 310)
        assert effect.old.whole == effect.new.whole

    def test_keeps_promoters_and_windows_apart(self, promoter) -> None:
        other = make_creator(cast.person("Quinn"), "Quinn Quiet")
        bring(promoter, 1)
        bring(other, 1)
        clock.advance(timedelta(days=8))
        bring(promoter, 2)
        few = Tiers(7, ((1, 2_000),))
        asked = Terms("affiliate", datetime(2040, 1, 1, tzinfo=UTC), 2_500, affiliate_bps=1_000, tiers=few)
        (effect,) = simulation.simulate(asked)
        assert effect.new.affiliate.minor == 3 * 199 + 399, "only the last had one before it within a week"

    def test_counts_a_bundle_once_and_each_sale_s_promoter_in_one_place(self, promoter) -> None:
        bundle = bundles.bundle_of(bundles.courses_at(1_000, 2_000, 3_000), 4_500)
        bundles.buy(cast.lin(), bundle, referral=Followed(link_of(promoter).code))
        clock.advance(timedelta(seconds=1))
        bring(promoter)
        asked = Terms("affiliate", datetime(2040, 1, 1, tzinfo=UTC), 2_500, affiliate_bps=1_000, tiers=TWO)
        with CaptureQueriesContext(connection) as told:
            (effect,) = simulation.simulate(asked)
        assert effect.new.affiliate == effect.old.affiliate, "one order before it, which is below the first tier"
        # Once in the question of what was paid at once, and once in that of prices in parts.
        counted = [query["sql"].count("LIMIT 4") for query in told]
        assert (max(counted), sum(counted)) == (1, 2)

    def test_gives_up_what_takes_too_long_and_the_page_goes_on(self, promoter, fay, monkeypatch) -> None:
        bring(promoter)
        monkeypatch.setattr(simulation, "_promoter_bps", lambda _terms: SLOW)
        monkeypatch.setattr(simulation, "PATIENCE_MS", 50)
        client = Client()
        client.force_login(fay)
        form = {
            "code": "affiliate", "starts_at": "2040-01-01T00:00", "platform_percent": "25", "affiliate_percent": "10",
            "tier_days": "90", "tiers": "20 = 12.5",
        }  # fmt: skip
        answer = client.get("/finance/rules/preview/", form)
        assert (answer.status_code, "Ask without its tiers" in answer.content.decode()) == (200, True)
        assert "Introduce the rule" in answer.content.decode()


class TestThePapers:
    def test_name_the_tier_and_its_rule(self, promoter, ada) -> None:
        rule = introduce()
        *_before, third = bring(promoter, 3)
        item = only_item(third)
        hers, own = (receipts.receipt(who, item.pk) for who in (promoter, ada.creator))
        told = [line.note for receipt in (hers, own) for part in receipt.parts for line in part.lines]
        assert sum("tier of 2 sales in 90 days" in note for note in told) == 2
        assert any(f"(rule {rule.pk})" in note for note in told)
        text = "".join(papers.csv_lines(statements.statement(promoter, "USD", today().replace(day=1))))
        assert text.count("tier of 2 sales in 90 days") == 1
        assert "".join(sales_csv.lines(promoter)).count("tier of 2 sales in 90 days") == 1
        assert papers.pdf(statements.statement(promoter, "USD", today().replace(day=1)), "en")[:4] == b"%PDF"

    @pytest.mark.parametrize("who", ["promoter", "creator"])
    def test_tell_where_the_tier_begins_and_not_how_much_she_sells(self, promoter, ada, tmp_path, who) -> None:
        introduce()
        orders = bring(promoter, 4)
        assert [only_item(order).promoter_sales for order in orders] == [0, 1, 2, 3]
        _seals, statement = write(tmp_path, promoter if who == "promoter" else ada.creator)
        lines = json.loads(statement.read_text())["lines"]
        told = [part["promoter_sales"] for line in lines for part in line["parts"] if "promoter_sales" in part]
        assert sorted(told) == [0, 0, 2, 2]

    @pytest.mark.parametrize("who", ["promoter", "creator"])
    def test_are_reckoned_anew_by_the_stand_alone_verifier(self, promoter, ada, tmp_path, who) -> None:
        introduce()
        orders = bring(promoter, 5)
        refunds.refund(orders[2], by=cast.fay(), reason="asked")
        shop.send_refunds()
        files = write(tmp_path, promoter if who == "promoter" else ada.creator)
        verify = verifier()
        head, seals = verify.read_seals(files[0])
        verify.check_statement(files[1], head, seals, None)
        part = next(
            part for line in json.loads(files[1].read_text())["lines"] for part in line["parts"]
            if part.get("promoter_sales") == 2
        )  # fmt: skip
        assert verify.share_of(part, int(part["net"])) == int(part["amount"])
        for wrong in ({"promoter_sales": 1}, {"promoter_sales": 9}, {"promoter_sales": None}):
            try:
                assert verify.share_of(part | wrong, int(part["net"])) != int(part["amount"])
            except verify.Wrong:
                pass


class TestTheBoard:
    def test_shows_the_tier_what_is_missing_and_the_window(self, promoter) -> None:
        client = Client()
        client.force_login(promoter.user)
        assert "Your tier" not in client.get("/studio/promotion/").content.decode()
        assert client.get("/api/v1/referrals/tier/").json()["affiliate_bps"] is None
        introduce()
        bring(promoter, 3)
        text = client.get("/studio/promotion/").content.decode()
        for words in ("12% of the net price", "In the last 90 days you brought 3 sales", "1 more", "15.55%", "<svg"):
            assert words in text
        told = client.get("/api/v1/referrals/tier/").json()
        assert (told["sales"], told["affiliate_bps"], told["missing"], told["days"]) == (3, 1_200, 1, 90)
        bring(promoter, 2)
        assert "this is the highest tier" in client.get("/studio/promotion/").content.decode()

    def test_says_it_in_chinese(self, promoter) -> None:
        introduce()
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(promoter.user)
        assert client.get("/studio/promotion/").status_code == 200


def test_a_rule_in_force_cannot_get_tiers_later(fay) -> None:
    rule = introduce(tiers.NONE)
    with pytest.raises((IntegrityError, DomainError)), transaction.atomic():
        RevenueRule.objects.filter(pk=rule.pk).update(tier_days=30, tier_steps=[[5, 1_100]])


def test_announced_terms_are_those_that_are_kept(fay) -> None:
    terms = Terms("affiliate", datetime(2040, 1, 1, tzinfo=UTC), 2_500, affiliate_bps=1_000, tiers=TWO)
    assert rules.introduce(terms, by=fay, reason="x").tiers == TWO
