"""What somebody who reported a thing hears before and after the first answer (`messages.mail_answer`)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from .models import Outcome, Report


def received(report: Report) -> None:
    """It is in; what becomes of it she hears later."""
    _tell(f"report:{report.pk}", report, "moderation/report_received")


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
