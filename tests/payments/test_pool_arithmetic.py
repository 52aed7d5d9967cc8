"""How a pool is divided, in minor units alone."""

import random

import pytest

from payments.pool.arithmetic import by_seconds, by_split, reckon


class TestAMembersMonth:
    def test_goes_to_what_she_watched(self) -> None:
        found = reckon({1: 630, 2: 630}, 0, {1: {10: 60}, 2: {10: 3_000, 20: 1_000}})
        assert found
        assert found.views[1, 10] == found.views[2, 10] + found.views[2, 20] == 630
        assert found.views[2, 20] in (157, 158)
        assert found.courses[10] == 630 + found.views[2, 10]
        assert found.rest == 0

    def test_without_watching_goes_to_all_by_their_seconds(self) -> None:
        found = reckon({1: 400, 2: 800}, 0, {1: {10: 30, 20: 10}})
        assert found
        assert found.rest == 800
        assert found.views == {(1, 10): 300, (1, 20): 100}
        assert found.courses == {10: 900, 20: 300}

    def test_one_who_watches_day_and_night_moves_her_own_alone(self) -> None:
        found = reckon({1: 630, 2: 630}, 0, {1: {10: 2_000_000}, 2: {20: 60}})
        assert found
        assert found.courses == {10: 630, 20: 630}


class TestThePool:
    def test_bears_what_was_given_back_late(self) -> None:
        found = reckon({1: 600, 2: 300}, 90, {1: {10: 5}, 2: {20: 5}})
        assert found
        assert found.divided == {1: 540, 2: 270}
        assert found.amount == 810

    @pytest.mark.parametrize(
        ("months", "late", "seconds"),
        [
            ({}, 0, {}),
            ({1: 500}, 0, {}),
            ({1: 500}, 500, {1: {10: 5}}),
            ({1: 500}, 900, {1: {10: 5}}),
            ({1: 0}, 0, {}),
            ({1: 0}, -5, {1: {10: 5}}),
        ],
    )
    def test_goes_on_where_nothing_can_be_divided(self, months: dict, late: int, seconds: dict) -> None:
        assert reckon(months, late, seconds) is None

    def test_closes_exactly_in_thirty_thousand_histories(self) -> None:
        dice = random.Random(119)
        for _n in range(30_000):
            months = {n: dice.choice([0, 1, 7, 630, 6_300]) for n in range(dice.randint(1, 5))}
            seconds = {n: {c: dice.randint(1, 9_000) for c in range(dice.randint(0, 4))} for n in months if months[n]}
            late = dice.randint(0, 50)
            found = reckon(months, late, seconds)
            if found is None:
                continue
            assert sum(found.courses.values()) == sum(months.values()) - late == sum(found.divided.values())
            assert min(found.courses.values()) >= 0
            assert sum(found.views.values()) + found.rest == found.amount

    def test_is_reckoned_the_same_in_any_order(self) -> None:
        months, seconds = dict.fromkeys(range(50), 631), {n: {c: n + c + 1 for c in range(7)} for n in range(40)}
        turned = {n: dict(reversed(watched.items())) for n, watched in reversed(seconds.items())}
        assert reckon(months, 13, seconds) == reckon(dict(reversed(months.items())), 13, turned)

    def test_gives_the_odd_unit_to_another_course_in_each_month(self) -> None:
        firsts = {
            max(by_seconds(1, {10: 5, 20: 5, 30: 5}, salt=n).items(), key=lambda row: row[1])[0] for n in range(50)
        }
        assert firsts == {10, 20, 30}


def test_co_authors_share_as_in_a_sale() -> None:
    assert by_split(1_001, [3_333, 1_000]) == [333, 100]
