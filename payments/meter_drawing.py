"""How a refund meter is drawn: two bars, one of days and one of what was watched, with the rule's thresholds marked.

Places on a bar are texts as "46.66%", which SVG takes as they are; all of it is whole numbers.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .meter import Meter
from .refund_rule import BPS

_DAY = timedelta(days=1)
# A label nearer to an end than this stands inside the bar's end.
_EDGE = 1_200


@dataclass(frozen=True)
class Mark:
    """A threshold: where it stands, what it says, and from which side its label hangs."""

    at: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Zone:
    """A stretch of the bar in which everything (`whole`), a part (`part`) or nothing (`none`) comes back."""

    at: str
    width: str
    kind: str


@dataclass(frozen=True)
class Bar:
    name: str
    value: str
    spoken: str
    fill: str
    zones: list[Zone]
    marks: list[Mark]


def bars(meter: Meter) -> list[Bar]:
    return [_days(meter), _watched(meter)]


def _days(meter: Meter) -> Bar:
    rule = meter.rule
    part = max(1, rule.part_days)
    passed = max(timedelta(0), meter.now - meter.bought_at)
    whole_bps, fill = rule.whole_days * BPS // part, min(BPS, passed // timedelta(seconds=1) * BPS // (part * 86_400))
    marks = [_mark(whole_bps, _days_text(rule.whole_days))] if 0 < rule.whole_days < part else []
    spoken = _("%(day)d of %(days)d days are over. Everything comes back for %(whole)d days, a part for %(part)d.") % {
        "day": min(passed.days, part), "days": part, "whole": rule.whole_days, "part": rule.part_days,
    }  # fmt: skip
    return Bar(
        _("Time"), _left_text(meter), spoken, _percent(fill), _zones(whole_bps, BPS),
        [*marks, _mark(BPS, _days_text(rule.part_days))],
    )  # fmt: skip


def _watched(meter: Meter) -> Bar:
    rule, share = meter.rule, share_bps(meter)
    shown = percent_text(share)
    spoken = _(
        "%(share)s of the course watched. Everything comes back up to %(whole)s, a part up to %(part)s."
    ) % {"share": shown, "whole": percent_text(rule.whole_bps), "part": percent_text(rule.part_bps)}  # fmt: skip
    thresholds = dict.fromkeys(bps for bps in (rule.whole_bps, rule.part_bps) if 0 < bps < BPS)
    return Bar(
        _("Watched"), shown, spoken, _percent(share), _zones(rule.whole_bps, rule.part_bps),
        [_mark(bps, percent_text(bps)) for bps in thresholds],
    )  # fmt: skip


def share_bps(meter: Meter) -> int:
    """The watched share in basis points, up to the next tenth of a percent: over a threshold it is shown as over."""
    seen, length = meter.watched.seconds, meter.watched.length_s
    return min(BPS, -(-seen * 1000 // length) * 10) if length else 0


def percent_text(bps: int) -> str:
    """ "30 %", "30.1 %", as the reader's language writes it."""
    places = 0 if bps % 100 == 0 else 1 if bps % 10 == 0 else 2
    return _("%(number)s%%") % {"number": number_format(Decimal(bps).scaleb(-2), decimal_pos=places)}


def _left_text(meter: Meter) -> str:
    if meter.offer.until is None:
        return _("over") if meter.is_over else _days_text(max(0, (meter.now - meter.bought_at).days))
    left = meter.offer.until - meter.now
    if left < _DAY:
        hours = max(1, -(-left // timedelta(hours=1)))
        return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
    return ngettext("%(days)d day left", "%(days)d days left", left.days) % {"days": left.days}


def _days_text(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _zones(whole_bps: int, part_bps: int) -> list[Zone]:
    edges = [(0, whole_bps, "whole"), (whole_bps, part_bps, "part"), (part_bps, BPS, "none")]
    return [Zone(_percent(start), _percent(end - start), kind) for start, end, kind in edges if end > start]


def _mark(bps: int, label: str) -> Mark:
    anchor = "start" if bps < _EDGE else "end" if bps > BPS - _EDGE else "middle"
    return Mark(_percent(bps), label, anchor)


def _percent(bps: int) -> str:
    return f"{bps // 100}.{bps % 100:02d}%"
