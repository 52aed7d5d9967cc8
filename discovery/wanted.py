"""Topics that have room: what many look for and few courses answer, for creators. No person is behind a row."""

from dataclasses import dataclass
from typing import Any

from discovery import demand
from discovery.models import Demand
from discovery.models.demand import FEW_COURSES

MOST_SHOWN = 40
# So many people to a course in one week, and the topic has room whatever the number of courses.
BUSY = 2


@dataclass(frozen=True)
class Topic:
    """`people`: in the fullest week of those shown; `courses`: how many answered well when it was last asked."""

    words: str
    people: int
    searches: int
    courses: int

    @property
    def share(self) -> float:
        """People to each course, one more counted, so that none is not endless."""
        return self.people / (self.courses + 1)


def topics() -> tuple[list[Topic], list[Topic]]:
    """(without a good answer, with many who search and few good courses), what has most room first."""
    rows = {row["words"]: row for row in Demand.objects.since(demand.weeks_ago(demand.WEEKS_SHOWN))}
    known = [_topic([rows[words] for words in alike]) for alike in demand.together(rows)]
    known.sort(key=lambda topic: (-topic.share, topic.words))
    unanswered = [topic for topic in known if topic.courses == 0]
    few = [topic for topic in known if topic.courses and (topic.courses <= FEW_COURSES or topic.share >= BUSY)]
    return unanswered[:MOST_SHOWN], few[:MOST_SHOWN]


def _topic(rows: list[dict[str, Any]]) -> Topic:
    """Of words that ask for the same: each week has them under the name that most gave it then."""
    latest = max(rows, key=lambda row: (row["latest_week"], row["words"]))
    people, searches = max(row["most_people"] for row in rows), sum(row["all_searches"] for row in rows)
    return Topic(latest["words"], people, searches, latest["latest_courses"])
