"""Topics that have room: what many look for and few courses answer, for creators. No person is behind a row."""

from dataclasses import dataclass

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
    rows = Demand.objects.since(demand.weeks_ago(demand.WEEKS_SHOWN))
    known = [Topic(row["words"], row["most_people"], row["all_searches"], row["latest_courses"]) for row in rows]
    known.sort(key=lambda topic: (-topic.share, topic.words))
    unanswered = [topic for topic in known if topic.courses == 0]
    few = [topic for topic in known if topic.courses and (topic.courses <= FEW_COURSES or topic.share >= BUSY)]
    return unanswered[:MOST_SHOWN], few[:MOST_SHOWN]
