"""Figures of a flag as they are drawn and told. Pure: kept figures in, whole SVG units and words out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT, LEFT, RIGHT = 360, 44, 6, 354
# Figures that are not drawn as an interval: their names, and what is drawn beside each as its measure.
LABELS: dict[str, str | Promise] = {
    "days": _("Days"),
    "accounts": _("Accounts"),
    "circle": _("Creators in the circle"),
    "purchases": _("Purchases"),
    "ratings": _("Ratings given"),
    "praised": _("of them five stars, hardly seen"),
    "uses": _("Uses of the coupon"),
    "unwatched": _("of them never watched"),
    "declined": _("Tries that were declined"),
    "tries": _("Tries in all"),
    "cards": _("Cards"),
    "many_days": _("Days on many devices"),
    "devices": _("Devices on the busiest day"),
    "networks": _("Networks of its log-ins"),
    "refused": _("Devices refused for want of a place"),
}
BESIDE = {"days": "limit", **{name: f"least_{name}" for name in LABELS if name != "days"}}
# What ties accounts together.
TIES: dict[str, str | Promise] = {
    "card": _("one card"),
    "shared_card": _("one card of somebody else"),
    "device": _("one device"),
}


@dataclass(frozen=True)
class Interval:
    """A share with its 99 % interval on one line, the usual share and the bar it must pass."""

    k: int
    n: int
    days: int
    share: str
    low: str
    high: str
    usual: str
    bar: str
    low_x: int
    high_x: int
    share_x: int
    usual_x: int
    bar_x: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT

    @property
    def span(self) -> int:
        """Of the interval; a narrow one is drawn all the same."""
        return max(2, self.high_x - self.low_x)


@dataclass(frozen=True)
class Bar:
    """One number; `limit` is what it is measured by, if anything, and `of` the longer of both."""

    label: str | Promise
    value: int
    limit: int | None

    @property
    def of(self) -> int:
        return max(self.value, self.limit or 0, 1)


def interval(figures: Mapping[str, Any]) -> Interval | None:
    """Where the figures are those of a share."""
    if "low" not in figures or not figures["n"]:
        return None
    share = round(1000 * figures["k"] / figures["n"])
    end = min(1000, max(figures["high"], figures["bar"]) * 11 // 10) or 1

    def x(thousandths: int) -> int:
        return LEFT + (RIGHT - LEFT) * min(thousandths, end) // end

    low, high, usual, bar = (figures[name] for name in ("low", "high", "usual", "bar"))
    return Interval(
        figures["k"], figures["n"], figures["days"], percent(share), percent(low), percent(high), percent(usual),
        percent(bar), x(low), x(high), x(share), x(usual), x(bar),
    )  # fmt: skip


def bars(figures: Mapping[str, Any]) -> list[Bar]:
    """The other numbers, each by its name."""
    if "low" in figures:
        return []
    named = [(name, label) for name, label in LABELS.items() if isinstance(figures.get(name), int)]
    return [Bar(label, figures[name], figures.get(BESIDE.get(name, ""))) for name, label in named]


def percent(thousandths: int) -> str:
    """123 as "12.3 %", 120 as "12 %"."""
    whole, tenth = divmod(thousandths, 10)
    return f"{whole}.{tenth} %" if tenth else f"{whole} %"
