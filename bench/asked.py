"""What people get from matching, asked without a database, for bench/matching.py: the night's reading of links, the
candidates of a list, their scores and places are the product's own functions. Only what indexes answer there (who has
what, what many learn) is answered from memory here. tests/discovery/matching/test_bench.py holds both side by side.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from discovery.matching import choosing, learning, people
from discovery.matching.scoring import Candidate, Match, Person, Reason, Signal, best, leading, linked, placed, scored

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

    def scored(self, mine: Sequence[int], looks: Collection[int] = ()) -> tuple[dict[int, Match], set[int]]:
        """(what may stand on her list with its reasons, those of it that would without `looks`). Her latest last."""
        person = Person(language=LANGUAGE, history=dict.fromkeys(mine[-people.LATEST :], self.share))
        links = leading((course, *self._links[course]) for course in sorted(person.history))
        usual = {*self._popular, *linked(person, links, choosing.FROM_LINKS)} - set(mine)
        ids = usual | (set(looks) - set(mine))
        return scored(person, [self._candidate(course) for course in sorted(ids)], links), usual

    def list_of(self, mine: Sequence[int], looks: Sequence[int] = (), count: int = choosing.SHOWN) -> list[int]:
        found, _usual = self.scored(mine, looks)
        return [one.course_id for one, _is_look in placed(found, looks, count)]

    def _candidate(self, course: int) -> Candidate:
        return Candidate(course, None, 0, LANGUAGE, self.learners[course])


class Reader:
    """One person of the shop who comes back: her scores are reckoned once, only what is owed looks changes."""

    def __init__(self, product: Product, mine: Sequence[int], fresh: Collection[int]) -> None:
        found, usual = product.scored(mine, fresh)
        self._with = _best(found) | _light(found, fresh)
        # Without the guarantee a new course is a candidate only where links or its learners bring it.
        self._without = _best({course: one for course, one in found.items() if course in usual})

    def granted(self, looks: Sequence[int]) -> list[int]:
        return [one.course_id for one, _is_look in placed(self._with, looks, choosing.SHOWN)]

    def plain(self) -> list[int]:
        return [one.course_id for one, _is_look in placed(self._without, (), choosing.SHOWN)]


def _best(found: Mapping[int, Match]) -> dict[int, Match]:
    return _light(found, [one.course_id for one in best(list(found.values()), choosing.SHOWN)])


def _light(found: Mapping[int, Match], courses: Collection[int]) -> dict[int, Match]:
    """With the same scores in one reason each: thousands of people are kept at once."""
    kept = ((course, found[course].score) for course in courses if course in found)
    return {course: Match(course, (Reason(Signal.HISTORY, score),)) for course, score in kept}
