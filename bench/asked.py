"""What people get from matching, asked without a database, for bench/matching.py: the night's reading of links, the
candidates of a list, their scores and places are the product's own functions. Only what indexes answer there (who has
what, what many learn) is answered from memory here. tests/discovery/matching/test_bench.py holds both side by side.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from discovery.matching import choosing, learning, pacing, people
from discovery.matching.scoring import Candidate, Person, best, linked, placed, scored, sums
from discovery.models.attention import DAYS_GRANTED, LOOKS_GRANTED

Baskets = list[list[int]]
LANGUAGE = "en"


class Product:
    """A shop whose courses are numbers from 0, of which nothing is known but who has what.

    `share`: how much of her courses each person has watched.
    """

    def __init__(self, known: Baskets, items: int, share: float = 1.0) -> None:
        self.share = share
        self.learners = Counter(course for basket in known for course in basket)
        self.ridge = learning.choose_ridge(known, items)
        rows = learning.links_of(known, items, self.ridge)
        self._links = {
            course: ([other for other, _w in to], [weight for _o, weight in to]) for course, to in enumerate(rows)
        }
        self._popular = sorted(range(items), key=lambda course: (-self.learners[course], -course))[: choosing.FROM_EACH]

    def scored(self, mine: Sequence[int], looks: Collection[int] = ()) -> tuple[dict[int, float], set[int]]:
        """(scores of what may stand on her list, those of it that would without `looks`). Her latest last."""
        person = Person(language=LANGUAGE, history=dict.fromkeys(mine[-people.LATEST :], self.share))
        spoken_for = sums(person, ((course, *self._links[course]) for course in sorted(person.history)))
        usual = {*self._popular, *linked(person, spoken_for, choosing.FROM_LINKS)} - set(mine)
        ids = usual | (set(looks) - set(mine))
        return scored(person, [self._candidate(course) for course in sorted(ids)], spoken_for), usual

    def list_of(self, mine: Sequence[int], looks: Sequence[int] = (), count: int = choosing.SHOWN) -> list[int]:
        """With all places for `looks` that there can be."""
        found, _usual = self.scored(mine, looks)
        return [course for course, _is_look in placed(found, looks, count, pacing.places(1, count, 0))]

    def _candidate(self, course: int) -> Candidate:
        return Candidate(course, None, 0, LANGUAGE, self.learners[course])


class Reader:
    """One person of the shop who comes back: her scores are reckoned once, only what is owed looks changes."""

    def __init__(self, product: Product, mine: Sequence[int], fresh: Collection[int]) -> None:
        found, usual = product.scored(mine, fresh)
        self._with = _best(found) | {course: found[course] for course in fresh if course in found}
        # Without the guarantee a new course is a candidate only where links or its learners bring it.
        self._without = _best({course: one for course, one in found.items() if course in usual})

    def granted(self, looks: Sequence[int], places: Sequence[int]) -> list[int]:
        return [course for course, _is_look in placed(self._with, looks, choosing.SHOWN, places)]

    def plain(self) -> list[int]:
        return [course for course, _is_look in placed(self._without, (), choosing.SHOWN, ())]


class Month:
    """The first days of new courses, in which so many lists are read at even steps. Readers look as in the week before,
    which is when what they need of that was reckoned.
    """

    def __init__(self, fresh: Sequence[int], items: int, lists: int) -> None:
        self.fresh, self.lists, self.counts = fresh, lists, [0] * items
        self.read = self.places = 0

    def granted(self, draw: float) -> tuple[list[int], list[int]]:
        """What is owed looks at this moment, and the places of the next list that are theirs."""
        owed = [course for course in self.fresh if self.counts[course] < LOOKS_GRANTED]
        day = self.read * DAYS_GRANTED / self.lists
        rate = sum(pacing.owed_a_day(self.counts[course], day) for course in owed)
        share = pacing.share([(rate, self.lists * choosing.SHOWN / DAYS_GRANTED)])
        places = pacing.places(share, choosing.SHOWN, draw) if owed else []
        self.places += len(places)
        return sorted(owed, key=lambda course: (self.counts[course], -course))[: choosing.LOOKS], places

    def note(self, shown: Iterable[int]) -> None:
        self.read += 1
        for course in shown:
            self.counts[course] += 1


def _best(found: Mapping[int, float]) -> dict[int, float]:
    return {course: found[course] for course in best(found, choosing.SHOWN)}
