"""Who else hears of a refund of everybody: whoever decided it, and who had the course without paying for it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from learners.models import Enrollment
from marketplace.lib import links

from .models import RefundVerdict


def second_answered(verdict: RefundVerdict) -> None:
    """To whoever decided: the second person lets the money go, or does not."""
    notices.tell(
        f"refund-answered:{verdict.wave_id}",
        verdict.decided_by,
        "moderation/refund_answered",
        {
            "title": verdict.wave.measure.title,
            "agrees": verdict.agrees,
            "reason": verdict.reason,
            "action_url": links.absolute(reverse("moderation:refunds")),
            "action_label": _("See the refunds"),
        },
    )


def right_ended(right: Enrollment, *, until: datetime | None) -> None:
    """To who paid nothing and loses the course with everybody else: no mail of a refund tells her. `until`: for good
    when None.
    """
    notices.tell(f"right-ended:{right.pk}", right.learner, "moderation/right_ended", {**_course(right), "until": until})


def right_back(right: Enrollment, *, is_over: bool) -> None:
    """To the same: the decision was taken back, or its time is over, and she has the course again by this row."""
    notices.tell(
        f"right-back:{right.pk}", right.learner, "moderation/right_back", {**_course(right), "is_over": is_over}
    )


def _course(right: Enrollment) -> dict[str, Any]:
    return {
        "title": right.course.title,
        "action_url": links.absolute(reverse("learners:library")),
        "action_label": _("Your library"),
    }
