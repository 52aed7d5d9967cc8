"""Repeat infringers: upheld claims of a creator within a time; from a number on a case asks a person to look at her."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from creators.models import Creator
from moderation import targets
from moderation.models import Case, RightsStep

# As grave as the rule about rights, and trusted: each of these was decided by a person.
SEVERITY, WEIGHT = 3, 3000


def of(creator: Creator, now: datetime | None = None) -> QuerySet[RightsStep]:
    """Upheld claims against her that stand and are not too old, the newest first."""
    since = (now or timezone.now()) - timedelta(days=settings.RIGHTS_STRIKE_DAYS)
    upheld = RightsStep.objects.filter(kind=RightsStep.Kind.UPHOLD, claim__course__creator=creator, at__gte=since)
    return upheld.filter(measure__reversal=None).select_related("claim", "measure").order_by("-id")


def look(creator: Creator) -> Case | None:
    """Open a case about her, or find the open one, when there are too many. Nothing is done to her by that.

    Called inside the transaction of the verdict that may be one too many.
    """
    if of(creator).count() < settings.RIGHTS_STRIKES:
        return None
    target = targets.find("creator", creator.slug)
    assert target is not None  # she has a course
    case = Case.objects.hold_open(target)
    case.keep_evidence(target)
    case.count_strikes(severity=SEVERITY, reach=target.reach, weight=WEIGHT)
    return case
