"""Tells creators by mail what learners say of their courses: one mail for all of it, at most one a day."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notices import tell
from creators.models import Creator
from marketplace.lib import links

from .models import Rating, RatingNotice

REST = timedelta(days=1)
# What is older is no news any more.
TOLD_FOR = timedelta(days=14)
MOST_LINES = 10
# A rating has its time before its transaction ends: one that is younger may still be followed by an older one, which
# "all until then were told" would leave out for good.
SETTLED = timedelta(minutes=1)


def send_due(now: datetime) -> int:
    """All mails that are due; how many were written."""
    fresh = Rating.objects.shown().filter(first_at__range=(now - TOLD_FOR, now - SETTLED))
    rested = RatingNotice.objects.since(now - REST).values("creator")
    waiting = fresh.exclude(course__creator__in=rested).values_list("course__creator", flat=True).distinct()
    return sum(_tell(pk, now) for pk in waiting.order_by("course__creator"))


@transaction.atomic
def _tell(creator_pk: int, now: datetime) -> bool:
    """Two workers at once: the second waits for the first, and finds nothing new."""
    creator = Creator.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=creator_pk)
    if RatingNotice.objects.since(now - REST).filter(creator=creator).exists() or not creator.user.is_active:
        return False
    rows = _news(creator, now)
    last = rows.aggregate(last=Max("first_at"))["last"]
    if last is None:
        return False
    RatingNotice.objects.note(creator, last, now)
    count, lines = rows.count(), list(rows[:MOST_LINES])
    address = links.absolute(_page_of(rows))
    tell(
        f"ratings:{creator.pk}:{last:%Y%m%d%H%M%S%f}", creator.user, "community/new_ratings",
        {"lines": lines, "count": count, "more": count - len(lines), "action_url": address,
         "action_label": _("Read and answer")},
    )  # fmt: skip
    return True


def _news(creator: Any, now: datetime) -> QuerySet[Rating]:
    """First given since the last mail, newest first, but for those of the last minute."""
    told = RatingNotice.objects.last_told(creator)
    since = Q(first_at__gt=told) if told else Q()
    span = (now - TOLD_FOR, now - SETTLED)
    rows = Rating.objects.shown().filter(since, course__creator=creator, first_at__range=span)
    return rows.select_related("course", "learner").order_by("-first_at", "-id")


def _page_of(rows: QuerySet[Rating]) -> str:
    """Where they are read and answered: their course's own page; those of several courses begin at the list of them."""
    slugs = list(rows.order_by().values_list("course__slug", flat=True).distinct()[:2])
    return reverse("community:course_ratings", args=slugs) if len(slugs) == 1 else reverse("studio:courses")
