"""The simulator over sales of every kind: what it shows is what each sale would be, quoted under the new rule."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money
from payments import frozen_sale, quotes, refunds, simulation
from payments.instalments import schedule
from payments.models import OrderItem, PassListing, RevenueRule
from payments.rules import Terms
from payments.sandbox import desk
from payments.simulation import Effect
from tests import cast
from tests.payments import in_parts, membered, shop
from tests.payments.sales import creator_named, give_back, only_item, sell

pytestmark = pytest.mark.django_db
CODES = ("organic", "own_link", "affiliate")


def terms(code: str, **changes: Any) -> Terms:
    asked = {"code": code, "starts_at": datetime(2040, 1, 1, tzinfo=UTC), "platform_bps": 3_333, "fixed_minor": 7}
    return Terms(**{**asked, "affiliate_bps": 1_234 if code == "affiliate" else 0, **changes})


def some_sale(chance: random.Random, code: str) -> OrderItem:
    """With a coupon of somebody's, tax, co-authors and, by a promoter's link, a promoter; or without."""
    money = chance.choice(["USD", "JPY", "KWD"])
    limits = CURRENCIES[money]
    price = Money(limits.min_charge + chance.randrange(900) * limits.charge_multiple, money)
    off = Money(chance.choice([0, 1, 3]) * limits.charge_multiple, money)
    rule = RevenueRule.objects.in_force(code, at=clock.now())
    promoter = creator_named("Pia").pk if code == "affiliate" else None
    order = sell(
        creator_named(chance.choice(["Ada", "Bea"])), price=price, discount=off,
        bearer=chance.choice(["creator", "platform"]) if off else "",
        coauthors=((creator_named("Cleo").pk, chance.choice([1, 3_333])),) if chance.random() < 0.5 else (),
        tax_bps=chance.choice([0, 700, 1_900]), is_tax_inclusive=chance.random() < 0.5,
        platform_bps=rule.platform_bps, fixed_minor=rule.fixed_minor, rule_id=rule.pk, affiliate_id=promoter,
        affiliate_bps=rule.affiliate_bps if promoter else 0,
    )  # fmt: skip
    return only_item(order)


def by_hand(items: list[OrderItem], asked: Terms) -> dict[str, dict[str, int]]:
    """Each sale quoted anew, one by one, and summed; old from the shares that it has."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        old, line = item.as_line(), item.as_line()
        line = replace(
            line, platform_bps=asked.platform_bps, fixed_minor=asked.fixed_minor, affiliate_bps=asked.affiliate_bps
        )
        for name, each in (("old", old), ("new", line)):
            quoted = quotes.quote(each)
            for part in (quotes.PLATFORM, quotes.AFFILIATE, quotes.CREATOR):
                sums[item.order.currency][f"{name} {part}"] += quoted.part(part).minor
    return {currency: dict(found) for currency, found in sums.items()}


def shown(effects: list[Effect]) -> dict[str, dict[str, int]]:
    return {
        effect.currency: {
            f"{name} {part}": amount.minor
            for name, parts in (("old", effect.old), ("new", effect.new))
            for part, amount in (
                (quotes.PLATFORM, parts.platform),
                (quotes.AFFILIATE, parts.affiliate),
                (quotes.CREATOR, parts.creators),
            )
        }
        for effect in effects
    }


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("seed", [1, 2])
def test_of_coupons_taxes_coauthors_and_promoters_each_sale_is_quoted_as_a_sale_is(seed: int, code: str) -> None:
    chance = random.Random(f"{seed}{code}")
    items = [some_sale(chance, code) for _n in range(12)]
    for other in CODES:
        some_sale(chance, other) if other != code else None  # of other ways: not asked for
    asked = terms(code)
    effects = simulation.simulate(asked)
    assert shown(effects) == by_hand(items, asked)
    assert shown(effects) != by_hand(items, terms(code, platform_bps=3_433)), "it would not see another rule"
    for effect in effects:
        assert effect.old.whole == effect.new.whole, "nothing is made or lost"


def test_a_promoter_s_part_and_the_coauthors_change_are_named(ada: User) -> None:
    some = {"coauthors": ((creator_named("Cleo").pk, 5_000),), "affiliate_id": creator_named("Pia").pk}
    rule = RevenueRule.objects.in_force("affiliate", at=clock.now())
    sell(
        ada.creator, price=Money(10_000, "USD"), rule_id=rule.pk, platform_bps=rule.platform_bps,
        affiliate_bps=rule.affiliate_bps, **some,
    )  # fmt: skip
    (effect,) = simulation.simulate(terms("affiliate", platform_bps=2_000, fixed_minor=0, affiliate_bps=2_000))
    assert (effect.new.platform.minor, effect.new.affiliate.minor, effect.new.creators.minor) == (2_000, 2_000, 6_000)
    (affected,) = effect.most_affected
    assert (affected.creator, affected.change) == (ada.creator, effect.creators_change), "her co-author's is in hers"


def whole(ada: User, price: int = 2000) -> OrderItem:
    return only_item(sell(ada.creator, price=Money(price, "USD")))


def counted() -> int:
    return sum(effect.sales for effect in simulation.simulate(terms("organic")))


def test_what_was_given_back_whole_does_not_count_and_a_part_changes_nothing(ada: User) -> None:
    first, second = whole(ada), whole(ada, 4000)
    give_back(first.order, first, amount=500, ends_access=False)
    in_part = simulation.simulate(terms("organic"))
    assert shown(in_part) == by_hand([first, second], terms("organic")), "a rule decides of the sale, not of its rest"
    give_back(first.order, first, provider_refund_id="re_2")
    assert shown(simulation.simulate(terms("organic"))) == by_hand([second], terms("organic"))


