"""Reminds creators of courses that nobody has checked for as long as they chose. One mail a span, never two."""

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from courses import freshness
from marketplace.lib import links

from .models import Course


def remind_all(now: datetime) -> int:
    """How many were due; asked again the same night, nobody is mailed twice.

    Courses whose creator never named what to check, on a shelf that is slow, are left in peace.
    """
    live = Course.objects.on_sale().filter(Q(checks__isnull=False) | Q(category__is_fast_moving=True))
    asked = live.exclude(remind_after_days=None).annotate(checked_on=Max("checks__checked_on"))
    return sum(_remind(course, now) for course in asked.select_related("creator__user").iterator(500))


def _remind(course: Any, now: datetime) -> bool:
    last = course.renewed_at or now
    if course.checked_on:
        last = max(last, datetime.combine(course.checked_on, time(), UTC))
    spans = freshness.reminder_due(last_at=last, after_days=course.remind_after_days or 0, now=now)
    if not spans:
        return False
    notices.tell(
        f"freshness:{course.pk}:{last:%Y%m%d}:{spans}",
        course.creator.user,
        "courses/freshness_reminder",
        {
            "course": course,
            "last_at": last,
            "action_url": links.absolute(reverse("studio:freshness", args=[course.slug])),
            "action_label": _("Say what you checked"),
        },
    )
    return True
