"""The order in which reports are looked at."""

import pytest

from moderation.priority import (
    ANONYMOUS,
    LEAST_TRUST,
    MOST_ANONYMOUS,
    MOST_TRUST,
    NEUTRAL,
    anonymous_weight,
    damped,
    priority,
    trust,
)


class TestTrust:
    def test_of_somebody_new_is_neutral(self) -> None:
        assert trust(0, 0) == NEUTRAL

    def test_grows_with_reports_that_were_right_and_falls_with_those_that_were_not(self) -> None:
        right = [trust(n, 0) for n in range(6)]
        wrong = [trust(0, n) for n in range(6)]
        assert right == sorted(set(right))
        assert wrong == sorted(set(wrong), reverse=True)

    def test_is_halved_by_each_report_in_bad_faith(self) -> None:
        assert trust(0, 0, 1) < trust(0, 1) < NEUTRAL
        assert trust(10, 0, 3) < trust(10, 3) / 4

    def test_stays_within_its_bounds(self) -> None:
        assert trust(100_000, 0) == MOST_TRUST
        assert trust(0, 100_000, 50) == LEAST_TRUST

    def test_without_an_account_is_small_and_capped_for_all_together(self) -> None:
        had = 0
        for _each in range(10_000):
            had += anonymous_weight(had)
        assert anonymous_weight(0) == ANONYMOUS
        assert had == MOST_ANONYMOUS


class TestPriority:
    def test_rises_with_severity_reach_and_trust(self) -> None:
        assert priority(4, 100, 1000) > priority(3, 100, 1000) > priority(1, 100, 1000)
        assert priority(2, 1000, 1000) > priority(2, 100, 1000) > priority(2, 0, 1000)
        assert priority(2, 100, 2000) > priority(2, 100, 1000) > priority(2, 100, 0)

    def test_of_a_crowd_about_little_does_not_drown_what_is_grave(self) -> None:
        crowd_of_strangers = priority(1, 5000, MOST_ANONYMOUS)
        one_person_about_something_grave = priority(4, 5000, NEUTRAL)
        assert one_person_about_something_grave > 4 * crowd_of_strangers
        assert 13 < priority(1, 0, 10_000 * NEUTRAL) / priority(1, 0, NEUTRAL) < 14

    @pytest.mark.parametrize(("times", "left"), [(0, 1000), (1, 500), (3, 125), (6, 15), (60, 15)])
    def test_is_halved_by_each_time_that_it_was_found_in_order(self, times: int, left: int) -> None:
        assert damped(1000, times) == left
