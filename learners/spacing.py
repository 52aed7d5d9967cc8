"""When a question is asked again: FSRS, from the answers alone. The same history always gives the same day.

Source: the open Free Spaced Repetition Scheduler, version 6, with its published default weights. Its small random
shift of days is switched off, and its steps of minutes within a day are left out: nobody is asked twice on one day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Rating, Scheduler

RETENTION = 0.9
LONGEST_DAYS = 365
_scheduler = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)


@dataclass(frozen=True)
class Spaced:
    """What is known about one question in one learner's head, after her last answer."""

    stability: float
    difficulty: float
    due_at: datetime
    answered_at: datetime
    answers: int
    lapses: int


def rating(share: float) -> Rating:
    """The answer is the grade: all right is good, half of it or more is hard, less is forgotten."""
    if share == 1:
        return Rating.Good
    return Rating.Hard if share >= 0.5 else Rating.Again


def after(history: Iterable[tuple[float, datetime]]) -> Spaced | None:
    """`history`: (share that was right, when), first to last; None for no answers."""
    card, answers, lapses = None, 0, 0
    for share, at in history:
        rated = rating(share)
        card, _log = _scheduler.review_card(card or Card(card_id=1, due=at), rated, review_datetime=at)
        answers += 1
        lapses += rated == Rating.Again
    if card is None or card.stability is None or card.difficulty is None or card.last_review is None:
        return None
    return Spaced(card.stability, card.difficulty, card.due, card.last_review, answers, lapses)
