"""What somebody who reported a thing hears after the first answer (`messages.mail_answer`)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from .models import Outcome, Report


def outcome_changed(report: Report, outcome: str) -> None:
    """We had told her that it was right: the decision is no more."""
    assert report.reporter is not None
    notices.tell(
        f"report-outcome:{report.pk}:{outcome}",
        report.reporter,
        "moderation/report_outcome",
        {
            "title": report.case.title,
            "is_overturned": outcome == Outcome.OVERTURNED,
            "action_url": links.absolute(reverse("reports:mine")),
            "action_label": _("Your reports"),
        },
    )
