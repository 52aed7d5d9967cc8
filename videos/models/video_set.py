"""Sets of films: whose they are, what becomes of them, and what counts against a creator's space."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .. import failures
from .making import Priority

if TYPE_CHECKING:
    from .video import Video

FAILED_FOR_GOOD = Q(state="failed") & ~Q(failure_code__in=failures.RETRYABLE)


class VideoQuerySet(models.QuerySet["Video"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)

    def sent(self) -> Self:
        """What somebody uploaded: not the conversion of a film that is being made anew."""
        return self.filter(made_for=None)

    def kept(self) -> Self:
        """Not removed by their owner: what only past versions of courses show may still be here (`PutAway`)."""
        return self.sent().filter(put_away=None)

    def needing_originals(self) -> Self:
        return self.filter(put_away=None)

    def ready(self) -> Self:
        return self.sent().filter(state="ready")

    def shown(self) -> Self:
        """What a creator's list shows, with its rungs: all but what she removed, and uploads that she took back."""
        return self.kept().exclude(failure_code="upload_cancelled").prefetch_related("renditions", "halts")

    def bytes_kept_for(self, user: Any, *, cancelled_too: bool = False) -> int:
        """Bytes of originals not let go, which count against a quota; of cancelled films only if `cancelled_too`."""
        gone = FAILED_FOR_GOOD if cancelled_too else FAILED_FOR_GOOD | Q(state="cancelled")
        return self.owned_by(user).kept().exclude(gone).aggregate(total=models.Sum("size"))["total"] or 0

    def failed_for_good(self) -> Self:
        """Another try would end the same way: nobody needs their originals."""
        return self.filter(FAILED_FOR_GOOD)

    def out_of_time(self) -> Self:
        """Failed in passing or cancelled, and nobody asked for another try in time."""
        since = timezone.now() - timedelta(days=settings.FAILED_FILM_DAYS)
        late = Q(state="failed", failed_at__lt=since) | Q(state="cancelled", finished_at__lt=since)
        return self.sent().filter(late).exclude(FAILED_FOR_GOOD)

    def settled_copies(self) -> Self:
        """Conversions of films that were made anew, which came to their end."""
        return self.exclude(made_for=None).filter(state__in=["ready", "failed", "cancelled"])

    def with_old_files(self) -> Self:
        """Made anew so long ago that no address of before is good any more."""
        return self.exclude(former_output="").filter(former_until__lt=timezone.now() - timedelta(minutes=2))

    def begin(self, *, owner: Any, name: str, size: int) -> "Video":
        """A film whose bytes are still to come."""
        return self.create(owner=owner, name=name, size=size)

    def begin_anew(self, film: "Video") -> "Video":
        """Another conversion of a film that plays on meanwhile: after everything that somebody waits for."""
        copy = self.create(
            owner_id=film.owner_id,
            name=film.name,
            size=film.size,
            made_for=film,
            priority=Priority.LATER,
            state="uploaded",
            uploaded_at=timezone.now(),
        )
        copy.ring()
        return copy
