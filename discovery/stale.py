"""Which courses are to be indexed anew: by a new version, a new name of their creator, because they left the lists or
came back, or by captions. Each of these is looked for among what has changed lately; every hour all are asked.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from community.models import Rating, RatingHiding
from courses.models import Course, Listing, PriceChange, Restriction, Takedown
from creators.models import Suspension
from discovery.models import Entry, Spoken
from marketplace.lib import window
from videos.models import Caption

# Transactions that began earlier may commit later: we look back this far before the newest thing known.
_LOOK_BACK = timedelta(minutes=10)


def batch(most: int, *, everything: bool, renamed: Collection[int], but: Collection[int] = ()) -> list[int]:
    """So many courses at most, none of `but`. `renamed`: creators who are called otherwise since the last time."""
    found: list[int] = []
    for rows in _stale(everything, renamed):
        if len(found) < most:
            others = rows.exclude(pk__in=[*found, *but])
            found += list(others.values_list("pk", flat=True)[: most - len(found)])
    return found


def moved() -> list[int]:
    """Courses that got another price or institution lately, or one less, or came to other stars, which renews no
    version: by a rating, by one that was hidden, and by the nightly reckoning of all.
    """
    since = timezone.now() - _LOOK_BACK
    listed = Listing.objects.filter(Q(listed_at__gte=since) | Q(ended_at__gte=since)).values_list("course", flat=True)
    priced = PriceChange.objects.filter(changed_at__gte=since).values_list("course", flat=True)
    moved = Course.objects.filter(rating_moved_at__gte=since).values_list("pk", flat=True)
    # Until the next release: servers of the version before do not note when stars moved.
    rated = Rating.objects.filter(said_at__gte=since).values_list("course", flat=True)
    hidden = RatingHiding.objects.filter(Q(hidden_at__gte=since) | Q(lifted_at__gte=since))
    return list(priced.union(listed, moved, rated, hidden.values_list("rating__course", flat=True)))


def leaving() -> Counter[str]:
    """Words that the vocabulary still counts for courses which have left the lists, with the number of these: what is
    offered to everybody must not wait for the next refresh.
    """
    return window.near("leaving words", _leaving)


def _leaving() -> Counter[str]:
    is_listed = Exists(Course.objects.listed().filter(pk=OuterRef("pk")))
    entries = Entry.objects.filter(~is_listed, pk__in=_judged(), is_counted=True)
    return Counter(word for terms in entries.values_list("terms", flat=True) for word in set(terms))


def _stale(everything: bool, renamed: Collection[int]) -> Iterator[QuerySet[Course]]:
    live = Course.objects.filter(live_version__isnull=False).order_by("renewed_at", "pk")
    told = {"version_id": OuterRef("live_version_id"), "creator_name": OuterRef("creator__name")}
    otherwise = live.exclude(Exists(_entry().filter(**told)))
    is_listed = Exists(Course.objects.listed().filter(pk=OuterRef("pk")))
    left = live.filter(~is_listed, Exists(_entry().filter(is_counted=True)))
    back = live.filter(is_listed, Exists(_entry().filter(is_counted=False)))
    if everything:
        yield from (otherwise, left, back)
    else:
        newest = Entry.objects.aggregate(at=Max("course_renewed_at"))["at"]
        yield otherwise if newest is None else otherwise.filter(renewed_at__gte=newest - _LOOK_BACK)
        judged = _judged()
        yield from (rows.filter(pk__in=judged) for rows in (left, back))
        yield otherwise.filter(creator__in=renamed)
    yield from _newly_spoken(everything)


def _entry() -> QuerySet[Entry]:
    return Entry.objects.filter(pk=OuterRef("pk"))


def _judged() -> list[int]:
    """Courses that a moderator's measure, or the end of one, may have taken out of the lists or put back lately."""
    since = timezone.now() - _LOOK_BACK

    def lately(began: str) -> Any:
        return Q(**{f"{began}__gte": since}) | Q(lifted_at__gte=since)

    suspended = Suspension.objects.filter(lately("suspended_at")).values("creator")
    taken = Takedown.objects.filter(lately("taken_down_at")).values_list("course", flat=True)
    limited = Restriction.objects.filter(lately("imposed_at"), kind="limit").values_list("course", flat=True)
    theirs = Course.objects.filter(creator__in=suspended).values_list("pk", flat=True)
    return list(taken.union(limited, theirs))


def _newly_spoken(everything: bool) -> Iterator[QuerySet[Course]]:
    """Courses of captions that are new or rewritten, and of such as were published once and are drafts now."""
    captions = Caption.objects.all()
    newest = Spoken.objects.aggregate(at=Max("caption_changed_at"))["at"]
    if newest is not None and not everything:
        captions = captions.filter(changed_at__gte=newest - _LOOK_BACK)
    known = Spoken.objects.filter(caption=OuterRef("pk"), caption_revision=OuterRef("revision"))
    films = captions.published().exclude(Exists(known)).values("video_id")
    yield Course.objects.filter(live_version__lessons__video__in=films).distinct().order_by("pk")
    withdrawn = Spoken.objects.filter(caption__in=captions.filter(is_draft=True))
    yield Course.objects.filter(pk__in=withdrawn.values("course")).order_by("pk")
