"""How many places of a list new courses are granted: as many as they need to have their looks in time, and no more.

What they need is known (`Newcomer`), and so is how often courses of each language were looked at in a week: the one
over the other is the share of places that is theirs. An hour later it is reckoned anew, so that what a quiet week
leaves undone is made up for.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from discovery.models import Attention, Newcomer, Pace
from discovery.models.attention import LOOKS_GRANTED
from discovery.models.newcomer import GRANTED

EVERY = 4  # of so many places one at most is for a new course
IN_DAYS = GRANTED.days - 2  # they are to have them by then: two days are left for what comes between
WEEK = 7


def reckon(now: datetime) -> None:
    """What each audience's new courses need a day, and how often courses of its language were looked at a day, in the
    last week. Whose looks these were, nobody keeps.
    """
    owed, looks = defaultdict[str, float](float), Counter[str]()
    for audience, had, age in Newcomer.objects.ages(now):
        owed[audience] += owed_a_day(had, age / timedelta(days=1))
    for language, count in Attention.objects.by_language(now.date() - timedelta(days=WEEK), now.date()):
        looks[language] += count
        looks[""] += count  # what is everybody's is shown to everybody
    audiences = [*(code for code, _name in settings.LANGUAGES), ""]
    Pace.objects.put({audience: (owed[audience], looks[audience] / WEEK) for audience in audiences})


def owed_a_day(looks: int, days: float) -> float:
    """Looks a day that a course needs which is `days` old, to have all of them in time: never fewer than a course of
    which nobody knows yet, since the last looks would come ever slower.
    """
    missing = LOOKS_GRANTED - looks
    return max(LOOKS_GRANTED / IN_DAYS, missing / max(1.0, IN_DAYS - days)) if missing > 0 else 0.0


def share(rates: Sequence[tuple[float, float]]) -> float:
    """The share of places, of some audiences' (looks owed a day, looks a day). While nothing is reckoned, or nobody has
    looked at anything, all that there can be.
    """
    needed = sum(owed / looks if looks else float(owed > 0) for owed, looks in rates)
    return min(1 / EVERY, needed) if rates else 1 / EVERY


def places(share: float, count: int, draw: float) -> list[int]:
    """The granted places of a list of `count`, from 1, evenly spread. `draw`, from 0 to 1, is the reader's of this day:
    it decides whether half a place is one, so that all lists together have the share.
    """
    granted = min(count // EVERY, int(share * count + draw))
    return [at * count // granted for at in range(1, granted + 1)]
