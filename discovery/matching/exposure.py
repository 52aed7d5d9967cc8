"""How evenly matching shows courses: for everybody to read, from the counts of the last four weeks."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from courses.models import Course
from discovery.models import Attention
from discovery.models.attention import DAYS_GRANTED
from marketplace.lib import window

from . import gini

DAYS = 28
KEPT_S = 300
SIDE = 240  # of the square that the curve is drawn in


@dataclass(frozen=True)
class Exposure:
    """`new_share`: how much of all looks fell on courses that were new when this was reckoned."""

    courses: int
    looks: int
    gini: float
    new_courses: int
    new_share: float
    curve: list[tuple[float, float]]

    @property
    def line(self) -> str:
        return " ".join(f"{round(x * SIDE)},{round(SIDE - y * SIDE)}" for x, y in self.curve)

    @property
    def lower_half_percent(self) -> int:
        """The share of looks that the less shown half of courses had."""
        return round(100 * max(looks for courses, looks in self.curve if courses <= 0.5))

    @property
    def new_percent(self) -> int:
        return round(100 * self.new_share)


def present() -> Exposure:
    return window.drawn("exposure", reckon, KEPT_S)


def reckon() -> Exposure:
    now = timezone.now()
    on_sale = dict(Course.objects.listed().values_list("pk", "published_at"))
    seen = Attention.objects.since((now - timedelta(days=DAYS)).date())
    counts = [seen.get(pk, 0) for pk in on_sale]
    fresh = [pk for pk, since in on_sale.items() if since and since >= now - timedelta(days=DAYS_GRANTED)]
    total = sum(counts)
    new_looks = sum(seen.get(pk, 0) for pk in fresh)
    return Exposure(
        courses=len(counts), looks=total, gini=gini.coefficient(counts) if counts else 0.0, new_courses=len(fresh),
        new_share=new_looks / total if total else 0.0, curve=gini.curve(counts) if counts else [(0.0, 0.0), (1.0, 1.0)],
    )  # fmt: skip
