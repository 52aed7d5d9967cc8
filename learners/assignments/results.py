"""When a learner may see her result, and what follows: a lesson is done, a mail goes.

A work is settled under its desk; it is shown afterwards, in a transaction of its own that holds its learner's meter. So
nobody waits for two learners at once, and what a crash leaves out the bell makes up for.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from learners import completion, rights
from learners.models import Assessment, HandIn, Handling, WatchMeter
from marketplace.lib import sweeps

from . import notices, peers


def show_due(learner_id: int, lesson_key: uuid.UUID, now: datetime | None = None) -> None:
    """Show this learner what is settled of hers in this assignment, unless she still owes reviews."""
    now = now or timezone.now()
    waiting = Handling.objects.to_be_shown().filter(hand_in__learner_id=learner_id, hand_in__lesson_key=lesson_key)
    if not waiting.exists():
        return
    with transaction.atomic():
        WatchMeter.objects.hold(learner_id)
        for handling in waiting.select_related("hand_in__lesson__version__course", "hand_in__learner"):
            if not _owes(handling, now) and handling.show(now):
                _follow(handling.hand_in)


def show_all_due(now: datetime, most: int = 500) -> int:
    """What was left out, and what is no longer owed since nobody waits. Returns how many were looked at."""
    rows = Handling.objects.to_be_shown().filter(look_at__lte=now).order_by("look_at")
    found = list(rows.values_list("pk", "hand_in__learner_id", "hand_in__lesson_key")[:most])
    places = dict.fromkeys((learner, key) for _pk, learner, key in found)
    try:
        sweeps.each("results", places, lambda place: show_due(*place, now))
    finally:  # what failed waits too: it comes back in an hour, and holds up nobody until then
        Handling.objects.to_be_shown().filter(pk__in=[pk for pk, _learner, _key in found]).look_again(now)
    return len(found)


def follow_ruling(work: HandIn) -> None:
    """Called when an appeal is answered, with the learner's meter held: what has passed now counts."""
    _done_if_passed(work)


def _owes(handling: Handling, now: datetime) -> bool:
    """Reviews of others, as long as there are others: past the time to wait nobody owes what she cannot give."""
    work = handling.hand_in
    if not handling.by_peers:
        return False
    given = Assessment.objects.of(work.learner).by_peers().filter(hand_in__lesson_key=work.lesson_key).count()
    if given >= work.assignment.owed:
        return False
    return now <= handling.waits_until or bool(peers.candidates(work.learner, work.lesson))


def _follow(work: HandIn) -> None:
    """Who no longer has the course hears nothing."""
    if _done_if_passed(work):
        notices.result_shown(work)


def _done_if_passed(work: HandIn) -> bool:
    """With the learner's meter held. Whether she has the course."""
    fresh = HandIn.objects.whole().get(pk=work.pk)
    enrollment = rights.enrollment_of(work.learner, work.course_id)
    if enrollment is not None and fresh.outcome is not None and fresh.outcome.passed:
        completion.graded_passed(enrollment, work.lesson_key)
    return enrollment is not None
