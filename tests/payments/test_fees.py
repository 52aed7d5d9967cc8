"""fees.split: shares of one sale."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.money import CURRENCIES, Money
from payments import fees
from payments.models import RevenueRule
from payments.models.revenue_rule import NoRevenueRule


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


@pytest.mark.django_db
class TestRevenueRule:
    def test_the_version_of_the_day_is_in_force(self) -> None:
        RevenueRule.objects.introduce("organic", starts_at=datetime(2027, 1, 1, tzinfo=UTC), platform_bps=3000)
        before = RevenueRule.objects.in_force(at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
        after = RevenueRule.objects.in_force(at=datetime(2027, 1, 1, tzinfo=UTC))
        assert (before.platform_bps, after.platform_bps) == (2500, 3000)
        assert after.label == "Marketplace sale, 30%"

    def test_without_a_rule_there_is_no_sale(self) -> None:
        with pytest.raises(NoRevenueRule):
            RevenueRule.objects.in_force(at=datetime(2019, 1, 1, tzinfo=UTC))
