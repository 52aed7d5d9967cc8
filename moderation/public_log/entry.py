"""One line of the log.

Days and begun hours are told, moments are not: a course's page and API say to the second when it was published.
"""

import math
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from . import pseudonyms

# A review, its second look, a path's review, an institution's badge, a certificate that was revoked; a measure, what a
# second person says of its refunds, the end of a measure, the answer to an appeal; a claim of copyright that ended
# without a decision.
EVENTS = (
    "review", "second", "path", "institution", "certificate", "measure", "refund", "reversal", "appeal", "claim",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line. `event` is one of EVENTS; `about` is an earlier entry it speaks of. `moment` orders them and is told to
    nobody.
    """

    id: str
    moment: datetime
    event: str
    action: str
    kind: str
    target: str
    # Whose state it changes.
    subject: str
    by: str
    rules: tuple[str, ...]
    reason: str
    # Begun ones.
    hours: int | None
    until: date | None
    about: str
    result: str
    # What community reviewers recommended, and how many of them: "fine 4/5".
    community: str = ""

    @property
    def at(self) -> date:
        """The day of it, UTC."""
        return day_of(self.moment)

    def as_json(self) -> dict[str, Any]:
        facts = asdict(self)
        del facts["moment"]
        facts["at"], facts["rules"] = self.at.isoformat(), list(self.rules)
        facts["until"] = self.until.isoformat() if self.until else None
        return facts


def by_moderator(person_id: int | None) -> str:
    return pseudonyms.of("moderator", person_id) if person_id else "clock"


def hours_between(start: datetime, end: datetime) -> int:
    """Begun ones."""
    return math.ceil(max((end - start).total_seconds(), 0) / 3600)


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
