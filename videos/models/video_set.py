"""Sets of films: whose they are, what becomes of them, and what counts against a creator's space."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .. import failures

if TYPE_CHECKING:
    from .video import Video

FAILED_FOR_GOOD = Q(state="failed") & ~Q(failure_code__in=failures.RETRYABLE)


class VideoQuerySet(models.QuerySet["Video"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)

    def kept(self) -> Self:
        """Not removed by their owner: what only past versions of courses show may still be here (`PutAway`)."""
        return self.filter(put_away=None)

    def ready(self) -> Self:
        return self.filter(state="ready")

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
        return self.filter(late).exclude(FAILED_FOR_GOOD)

    def begin(self, *, owner: Any, name: str, size: int) -> "Video":
        """A film whose bytes are still to come."""
        return self.create(owner=owner, name=name, size=size)
