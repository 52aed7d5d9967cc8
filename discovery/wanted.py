"""Topics that have room: what many look for and few courses answer, for creators. No person is behind a row.

A worker asks the index for the topics that are shown whenever it gathers what was looked for, and keeps the answer: a
visit costs what it shows, and a topic that was answered since stands no longer as one that is not.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from discovery import asking, demand
from discovery.models import Demand
from discovery.models.demand import FEW_COURSES

MOST_SHOWN = 40
# So many of a list, by what was known of them, are asked for: some are answered since and leave their place to others.
MOST_ASKED = 2 * MOST_SHOWN
# So many people to a course in one week, and the topic has room whatever the number of courses.
BUSY = 2
# The number goes up whenever what is kept changes its shape. Kept for longer than the worker takes to come again.
_KEPT, _KEPT_S = "wanted-1", 3_600
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Topic:
    """`people`: in the fullest week of those shown; `courses`: how many answered well when it was last asked: by the
    worker, or else by whoever searched.
    """

    words: str
    people: int
    searches: int
    courses: int

    @property
    def share(self) -> float:
        """People to each course, one more counted, so that none is not endless."""
        return self.people / (self.courses + 1)


Topics = tuple[list[Topic], list[Topic]]


def gather() -> None:
    """What people looked for is written down, and what has room of it is reckoned and kept."""
    demand.gather()
    _keep(reckoned())


def topics() -> Topics:
    """(without a good answer, with many who search and few good courses), what has most room first: as last reckoned.
    Where nothing is kept of that, by what answered whoever searched: a visit asks the index for nothing.
    """
    try:
        kept: Topics | None = cache.get(_KEPT)
    except RedisError as error:
        _log.warning("what is wanted is told without its cache: %s", error)
        kept = None
    return _shown(_known()) if kept is None else kept


def reckoned(good: Callable[[str], int] = asking.good) -> Topics:
    """The same for the worker, with what `good` answers now for the words of each that may be shown."""
    likely = [topic for some in _with_room(_known()) for topic in some[:MOST_ASKED]]
    return _shown([replace(topic, courses=good(topic.words)) for topic in likely])


def _known() -> list[Topic]:
    rows = {row["words"]: row for row in Demand.objects.since(demand.weeks_ago(demand.WEEKS_SHOWN))}
    return [_topic([rows[words] for words in alike]) for alike in demand.together(rows)]


def _shown(known: list[Topic]) -> Topics:
    unanswered, few = _with_room(known)
    return unanswered[:MOST_SHOWN], few[:MOST_SHOWN]


def _with_room(known: list[Topic]) -> Topics:
    known = sorted(known, key=lambda topic: (-topic.share, topic.words))
    few = [topic for topic in known if topic.courses and (topic.courses <= FEW_COURSES or topic.share >= BUSY)]
    return [topic for topic in known if topic.courses == 0], few


def _topic(rows: list[dict[str, Any]]) -> Topic:
    """Of words that ask for the same: each week has them under the name that most gave it then."""
    latest = max(rows, key=lambda row: (row["latest_week"], row["words"]))
    people, searches = max(row["most_people"] for row in rows), sum(row["all_searches"] for row in rows)
    return Topic(latest["words"], people, searches, latest["latest_courses"])


def _keep(found: Topics) -> None:
    try:
        cache.set(_KEPT, found, _KEPT_S)
    except RedisError as error:
        _log.warning("what is wanted is not kept: %s", error)
