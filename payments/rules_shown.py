"""How rules of sharing are drawn: a simulation's old and new beside each other, and the calculator's answers."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from marketplace.lib.money import Money

from . import calculator, charts, quotes, rules, simulation
from .models import RevenueRule
from .rules import Terms
from .simulation import Affected, Effect, Parts


@dataclass(frozen=True)
class DrawnEffect:
    """An effect with its two lines of parts, and those whom it touches most, each with a bar around a common zero."""

    effect: Effect
    old: list[charts.Slice]
    new: list[charts.Slice]
    affected: list[tuple[Affected, charts.Bar]]
    bars: charts.Bars


def preview(terms: Terms) -> dict[str, Any]:
    """What the page of a rule that is not yet introduced shows."""
    # A row that is not saved: its words are those that the rule will have.
    rule = RevenueRule(
        code=terms.code, starts_at=terms.starts_at, platform_bps=terms.platform_bps, fixed_minor=terms.fixed_minor,
        affiliate_bps=terms.affiliate_bps, remembered_days=terms.remembered_days, tier_days=terms.tiers.days,
        tier_steps=[list(step) for step in terms.tiers.steps],
    )  # fmt: skip
    told: dict[str, Any] = {"rule": rule, "days": simulation.LOOKS_BACK.days}
    try:
        effects = simulation.simulate(terms)
    except simulation.TakesTooLong as refusal:
        return told | {"effects": [], "refusal": refusal}
    return told | {"effects": [_drawn(effect) for effect in effects], "left_out": simulation.left_out(terms)}


def _drawn(effect: Effect) -> DrawnEffect:
    changes = [(each.creator.name, each.change) for each in effect.most_affected]
    bars = charts.balance_bars(changes)
    affected = list(zip(effect.most_affected, bars.bars, strict=True))
    return DrawnEffect(effect, _slices(effect.old), _slices(effect.new), affected, bars)


def _slices(parts: Parts) -> list[charts.Slice]:
    return charts.slices(
        [
            ("own", gettext("Creators"), parts.creators),
            ("affiliate", gettext("Promoters"), parts.affiliate),
            ("platform", gettext("The site"), parts.platform),
        ]
    )


@dataclass(frozen=True)
class Answer:
    """One rule's answer to the calculator: no price when nobody can get that much. `tier_sales`: for a promoter who
    brought so many; 0: below the first tier, or there are none.
    """

    rule: RevenueRule
    price: Money | None
    tier_sales: int = 0
    tax: Money | None = None
    platform: Money | None = None
    affiliate: Money | None = None
    creators: Money | None = None
    slices: list[charts.Slice] | None = None


def answers(amount: Money, *, wants: bool, tax_bps: int) -> list[Answer]:
    """For each rule of today, and each tier of promoters in it: what a sale at `amount` gives to whom, or which price
    gives the creator `amount`.
    """
    return [
        _answer(rule, sales, amount, wants, tax_bps)
        for rule in rules.present().values()
        for sales in (0, *(step[0] for step in rule.tiers.steps))
    ]


def _answer(rule: RevenueRule, tier_sales: int, amount: Money, wants: bool, tax_bps: int) -> Answer:
    terms = calculator.AtTier(rule.platform_bps, rule.fixed_minor, rule.promoter_bps(tier_sales))
    price = calculator.price_for(amount, terms, tax_bps) if wants else amount
    if price is None:
        return Answer(rule, None, tier_sales)
    sale = calculator.shared(price, terms, tax_bps)
    platform, affiliate, creators = (
        sale.part(kind) for kind in (quotes.PLATFORM, quotes.AFFILIATE, quotes.CREATOR)
    )  # fmt: skip
    drawn = charts.slices(
        [
            ("own", gettext("The creator"), creators),
            ("affiliate", gettext("The promoter"), affiliate),
            ("platform", gettext("The site"), platform),
            ("tax", gettext("Tax"), sale.tax),
        ]
    )
    return Answer(rule, price, tier_sales, sale.tax, platform, affiliate, creators, drawn)
