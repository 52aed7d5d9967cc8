"""fees.split: shares of one sale."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money
from payments import fees
from payments.models import RevenueRule, RuleCode
from payments.models.revenue_rule import NoRevenueRule, RuleDoesNotFit, RuleStartsInPast, RuleStartTaken
from tests import cast


@dataclass(frozen=True)
class Rule:
    platform_bps: int
    fixed_minor: int = 0


@pytest.mark.parametrize(
    ("net", "rule", "platform"),
    [
        (Money(1999, "USD"), Rule(2500), 500),  # 499.75
        (Money(2, "USD"), Rule(2500), 1),  # exactly half rounds up
        (Money(1, "USD"), Rule(2500), 0),
        (Money(2000, "JPY"), Rule(2500), 500),
        (Money(12800, "CNY"), Rule(2500), 3200),
        (Money(50, "USD"), Rule(2500, fixed_minor=100), 50),  # never more than there is
        (Money(0, "USD"), Rule(2500), 0),
    ],
)
def test_split_rounds_half_up_and_never_beyond_the_price(net: Money, rule: Rule, platform: int) -> None:
    assert fees.split(net, rule).platform.minor == platform


@given(
    net=st.integers(0, 10**12),
    currency=st.sampled_from(sorted(CURRENCIES)),
    bps=st.integers(0, 10_000),
    fixed=st.integers(0, 10**6),
)
def test_split_gives_every_unit_to_somebody_and_nobody_less_than_nothing(
    net: int, currency: str, bps: int, fixed: int
) -> None:
    shares = fees.split(Money(net, currency), Rule(bps, fixed))
    assert shares.platform + shares.creator == Money(net, currency)
    assert shares.platform.minor >= 0
    assert shares.creator.minor >= 0


def test_a_negative_price_is_not_split() -> None:
    with pytest.raises(ValueError, match="negative"):
        fees.split(Money(-1, "USD"), Rule(2500))


NEW_YEAR = datetime(2040, 1, 1, tzinfo=UTC)


def introduce(code: str = "organic", **changes: Any) -> RevenueRule:
    values = {"starts_at": NEW_YEAR, "platform_bps": 3000, "by": cast.fay(), "reason": "Costs rose", **changes}
    return RevenueRule.objects.introduce(code, **values)


@pytest.mark.django_db
class TestRevenueRule:
    def test_the_version_of_the_day_is_in_force(self) -> None:
        introduce()
        before = RevenueRule.objects.in_force(at=NEW_YEAR - timedelta(minutes=1))
        after = RevenueRule.objects.in_force(at=NEW_YEAR)
        assert (before.platform_bps, after.platform_bps) == (2500, 3000)
        assert after.label == "Marketplace sale, 30%"

    def test_the_marketplace_opens_with_a_rule_for_each_way_that_a_buyer_comes(self) -> None:
        rules = {code: RevenueRule.objects.in_force(code, at=NEW_YEAR) for code in RuleCode}
        assert {code: (rule.platform_bps, rule.affiliate_bps) for code, rule in rules.items()} == {
            "organic": (2500, 0), "own_link": (300, 0), "affiliate": (2500, 1000), "tip": (500, 0),
            "membership": (1000, 0), "pass": (3000, 0),
        }  # fmt: skip

    def test_without_a_rule_there_is_no_sale(self) -> None:
        with pytest.raises(NoRevenueRule):
            RevenueRule.objects.in_force(at=datetime(2019, 1, 1, tzinfo=UTC))

    def test_a_new_version_says_who_and_why(self) -> None:
        rule = introduce()
        assert (rule.introduced_by, rule.reason) == (cast.fay(), "Costs rose")
        assert AuditEvent.objects.filter(verb="revenue_rule.introduce", actor=cast.fay()).exists()

    def test_a_new_version_is_for_finance_alone(self) -> None:
        with pytest.raises(NotAllowed):
            introduce(by=cast.ada())

    def test_a_new_version_never_reaches_back(self) -> None:
        with pytest.raises(RuleStartsInPast):
            introduce(starts_at=clock.now())

    def test_two_versions_do_not_start_at_once(self) -> None:
        introduce()
        with pytest.raises(RuleStartTaken):
            introduce(platform_bps=2000)

    def test_a_promoter_s_part_is_part_of_a_promoter_s_rule_alone(self) -> None:
        with pytest.raises(RuleDoesNotFit):
            introduce(affiliate_bps=1000)
        with pytest.raises(IntegrityError, match="revenue_rule_affiliate_by_code"):
            RevenueRule.objects.create(code="organic", starts_at=NEW_YEAR, platform_bps=1, affiliate_bps=1000)

    def test_nobody_shares_more_than_there_is(self) -> None:
        with pytest.raises(RuleDoesNotFit):
            introduce("affiliate", platform_bps=9500, affiliate_bps=501)
        with pytest.raises(IntegrityError, match="revenue_rule_bps_to_10000"):
            RevenueRule.objects.create(code="affiliate", starts_at=NEW_YEAR, platform_bps=9500, affiliate_bps=501)

    def test_a_version_cannot_be_changed(self) -> None:
        with pytest.raises(DatabaseError, match="append-only"):
            RevenueRule.objects.update(platform_bps=1)
