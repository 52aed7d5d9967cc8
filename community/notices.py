"""Tells creators by mail what learners say of their courses and ask under them: one mail for all of a kind that is new,
at most one a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import unsubscribing
from accounts.notices import tell
from creators.models import Creator
from marketplace.lib import links, sweeps

from .models import Post, QuestionMailStop, QuestionNotice, Rating, RatingNotice
from .models.digest import Digest

REST = timedelta(days=1)
# What is older is no news any more.
TOLD_FOR = timedelta(days=14)
MOST_LINES = 10
# A row has its time before its transaction ends: one that is younger may still be followed by an older one, which "all
# until then were told" would leave out for good.
SETTLED = timedelta(minutes=1)
# The view by whose address people stop mails about questions.
QUESTION_MAILS = "community:question_mails"


@dataclass(frozen=True)
class News:
    """One kind of what is new: its rows, the column with the time of each, and the mail that tells them."""

    name: str
    told: type[Digest]
    rows: Callable[[], QuerySet[Any]]
    at: str
    writer: str
    page: Callable[[QuerySet[Any]], str]
    label: str | Promise
    # Whose mails of this kind can be stopped by an address.
    stop: str = ""


def send_due(now: datetime) -> int:
    """All mails that are due; how many were written."""
    return sum(sweeps.each("creators_news", NEWS, lambda news: _send(news, now)))


def _send(news: News, now: datetime) -> int:
    fresh = news.rows().filter(**{f"{news.at}__range": (now - TOLD_FOR, now - SETTLED)})
    rested = news.told.objects.since(now - REST).values("creator")
    waiting = fresh.exclude(course__creator__in=rested).values_list("course__creator", flat=True).distinct()
    creators = waiting.order_by("course__creator")
    return sum(sweeps.each(f"creators_news:{news.name}", creators, lambda pk: _tell(news, pk, now)))


@transaction.atomic
def _tell(news: News, creator_pk: int, now: datetime) -> bool:
    """Two workers at once: the second waits for the first, and finds nothing new."""
    creator = Creator.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=creator_pk)
    if news.told.objects.since(now - REST).filter(creator=creator).exists() or not creator.user.is_active:
        return False
    rows = _news(news, creator, now)
    last = rows.aggregate(last=Max(news.at))["last"]
    if last is None:
        return False
    news.told.objects.note(creator, last, now)
    count, lines = rows.count(), list(rows[:MOST_LINES])
    context = {
        "lines": lines, "count": count, "more": count - len(lines), "action_label": news.label,
        "action_url": links.absolute(news.page(rows)),
    }  # fmt: skip
    if news.stop:
        context["unsubscribe_url"] = unsubscribing.address(creator.user, news.stop)
    tell(f"{news.name}:{creator.pk}:{last:%Y%m%d%H%M%S%f}", creator.user, f"community/new_{news.name}", context)
    return True


def _news(news: News, creator: Any, now: datetime) -> QuerySet[Any]:
    """Since the last mail, newest first, but for those of the last minute."""
    told = news.told.objects.last_told(creator)
    since = Q(**{f"{news.at}__gt": told}) if told else Q()
    span = {f"{news.at}__range": (now - TOLD_FOR, now - SETTLED)}
    rows = news.rows().filter(since, course__creator=creator, **span)
    return rows.select_related("course__creator", news.writer).order_by(f"-{news.at}", "-id")


def _ratings() -> QuerySet[Any]:
    return Rating.objects.shown()


def _questions() -> QuerySet[Any]:
    """Of learners, that nobody who made the course has answered yet, for creators who want to hear of them."""
    rows = Post.objects.waiting().filter(is_by_creator=False)
    return rows.exclude(course__creator__user__in=QuestionMailStop.objects.open().values("person"))


def _page_of_ratings(rows: QuerySet[Any]) -> str:
    """Where they are read and answered: their course's own page; those of several courses begin at the list of them."""
    slugs = list(rows.order_by().values_list("course__slug", flat=True).distinct()[:2])
    return reverse("community:course_ratings", args=slugs) if len(slugs) == 1 else reverse("studio:courses")


def _desk(_rows: QuerySet[Any]) -> str:
    return reverse("community:desk")


NEWS = (
    News("ratings", RatingNotice, _ratings, "first_at", "learner", _page_of_ratings, _("Read and answer")),
    News("questions", QuestionNotice, _questions, "written_at", "author", _desk, _("Answer them"), QUESTION_MAILS),
)