def test_a_dispute_counts_until_it_is_lost(ada: User) -> None:
    lin = cast.lin()
    orders = [shop.buy(lin, [course]) for course in shop.two_courses()]
    assert counted() == 2
    opened = [desk.on_charge(order.charge_id or "", "dispute") for order in orders]
    shop.deliver_all()
    assert counted() == 2
    for dispute, end in zip(opened, ("win", "lose"), strict=True):
        desk.on_dispute(dispute.pk, end)  # type: ignore[union-attr]
    shop.deliver_all()
    assert counted() == 1
    won = [item for item in OrderItem.objects.select_related("order") if item.order_id == orders[0].pk]
    assert shown(simulation.simulate(terms("organic"))) == by_hand(won, terms("organic"))


def test_a_sale_that_cost_nothing_by_the_platform_s_coupon_counts_and_one_of_the_creator_s_shares_nothing(
    ada: User,
) -> None:
    price = Money(2000, "USD")
    free = [sell(ada.creator, discount=price, price=price, bearer=bearer) for bearer in ("platform", "creator")]
    items = [only_item(order) for order in free]
    asked = terms("organic")
    (effect,) = simulation.simulate(asked)
    assert shown([effect]) == by_hand(items, asked)
    assert (effect.sales, effect.new.whole) == (2, price)


def test_the_ninetieth_day_counts_and_the_next_does_not(ada: User) -> None:
    whole(ada)
    clock.advance(timedelta(days=90) - timedelta(hours=1))
    assert counted() == 1
    clock.advance(timedelta(hours=2))
    assert counted() == 0


def counted_parts(code: str = "organic", **changes: Any) -> Effect:
    (effect,) = simulation.simulate(terms(code, **changes))
    return effect


def test_a_price_in_parts_is_shared_as_a_whole_and_counts_with_what_has_come(ada: User, lin: User) -> None:
    plan = in_parts.begin(lin, in_parts.course_in_parts(3))
    asked = terms("organic", platform_bps=2_000, fixed_minor=100)
    new = replace(frozen_sale.line_of(plan.terms, "USD"), platform_bps=2_000, fixed_minor=100)
    whole_sale = quotes.quote(new)
    for came in (1, 2, 3):
        if came > 1:
            in_parts.take_next(plan)
        (effect,) = simulation.simulate(asked)
        part = schedule.of(whole_sale, plan.amounts, 1, came, is_tax_inclusive=True)
        assert (effect.sales, effect.creators) == (1, 1)
        assert effect.new.platform == part.part(quotes.PLATFORM)
        assert effect.new.creators == part.part(quotes.CREATOR)
        assert effect.old.whole == effect.new.whole == Money.total(plan.amounts[:came], "USD")
    assert effect.new.platform == Money(2_100, "USD"), "what is fixed is taken once a sale and not a part"
    assert effect.old.platform == plan.whole().part(quotes.PLATFORM)


def test_what_was_given_back_of_a_price_in_parts_does_not_count(ada: User, lin: User, fay: User) -> None:
    plan = in_parts.begin(lin, in_parts.course_in_parts(3))
    in_parts.take_next(plan)
    refunds.refund(plan.orders.get(part=2), by=fay, reason="asked")
    shop.send_refunds()
    effect = counted_parts()
    assert (effect.sales, effect.new.whole) == (1, plan.amounts[0])
    refunds.refund(plan.orders.get(part=1), by=fay, reason="asked")
    shop.send_refunds()
    assert simulation.simulate(terms("organic")) == []


def test_a_price_in_parts_counts_beside_what_was_paid_at_once_and_is_as_old_as_its_first_part(
    ada: User, lin: User
) -> None:
    plan = in_parts.begin(lin, in_parts.course_in_parts(3))
    whole(ada)
    effect = counted_parts()
    assert (effect.sales, effect.creators, effect.new.whole) == (2, 1, plan.amounts[0] + Money(2000, "USD"))
    clock.advance(timedelta(days=90))
    in_parts.take_next(plan)
    assert counted() == 0


def test_a_question_that_takes_too_long_is_given_up_while_parts_are_reckoned(
    ada: User, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts.begin(lin, in_parts.course_in_parts(3))
    half_a_minute_each = iter(range(0, 600 * 10**9, 30 * 10**9))
    monkeypatch.setattr(simulation, "monotonic_ns", half_a_minute_each.__next__)
    with pytest.raises(simulation.TakesTooLong):
        simulation.simulate(terms("organic"))


def test_months_of_the_pass_are_left_out_and_said_so(ada: User, fay: User, lin: User, client: Client) -> None:
    PassListing.objects.place(membered.club()[1], by=ada)
    membered.join(lin, membered.offer_of(None, Money(2_000, "USD"), name="Pass"))
    assert (simulation.simulate(terms("pass")), simulation.left_out(terms("pass"))) == ([], 1)
    client.force_login(fay)
    asked = {"code": "pass", "starts_at": "2040-01-01T00:00:00Z", "platform_bps": 3_333}
    told = client.post("/api/v1/revenue-rules/simulation/", asked, content_type="application/json").json()
    assert told == {"effects": [], "pass_months_left_out": 1}
    form = {"code": "pass", "starts_at": "2040-01-01T00:00", "platform_percent": "33.33"}
    page = client.get("/finance/rules/preview/", form).content.decode()
    assert "1 month of the pass is left out" in page
