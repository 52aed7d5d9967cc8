"""Writes the report card down: each day what there is so far, once what is final, and what a correction says."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Submission
from marketplace.lib.alone import alone
from marketplace.lib.errors import DomainError
from moderation.models import ReportCard, ReportCardFigure
from moderation.models.appeal import ANSWER_WITHIN
from moderation.models.measure import APPEAL_WITHIN
from moderation.quarters import Quarter

from .reckoning import reckon

# The last late fact: what was decided on a quarter's last day may be appealed against, and the appeal be answered.
LATE_FACTS = APPEAL_WITHIN + ANSWER_WITHIN
_LOCK = 7_412_017
Stage = ReportCard.Stage


class NotOfRecord(DomainError):
    code = "quarter_not_of_record"
    message = _("Facts of this quarter still come in: it is reckoned anew each day, and there is nothing to correct.")


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    message = _("Reckoned again, all figures of this quarter are what they were.")


def final_at(quarter: Quarter) -> datetime:
    return quarter.end + LATE_FACTS


def reckon_due(now: datetime) -> int:
    """Rung every hour: what is so far, once a day (UTC), and what has become final, once. Answers how many were
    written; none where another worker is at it.

    Each card is a transaction of its own: what is written of one quarter stays, whatever becomes of the next.
    """
    with alone(_LOCK) as is_alone:
        return _write_due(now) if is_alone else 0


def _write_due(now: datetime) -> int:
    written = 0
    of_record = set(ReportCard.objects.filter(stage=Stage.FINAL).values_list("quarter_on", flat=True))
    for quarter in _quarters(now):
        if quarter.first_month in of_record or _is_of_today(quarter, now):
            continue
        is_final = now >= final_at(quarter)
        stage, as_of = (Stage.FINAL, final_at(quarter)) if is_final else (Stage.SO_FAR, now)
        figures = reckon(quarter, as_of)
        with transaction.atomic():
            ReportCard.objects.write(quarter, stage, as_of, figures)
        written += 1
    return written


@transaction.atomic
def correct(quarter: Quarter, reason: str, now: datetime | None = None) -> ReportCard:
    """Say a quarter that is final anew, from all that is known by now; what was said before stays beside it.

    Raises NotOfRecord, NothingToCorrect.
    """
    card = ReportCard.objects.of_record(quarter)
    if card is None:
        raise NotOfRecord
    as_of = now or timezone.now()
    figures = reckon(quarter, as_of)
    if not _changes(card, figures):
        raise NothingToCorrect
    return ReportCard.objects.write(quarter, Stage.CORRECTED, as_of, figures, reason.strip()[:300])


def differences(card: ReportCard) -> list[str]:
    """Reckons the card again as of its own moment, and says what comes out otherwise: nothing, as long as no row of
    before was changed and the rules are those of then.
    """
    return _changes(card, reckon(card.quarter, card.as_of))


def _changes(card: ReportCard, figures: list[ReportCardFigure]) -> list[str]:
    was, now = ({row.says[:2]: row.says[2:] for row in rows} for rows in (card.figures.all(), figures))
    named = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return [f"{' '.join(key).strip()}: {_words(was.get(key))}, now {_words(now.get(key))}" for key in named]


def _words(said: tuple[object, object] | None) -> str:
    return "nothing" if said is None else f"{said[1]} of {said[0]} cases"


def _quarters(now: datetime) -> list[Quarter]:
    """From the one in which the first course was handed in (before it nothing was promised) to the present."""
    first = Submission.objects.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    here = Quarter.of(now)
    quarters = [Quarter.of(first) if first else here]
    while quarters[-1] < here:
        quarters.append(quarters[-1].next)
    return quarters


def _is_of_today(quarter: Quarter, now: datetime) -> bool:
    """Whether it was reckoned today; not for the day on which it becomes final."""
    latest = ReportCard.objects.of(quarter).order_by("-id").first()
    is_due = now >= final_at(quarter)
    return latest is not None and not is_due and latest.as_of.astimezone(UTC).date() == now.astimezone(UTC).date()
