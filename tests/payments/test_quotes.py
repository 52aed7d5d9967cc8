"""quotes.quote: what a course costs, and who gets what of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lib.money import CURRENCIES, Money, provider_amount
from payments.quotes import Line, Quoted, Share, quote, tax_of

ADA, BEA, COLE, PROMOTER = 1, 2, 3, 9


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def line(price: int = 2000, discount: int = 0, **facts: Any) -> Line:
    return Line(1, ADA, usd(price), usd(discount), **{"platform_bps": 2500, **facts})


def amounts(quoted: Quoted) -> dict[tuple[str, int | None], int]:
    return {(share.kind, share.owner_id): share.amount.minor for share in quoted.shares}


def test_a_plain_sale_is_the_platforms_part_and_the_rest() -> None:
    quoted = quote(line(1999))
    assert (quoted.price, quoted.net, quoted.tax, quoted.promotion) == (usd(1999), usd(1999), usd(0), usd(0))
    assert quoted.shares == (
        Share("platform", None, usd(500), 2500), Share("creator", ADA, usd(1499), 10_000),
    )  # fmt: skip


def test_a_discount_that_the_creator_bears_makes_everybodys_part_smaller() -> None:
    quoted = quote(line(2000, 1000, bearer="creator"))
    assert (quoted.price, quoted.promotion) == (usd(1000), usd(0))
    assert amounts(quoted) == {("platform", None): 250, ("creator", ADA): 750}


def test_a_discount_that_the_platform_bears_leaves_the_creator_her_part() -> None:
    quoted = quote(line(2000, 1000, bearer="platform"))
    assert (quoted.price, quoted.promotion) == (usd(1000), usd(1000))
    assert amounts(quoted) == {("platform", None): 500, ("creator", ADA): 1500}


def test_a_free_course_at_the_platforms_cost_still_pays_its_creator() -> None:
    quoted = quote(line(2000, 2000, bearer="platform"))
    assert (quoted.price, quoted.promotion) == (usd(0), usd(2000))
    assert quoted.part("creator") == usd(1500)


def test_a_promoter_gets_her_part_of_the_basis_and_the_creator_the_rest() -> None:
    quoted = quote(line(1999, affiliate_bps=1000, affiliate_id=PROMOTER))
    assert amounts(quoted) == {("platform", None): 500, ("affiliate", PROMOTER): 199, ("creator", ADA): 1300}


def test_co_authors_share_the_creators_side() -> None:
    quoted = quote(line(1999, coauthors=((BEA, 3333), (COLE, 3333))))
    assert amounts(quoted) == {
        ("platform", None): 500, ("creator", ADA): 501, ("creator", BEA): 499, ("creator", COLE): 499,
    }  # fmt: skip


def test_tax_in_the_price_is_no_partys_share() -> None:
    quoted = quote(line(11900, tax_bps=1900))
    assert (quoted.price, quoted.net, quoted.tax) == (usd(11900), usd(10000), usd(1900))
    assert amounts(quoted) == {("platform", None): 2500, ("creator", ADA): 7500}


def test_tax_on_top_is_added_to_the_price() -> None:
    quoted = quote(line(10000, tax_bps=1900, is_tax_inclusive=False))
    assert (quoted.price, quoted.net, quoted.tax) == (usd(11900), usd(10000), usd(1900))


@pytest.mark.parametrize(
    ("shown", "tax"), [(Money(100, "JPY"), 8), (Money(1_500, "TWD"), 100), (Money(190, "KWD"), 20)]
)
def test_tax_on_top_leaves_a_price_that_the_provider_takes(shown: Money, tax: int) -> None:
    added = tax_of(shown, 800, is_inclusive=False)
    assert added.minor == tax
    provider_amount(shown + added)


@pytest.mark.parametrize(
    "facts",
    [
        {"discount": 2001, "bearer": "creator"},
        {"discount": 100},
        {"bearer": "creator"},
        {"coauthors": ((BEA, 6000), (COLE, 4001))},
        {"coauthors": ((ADA, 100),)},
        {"coauthors": ((BEA, -1),)},
        {"platform_bps": -1},
    ],
)
def test_a_line_that_no_rule_makes_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="."):
        quote(line(**facts))


@st.composite
def lines(draw: Any) -> Line:
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    step = CURRENCIES[currency].charge_multiple
    steps = draw(st.integers(0, 10**8))
    off = draw(st.one_of(st.just(0), st.just(steps), st.integers(0, steps)))
    parts = draw(st.lists(st.integers(0, 3000), max_size=3))
    platform_bps = draw(st.integers(0, 10_000))
    return Line(
        1, ADA, Money(steps * step, currency), Money(off * step, currency),
        bearer=draw(st.sampled_from(["creator", "platform"])) if off else "",
        platform_bps=platform_bps, fixed_minor=draw(st.sampled_from([0, 30, 10**6])),
        affiliate_bps=draw(st.integers(0, 10_000 - platform_bps)), affiliate_id=draw(st.sampled_from([None, PROMOTER])),
        coauthors=tuple((100 + n, bps) for n, bps in enumerate(parts)),
        tax_bps=draw(st.sampled_from([0, 1, 700, 1900, 2550])), is_tax_inclusive=draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(lines())
def test_every_quote_adds_up_and_nobody_gets_less_than_nothing(asked: Line) -> None:
    quoted = quote(asked)
    assert quoted.price == quoted.net + quoted.tax
    assert Money.total((share.amount for share in quoted.shares), asked.list.currency) == quoted.net + quoted.promotion
    assert min(quoted.net.minor, quoted.tax.minor, quoted.promotion.minor, *amounts(quoted).values()) >= 0
    assert quoted.promotion <= asked.discount
    assert asked.bearer == "platform" or not quoted.promotion
    provider_amount(quoted.price)


@settings(max_examples=200, deadline=None)
@given(lines())
def test_a_discount_that_the_platform_bears_changes_no_partys_share(asked: Line) -> None:
    if asked.bearer != "platform":
        return
    plain = Line(**{**asked.__dict__, "discount": Money.zero(asked.list.currency), "bearer": ""})
    assert quote(plain).shares == quote(asked).shares
