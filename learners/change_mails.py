"""Tells learners by mail of versions that their creators find worth it: at most one mail a week, for all their courses.

Who wants none says so with one click (RFC 8058), without logging in: the address in the mail is signed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices, unsubscribing
from accounts.models import User
from courses.models import Course, Version
from marketplace.lib import links, sweeps

from . import changed
from .models import ChangeMail, ChangeMailStop, Enrollment, SeenChange

REST = timedelta(days=7)
# What is older is no news any more.
TOLD_FOR = timedelta(days=30)
BATCH = 200
KIND = "learners:change_mails"


@dataclass(frozen=True)
class Line:
    """One course in a mail: its newest version worth telling, and how many lessons changed for her."""

    version: Version
    count: int

    @property
    def address(self) -> str:
        return links.absolute(reverse("learners:course_changes", args=[self.version.course.slug]))


def send_due(now: datetime) -> int:
    """All mails that are due; how many were written."""
    return sum(sweeps.each("change_mails", _waiting(now), lambda pk: _tell(pk, now)))


def _waiting(now: datetime) -> Iterator[int]:
    after = 0
    while batch := _learners(now, after):
        yield from batch
        after = batch[-1]


def _told(now: datetime) -> Any:
    public = Version.objects.published().filter(course__in=Course.objects.on_sale())
    return public.filter(tells_learners=True, live_at__range=(now - TOLD_FOR, now))


def _due(now: datetime) -> Any:
    """Rights of learners to courses with something to tell that they have had since before, newest included."""
    rested = ChangeMail.objects.filter(mailed_at__gt=now - REST).values("learner")
    rows = Enrollment.objects.watchable().filter(course__versions__in=_told(now).order_by())
    rows = rows.filter(granted_at__lt=F("course__versions__live_at"), learner__is_active=True)
    return rows.exclude(learner__in=rested).exclude(learner__in=ChangeMailStop.objects.open().values("learner"))


def _learners(now: datetime, after: int) -> list[int]:
    rows = _due(now).filter(learner__gt=after).order_by("learner_id")
    return list(rows.values_list("learner_id", flat=True).distinct()[:BATCH])


@transaction.atomic
def _tell(learner_id: int, now: datetime) -> bool:
    """Two workers at once: the second waits for the first, and finds that she was told."""
    learner = User.objects.select_for_update(no_key=True).get(pk=learner_id)
    rights = list(_due(now).filter(learner=learner).select_related("course__live_version").distinct())
    lines = _lines(learner, rights, now)
    if not lines:
        return False
    versions = [line.version for line in lines]
    ChangeMail.objects.note(learner, versions, now)
    stop = unsubscribing.address(learner, KIND)
    notices.tell(
        f"course-news:{learner.pk}:{max(version.pk for version in versions)}",
        learner,
        "learners/course_news",
        {
            "lines": lines,
            "first": lines[0].version.course,
            "action_url": lines[0].address,
            "action_label": _("What changed for you"),
            "unsubscribe_url": stop,
        },
    )
    return True


def _lines(learner: User, rights: Sequence[Enrollment], now: datetime) -> list[Line]:
    """The newest version of each course that she was not mailed about and has not seen."""
    known = set(ChangeMail.objects.filter(learner=learner).values_list("version_id", flat=True))
    known |= set(SeenChange.objects.of(learner).filter(lesson_key=None).values_list("version_id", flat=True))
    deltas, lines = changed.of(learner, rights), []
    told = _told(now).filter(course__in=[one.course_id for one in rights]).select_related("course").order_by("number")
    newest = {version.course_id: version for version in told}
    for enrollment in rights:
        version = newest.get(enrollment.course_id)
        if version and version.live_at > enrollment.granted_at and version.pk not in known:
            delta = deltas.get(enrollment.course_id)
            lines.append(Line(version, delta.count if delta else 0))
    return lines
