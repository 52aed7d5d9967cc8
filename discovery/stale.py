"""Which courses are to be indexed anew: by a new version, a new name of their creator, because they left the lists or
came back, or by captions. Each of these is looked for among what has changed lately, but for what left the lists: that
is asked as it stands. Every hour all are asked.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from community.models import Rating, RatingHiding
from courses.models import Course, Listing, PriceChange, Restriction, Takedown
from creators.models import Creator, Suspension
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
    offered to everybody must not wait for the next refresh, nor for what a process keeps at hand.
    """
    return window.drawn("leaving words", _leaving)


def _leaving() -> Counter[str]:
    return Counter(word for terms in _leavers().values_list("terms", flat=True) for word in set(terms))


def _leavers() -> QuerySet[Entry]:
    """Entries that are still counted of courses which stand in no list any more: as these are now, since a worker may
    have stood still for long. Both kinds of courses are few, and have indexes of their own.
    """
    theirs = Course.objects.filter(live_version__isnull=False, creator__in=Creator.objects.suspended().values("pk"))
    # Nearly all of them have left, which an index says: of these no entry is read.
    has_left = Exists(_entry().filter(is_counted=False))
    kept, of_suspended = (
        rows.filter(~has_left).order_by().values("pk") for rows in (Course.objects.kept_from_lists(), theirs)
    )
    return Entry.objects.filter(is_counted=True, pk__in=kept.union(of_suspended))


def _stale(everything: bool, renamed: Collection[int]) -> Iterator[QuerySet[Course]]:
    live = Course.objects.filter(live_version__isnull=False).order_by("renewed_at", "pk")
    told = {"version_id": OuterRef("live_version_id"), "creator_name": OuterRef("creator__name")}
    otherwise = live.exclude(Exists(_entry().filter(**told)))
    # Named one by one: no plan walks all courses for the few, or none, that there are.
    left = live.filter(pk__in=list(_leavers().values_list("pk", flat=True)))
    is_listed = Exists(Course.objects.listed().filter(pk=OuterRef("pk")))
    back = live.filter(is_listed, Exists(_entry().filter(is_counted=False)))
    if everything:
        yield from (otherwise, left, back)
    else:
        newest = Entry.objects.aggregate(at=Max("course_renewed_at"))["at"]
        yield otherwise if newest is None else otherwise.filter(renewed_at__gte=newest - _LOOK_BACK)
        yield from (left, back.filter(pk__in=_freed()))
        yield otherwise.filter(creator__in=renamed)
    yield from _newly_spoken(everything)


def _entry() -> QuerySet[Entry]:
    return Entry.objects.filter(pk=OuterRef("pk"))


def _freed() -> list[int]:
    """Courses that the end of a moderator's measure may have put back into lists lately. What comes back while there is
    no worker waits for the hourly run.
    """
    lately = {"lifted_at__gte": timezone.now() - _LOOK_BACK}
    suspended = Suspension.objects.filter(**lately).values("creator")
    taken = Takedown.objects.filter(**lately).values_list("course", flat=True)
    limited = Restriction.objects.filter(**lately, kind="limit").values_list("course", flat=True)
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
