"""What somebody who reported a thing hears before and after the first answer (`messages.mail_answer`)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links, sweeps
from marketplace.lib.emails import Mail

from .models import Outcome, Report

KEY = "report:"
# A first try is made at once; what it left out is looked for from so old on, and no longer than so.
OVERDUE, MADE_UP_FOR = timedelta(minutes=5), timedelta(days=3)
# No sweep reads more than so many of the last reports, nor tells of more than so many.
LAST, A_SWEEP = 20_000, 500


@transaction.atomic
def received(report: Report) -> None:
    """It is in; what becomes of it she hears later. Mail and notice, or neither."""
    _tell(f"{KEY}{report.pk}", report, "moderation/report_received")


def make_up(now: datetime) -> int:
    """Rung by beat: reports whose mail was not written, since that comes after the report itself, get it; how many.

    Raises SweepFailed when one of them could not be told; all others were.
    """
    last = Report.objects.aggregate(pk=Max("pk"))["pk"] or 0
    mails = Mail.objects.filter(key=Concat(Value(KEY), Cast(OuterRef("pk"), CharField())))
    waiting = Report.objects.filter(
        ~Exists(mails), pk__gt=last - LAST, reporter__is_active=True,
        reported_at__gt=now - MADE_UP_FOR, reported_at__lt=now - OVERDUE,
    )  # fmt: skip
    rows = waiting.select_related("case", "reporter").order_by("pk")
    return len(sweeps.each("reports_received", rows, received, most=A_SWEEP))


def outcome_changed(report: Report, outcome: str) -> None:
    """We had told her that it was right: the decision is no more."""
    is_overturned = outcome == Outcome.OVERTURNED
    _tell(f"report-outcome:{report.pk}:{outcome}", report, "moderation/report_outcome", is_overturned=is_overturned)


def _tell(key: str, report: Report, template: str, **more: Any) -> None:
    assert report.reporter is not None
    words = {
        "title": report.case.title,
        "action_url": links.absolute(reverse("reports:mine")),
        "action_label": _("Your reports"),
    }
    notices.tell(key, report.reporter, template, {**words, **more})
