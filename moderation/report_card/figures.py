"""Which figures the report card has: under which head, in which unit, and by which method. Words, and no reckoning."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    PERCENT = "percent"
    HOURS = "hours"
    # Of the currency that stands beside it.
    MINOR = "minor"
    # From 0 to 1.
    COEFFICIENT = "coefficient"


@dataclass(frozen=True)
class Head:
    code: str
    title: Any
    about: Any


@dataclass(frozen=True)
class Figure:
    """`method`: what is counted, in a sentence or two that need no other."""

    name: str
    head: str
    unit: Unit
    title: Any
    method: Any


HEADS = (
    Head(
        "connectivity", _("Efficient connectivity"),
        _("How soon what creators make reaches learners, and how soon who says that something is wrong is answered."),
    ),
    Head(
        "business", _("Sustainable business models"),
        _("Whether money comes when it was promised, and whether teaching here earns anything."),
    ),
    Head(
        "allocation", _("Rational resource allocation"),
        _("How evenly what is earned falls on those who teach, and how often what was decided about them was wrong."),
    ),
)  # fmt: skip
FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "reviews_in_time", "connectivity", Unit.PERCENT, _("Reviews decided in time"),
            _("Of all versions of courses whose 48 hours for an answer ended in the quarter: how many had it by then. "
              "What its creator took back before is left out."),
        ),
        Figure(
            "reports_in_time", "connectivity", Unit.PERCENT, _("Reports decided in time"),
            _("Of all things that people reported, and whose time ended in the quarter: how many were decided on by "
              "then. The graver the rule, the sooner: 24 hours, 72 hours, 7 days or 14 days after the report. Of "
              "several reports of one thing the time counts that is up first."),
        ),
        Figure(
            "appeals_in_time", "connectivity", Unit.PERCENT, _("Appeals answered in time"),
            _("Of all appeals whose 5 days ended in the quarter: how many were answered by then."),
        ),
        Figure(
            "payouts_on_time", "business", Unit.PERCENT, _("Payouts on time"),
            _("Of all payouts whose 24 hours since they were begun ended in the quarter: how many were sent by then. "
              "One that was withdrawn, for whatever reason, counts as not sent."),
        ),
        Figure(
            "refund_hours", "business", Unit.HOURS, _("Refunds: median time until the money is given back"),
            _("Of all refunds of money that were asked for in the quarter, from then on. One that is not given back "
              "yet counts with the time that it has waited; one that failed and was made anew counts once, from when "
              "it was first asked for. What banks took back by themselves is left out."),
        ),
        Figure(
            "creators_earned", "business", Unit.PERCENT, _("Creators who earned"),
            _("Of all creators who had a course on sale in the quarter, free ones too: how many earned something, in "
              "whichever currency, by sales, tips and the pass, after refunds."),
        ),
        Figure(
            "median_earning", "business", Unit.MINOR, _("Median earning"),
            _("Of all who earned something in this currency half earned so much or less. Cut to two digits, so that "
              "it is seldom anybody's own amount. Currencies are never added up."),
        ),
        Figure(
            "earnings_gini", "allocation", Unit.COEFFICIENT, _("How unevenly earnings fall (Gini coefficient)"),
            _("Over all who earned something in this currency. 0: all earned the same; towards 1: one earned "
              "everything."),
        ),
        Figure(
            "decisions_overturned", "allocation", Unit.PERCENT, _("Decisions overturned on appeal"),
            _("Of all moderators' decisions of the quarter that could be appealed against: how many another person "
              "overturned after an appeal. Who is not heard in time may still be right: appeals answered in time "
              "stand above."),
        ),
    )
}  # fmt: skip
