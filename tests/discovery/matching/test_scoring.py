"""Scores that can be read: the sum of their reasons, and nothing of what is switched off."""

import math

from hypothesis import given
from hypothesis import strategies as st

from discovery.matching.explained import in_hundredths
from discovery.matching.scoring import Candidate, Person, Signal, best, leading, linked, match, scored, sums, with_looks

candidates = st.builds(
    Candidate,
    course_id=st.integers(1, 40), category_id=st.one_of(st.none(), st.integers(1, 5)), creator_id=st.integers(1, 5),
    language=st.sampled_from(["en", "zh-hans"]), learners=st.integers(0, 10**7), skills=st.sets(st.integers(1, 9)),
)  # fmt: skip
people = st.builds(
    Person,
    goals=st.sets(st.integers(1, 5)), follows=st.sets(st.integers(1, 5)),
    language=st.sampled_from(["", "en", "zh-hans"]), history=st.dictionaries(st.integers(41, 60), st.floats(0, 1)),
    counts_popularity=st.booleans(), skills=st.lists(st.integers(1, 9), unique=True),
)  # fmt: skip
links = st.lists(st.tuples(st.integers(41, 60), st.floats(-0.5, 1)), max_size=6)


@given(people, candidates, links)
def test_the_reasons_add_up_to_the_score(person: Person, candidate: Candidate, links: list) -> None:
    found = match(person, candidate, links)
    assert math.isclose(found.score, sum(reason.amount for reason in found.reasons), abs_tol=1e-9)
    assert all(reason.amount > 0 for reason in found.reasons if reason.signal != Signal.HISTORY)


@given(candidates, links, st.dictionaries(st.integers(41, 60), st.floats(0, 1)))
def test_without_history_nothing_depends_on_it(candidate: Candidate, links: list, history: dict[int, float]) -> None:
    off = match(Person(goals={1}, language="en"), candidate, links)
    assert off == match(Person(goals={1}, language="en", history={}), candidate, [])
    on = match(Person(goals={1}, language="en", history=history), candidate, links)
    assert [one for one in on.reasons if one.signal != Signal.HISTORY] == list(off.reasons)


def test_a_course_counts_by_how_much_of_it_was_watched() -> None:
    candidate = Candidate(1, None, 1, "en", 0)
    shares = [match(Person(history={50: share}), candidate, [(50, 0.4)]).score for share in (0.0, 0.3, 0.99, 1.0)]
    assert shares[0] > 0
    assert shares == sorted(set(shares))


def test_the_courses_that_most_speaks_for_are_candidates() -> None:
    rows = [(50, [1, 2, 3], [0.2, 0.3, -0.5]), (51, [1, 2], [0.2, 0.0])]
    assert leading(rows, [1, 3, 4]) == {1: [(50, 0.2), (51, 0.2)], 3: [(50, -0.5)], 4: []}
    for shares, first in (({50: 1, 51: 1}, [1, 2]), ({50: 1, 51: 0}, [2, 1]), ({50: 1, 51: 1, 1: 1}, [2, 3])):
        hers = Person(history=shares)
        assert linked(hers, sums(hers, rows), 2) == first


def test_shared_skills_are_named_the_commonest_first_and_three_at_most() -> None:
    candidate = Candidate(1, None, 1, "en", 0, skills={2, 4, 6, 8})
    found = match(Person(skills=[8, 1, 6, 4, 2]), candidate, [])
    assert [(one.signal, one.about) for one in found.reasons] == [(Signal.SKILLS, pk) for pk in (8, 6, 4)]
    assert match(Person(), candidate, []).score == 0


@given(st.lists(st.floats(-5, 5), max_size=30))
def test_what_is_shown_adds_up_as_shown(amounts: list[float]) -> None:
    shown = in_hundredths(amounts)
    assert sum(round(100 * one) for one in shown) == round(math.fsum(100 * one for one in amounts))
    assert all(abs(a - b) < 0.01 + 1e-9 for a, b in zip(shown, amounts, strict=True))


def test_equals_stand_in_one_order() -> None:
    assert best({3: 1.0, 9: 1.0, 4: 1.0, 5: 2.0}, 3) == [5, 9, 4]


@given(people, candidates, links)
def test_what_is_scored_is_what_the_reasons_add_up_to(person: Person, candidate: Candidate, links: list) -> None:
    rows = [(course, [candidate.course_id], [weight]) for course, weight in links]
    found = scored(person, [candidate], sums(person, rows))
    assert math.isclose(found[candidate.course_id], match(person, candidate, links).score, abs_tol=1e-9)


def test_granted_places_are_looks_at_something_new() -> None:
    shown = with_looks(range(9), [100, 101], [4, 8, 11])
    assert [one for one, is_look in shown if is_look] == [100, 101]
    assert [at for at, (_one, is_look) in enumerate(shown) if is_look] == [3, 7]
    assert len(shown) == 11


def test_a_new_course_that_earned_its_place_takes_no_other() -> None:
    assert not any(is_look for _one, is_look in with_looks(range(8), [2], [4, 8]))
