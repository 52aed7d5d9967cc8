"""Taking the next one of a queue: it is found and claimed; whoever was quicker leaves the one after it."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from courses.models import Submission

from . import case_queue, queue
from .models import Case, CaseClaim, CaseClosed, Claim, ClaimedByAnother, NotWaiting

# So many who were quicker, one after another; then she is told that nothing waits, and asks again.
TRIES = 10


def submission(reader: User) -> Submission | None:
    """What has waited longest, hers for a while now; None where nothing waits for her. Raises NotAllowed."""
    return _taken(lambda: queue.next_for(reader), lambda found: Claim.objects.take(found, reader))


def case(reader: User) -> Case | None:
    """What matters most, hers for a while now; None where nothing waits for her. Raises NotAllowed."""
    return _taken(lambda: case_queue.next_for(reader), lambda found: CaseClaim.objects.take(found, reader))


def _taken(find: Callable[[], Any], take: Callable[[Any], Any]) -> Any:
    for _try in range(TRIES):
        found = find()
        if found is None:
            return None
        try:
            take(found)
        except (ClaimedByAnother, NotWaiting, CaseClosed):
            continue  # by another since it was looked for: she waited for that one's lock, and sees it now
        return found
    return None
