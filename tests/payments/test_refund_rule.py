"""The arithmetic of taking money back: its examples, its borders, and what always holds."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money
from payments import releases
from payments.checks import money_waits_for_refunds
from payments.models import Order, RefundRule
from payments.models.refund_rule import NoRefundRule, WindowBeyondHold
from payments.models.revenue_rule import RuleStartsInPast, RuleStartTaken
from payments.refund_rule import Kind, Offer, Reason, offer
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.sales import creator_named, sell

BOUGHT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
HOUR = 3600
MOMENT = timedelta(microseconds=1)
ORDER_OF_KINDS = [Kind.NONE, Kind.PART, Kind.WHOLE]


@dataclass(frozen=True)
class Rule:
    whole_days: int = 14
    whole_bps: int = 3000
    part_days: int = 30
    part_bps: int = 6000


def by_the_events() -> Order:
    return shop.buy(cast.lin(), [make_course(title="Kilns", lessons=1)])


def at_once_paid() -> Order:
    """Marked by a row that was read before."""
    return sell(creator_named("Ada"))


def now_offered(days: float = 0, watched_s: int = 0, price: int = 2000, **more) -> Offer:
    facts = {"length_s": HOUR, "has_certificate": False, **more}
    price = Money(price, more.pop("currency", "USD"))
    facts.pop("currency", None)
    return offer(Rule(), price, bought_at=BOUGHT, now=BOUGHT + timedelta(days=days), watched_s=watched_s, **facts)


def test_within_fourteen_days_and_three_tenths_everything_comes_back() -> None:
    offered = now_offered(days=14, watched_s=HOUR * 3 // 10)
    assert (offered.kind, offered.amount) == (Kind.WHOLE, Money(2000, "USD"))
    assert offered.until == BOUGHT + timedelta(days=14)
    assert (offered.watched_most_s, offered.after_time, offered.after_watching) == (1080, Kind.PART, Kind.PART)


@pytest.mark.parametrize(("days", "watched_s"), [(14.001, 900), (30, 900), (3, 1081)])
def test_then_the_share_that_was_not_watched_comes_back(days, watched_s) -> None:
    offered = now_offered(days=days, watched_s=watched_s)
    assert (offered.kind, offered.reason) == (Kind.PART, Reason.UNWATCHED_SHARE)
    assert offered.amount == Money(2000 * (HOUR - watched_s) // HOUR, "USD")
    assert (offered.until, offered.watched_most_s) == (BOUGHT + timedelta(days=30), 2160)
    assert (offered.after_time, offered.after_watching) == (Kind.NONE, Kind.NONE)


@pytest.mark.parametrize(
    ("days", "watched_s", "reason"),
    [(30.001, 0, Reason.TOO_LATE), (3, 2161, Reason.WATCHED_TOO_MUCH), (40, 3600, Reason.TOO_LATE)],
)
def test_beyond_that_nothing_comes_back_and_it_says_why(days, watched_s, reason) -> None:
    offered = now_offered(days=days, watched_s=watched_s)
    assert not offered
    assert (offered.amount, offered.reason, offered.until) == (Money(0, "USD"), reason, None)


def test_after_completing_the_course_nothing_comes_back() -> None:
    assert now_offered(has_certificate=True).reason == Reason.COMPLETED


def test_nobody_gets_more_than_is_left() -> None:
    assert now_offered(left=Money(700, "USD")).amount == Money(700, "USD")
    assert now_offered(days=20, watched_s=1800, left=Money(700, "USD")).amount == Money(700, "USD")
    assert now_offered(left=Money(0, "USD")).reason == Reason.NOTHING_LEFT


@pytest.mark.parametrize(
    ("currency", "price", "back"), [("JPY", 1999, 1332), ("KWD", 19990, 13320), ("TWD", 50000, 33300)]
)
def test_a_part_is_what_the_provider_can_move(currency, price, back) -> None:
    assert now_offered(days=20, watched_s=1200, price=price, currency=currency).amount == Money(back, currency)


def test_a_course_without_length_is_never_watched() -> None:
    assert now_offered(days=20, length_s=0, watched_s=50).amount == Money(2000, "USD")


rules = st.builds(
    lambda a, b, c, d: Rule(min(a, b), min(c, d), max(a, b), max(c, d)),
    st.integers(0, 60), st.integers(0, 60), st.integers(0, 10_000), st.integers(0, 10_000),
)  # fmt: skip
prices = st.builds(
    lambda code, steps: Money(steps * CURRENCIES[code].charge_multiple, code),
    st.sampled_from(sorted(CURRENCIES)), st.integers(1, 10**6),
)  # fmt: skip
histories = st.fixed_dictionaries(
    {
        "now": st.timedeltas(timedelta(0), timedelta(days=70)).map(lambda age: BOUGHT + age),
        "watched_s": st.integers(0, 40_000),
        "length_s": st.integers(0, 40_000),
        "has_certificate": st.booleans(),
    }
)


@given(rules, prices, histories)
def test_an_offer_is_between_nothing_and_the_price_and_can_be_moved(rule, price, history) -> None:
    offered = offer(rule, price, bought_at=BOUGHT, **history)
    assert 0 <= offered.amount.minor <= price.minor
    assert bool(offered) == (offered.amount.minor > 0)
    assert offered.amount.minor % CURRENCIES[price.currency].charge_multiple == 0
    if offered.kind == Kind.WHOLE:
        assert offered.amount == price


@given(rules, prices, histories, st.timedeltas(timedelta(0), timedelta(days=70)), st.integers(0, 40_000))
def test_waiting_and_watching_never_bring_more(rule, price, history, wait, more_s) -> None:
    before = offer(rule, price, bought_at=BOUGHT, **history)
    later = {**history, "now": history["now"] + wait, "watched_s": history["watched_s"] + more_s}
    after = offer(rule, price, bought_at=BOUGHT, **later)
    assert after.amount.minor <= before.amount.minor
    assert ORDER_OF_KINDS.index(after.kind) <= ORDER_OF_KINDS.index(before.kind)


@given(rules, prices, histories)
def test_an_offer_stands_as_long_as_it_says_and_then_is_what_it_said(rule, price, history) -> None:
    offered = offer(rule, price, bought_at=BOUGHT, **history)
    if not offered or offered.until is None or offered.watched_most_s is None:
        return
    at_the_end = offer(rule, price, bought_at=BOUGHT, **{**history, "now": offered.until})
    assert at_the_end == replace(offered, reason=at_the_end.reason)
    too_late = offer(rule, price, bought_at=BOUGHT, **{**history, "now": offered.until + MOMENT})
    assert too_late.kind == offered.after_time
    if offered.watched_most_s >= history["length_s"]:
        return
    still = offer(rule, price, bought_at=BOUGHT, **{**history, "watched_s": offered.watched_most_s})
    beyond = offer(rule, price, bought_at=BOUGHT, **{**history, "watched_s": offered.watched_most_s + 1})
    # The last part of a small price is less than a coin.
    assert still.kind in (offered.kind, Kind.NONE) if offered.kind == Kind.PART else still.kind == offered.kind
    assert beyond.kind == offered.after_watching


class TestVersions:
    pytestmark = pytest.mark.django_db

    def test_the_rule_of_a_day_is_the_last_that_started(self, fay) -> None:
        later = clock.now() + timedelta(days=1)
        new = introduce(fay, starts_at=later, whole_days=7)
        assert RefundRule.objects.in_force(at=later - MOMENT).whole_days == 14
        assert RefundRule.objects.in_force(at=later) == new

    def test_nothing_is_sold_without_a_rule(self) -> None:
        with pytest.raises(NoRefundRule):
            RefundRule.objects.in_force(at=datetime(2019, 1, 1, tzinfo=UTC))

    def test_only_finance_introduces_one_and_only_for_later(self, lin, fay) -> None:
        with pytest.raises(NotAllowed):
            introduce(lin)
        with pytest.raises(RuleStartsInPast):
            introduce(fay, starts_at=clock.now())
        rule = introduce(fay)
        with pytest.raises(RuleStartTaken):
            introduce(fay, starts_at=rule.starts_at)

    def test_money_is_never_paid_out_while_it_can_be_taken_back(self, fay, settings) -> None:
        with pytest.raises(WindowBeyondHold):
            introduce(fay, part_days=settings.KEZHAN_HOLD_DAYS)
        assert money_waits_for_refunds() == []
        settings.KEZHAN_HOLD_DAYS = 30
        assert [error.id for error in money_waits_for_refunds()] == ["payments.E003"]

    @pytest.mark.parametrize("sold", [by_the_events, at_once_paid])
    def test_an_order_waits_as_long_as_its_own_rule_though_the_hold_was_shortened(self, fay, settings, sold) -> None:
        settings.KEZHAN_HOLD_DAYS = 60
        rule = introduce(fay, part_days=45)
        clock.advance(rule.starts_at - clock.now() + timedelta(hours=1))
        settings.KEZHAN_HOLD_DAYS = 31
        order = sold()
        assert order.refund_rule == rule
        assert order.items.get().hold_until == order.paid_at + timedelta(days=46)
        clock.advance(timedelta(days=45))
        assert releases.release_due() == 0
        clock.advance(timedelta(days=1))
        assert releases.release_due() == 1

    @pytest.mark.parametrize("wrong", [{"part_days": 13}, {"part_bps": 2999}, {"part_bps": 10_001}, {"reason": ""}])
    def test_the_database_refuses_a_rule_that_makes_no_sense(self, fay, wrong) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            introduce(fay, **wrong)

    def test_a_rule_is_never_changed(self, fay) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            RefundRule.objects.update(whole_days=1)


def introduce(by, **changes) -> RefundRule:
    asked = {
        "starts_at": clock.now() + timedelta(days=2), "whole_days": 14, "whole_bps": 3000, "part_days": 30,
        "part_bps": 6000, "reason": "A trial",
    }  # fmt: skip
    return RefundRule.objects.introduce(by=by, **{**asked, **changes})
