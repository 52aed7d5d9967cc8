"""The document of an assignment, what it lacks, and how marks become points. Without a database."""

import random
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from courses import file_types, lengths
from courses.assignments import completeness, plain, scoring
from courses.assignments.shape import Answer, Assignment, Criterion, Reviewing, RubricLevel, must_hold, read, written


def criterion(key: str, *points: int) -> Criterion:
    return Criterion(key, f"Of {key}", "", tuple(RubricLevel(f"{key}{n}", f"Level {n}", n) for n in points))


WHOLE = Assignment(task="Do it", reviewing=Reviewing.PEERS, criteria=(criterion("a", 0, 2, 4), criterion("b", 0, 3, 6)))


class TestDocument:
    def test_what_is_written_is_read_again(self) -> None:
        told = replace(WHOLE, answer=Answer.FILES, endings=("pdf", "zip"), due_days=14, attempts=2)
        assert read(written(told)) == told
        assert read(None) == Assignment()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"most_files": 0}, "most_files"), ({"most_files": 11}, "most_files"), ({"most_mb": 101}, "most_mb"),
            ({"own_reviews": 11}, "own_reviews"), ({"fallback_days": 0}, "fallback_days"),
            ({"due_days": 0}, "due_days"), ({"attempts": 21}, "attempts"), ({"pass_percent": 0}, "pass_percent"),
            ({"pass_percent": None}, "pass_percent"), ({"endings": ("exe",)}, "endings"),
            ({"task": "x" * 20_001}, "task"), ({"criteria": (criterion("a", 0, 101),)}, "levels"),
            ({"criteria": (criterion("a", *range(9)),)}, "levels"),
            ({"criteria": (criterion("a"),) * 13}, "criteria"),
        ],
    )  # fmt: skip
    def test_even_a_draft_keeps_bounds(self, changes: dict[str, object], field: str) -> None:
        with pytest.raises(ValidationError) as error:
            must_hold(replace(WHOLE, **changes), file_types.TYPES)  # type: ignore[arg-type]
        assert field in error.value.message_dict

    def test_what_may_be_empty_is_empty(self) -> None:
        must_hold(replace(WHOLE, due_days=None, attempts=None, endings=()), file_types.TYPES)

    def test_it_says_what_it_lacks(self) -> None:
        assert completeness.is_complete(WHOLE)
        assert set(completeness.lacks(Assignment())) == {""}
        same = Criterion("c", "Same", "", (RubricLevel("1", "Good", 2), RubricLevel("2", "good ", 2)))
        one = Criterion("d", "", "", (RubricLevel("1", "Good", 2),))
        found = completeness.lacks(replace(WHOLE, criteria=(same, one)))
        assert [len(found[key]) for key in ("c", "d")] == [2, 2]

    def test_two_versions_can_be_compared_word_by_word(self) -> None:
        changed = replace(WHOLE, criteria=(criterion("a", 0, 2, 5), WHOLE.criteria[1]))
        assert plain.as_text(WHOLE) != plain.as_text(changed)
        assert "4: Level 4" in plain.as_text(WHOLE)

    def test_its_length_counts_the_works_of_others(self) -> None:
        alone = lengths.of_assignment(replace(WHOLE, reviewing=Reviewing.CREATOR))
        assert lengths.of_assignment(WHOLE) == alone + 3 * lengths.OTHERS_WORK_S


class TestScoring:
    def test_three_marks_have_a_middle_whoever_gave_them(self) -> None:
        several = [{"a": 4, "b": 0}, {"a": 2, "b": 6}, {"a": 0, "b": 3}]
        random.Random(1).shuffle(several)
        assert scoring.medians(WHOLE, several) == {"a": 2, "b": 3}

    def test_one_of_three_cannot_lift_or_sink_a_work(self) -> None:
        honest = [{"a": 4, "b": 6}, {"a": 4, "b": 6}]
        for wicked in ({"a": 0, "b": 0}, {"a": 4, "b": 6}):
            assert scoring.medians(WHOLE, [*honest, wicked]) == {"a": 4, "b": 6}

    @given(st.lists(st.tuples(st.sampled_from([0, 2, 4]), st.sampled_from([0, 3, 6])), min_size=3, max_size=3))
    def test_a_median_is_a_level_that_somebody_chose(self, told: list[tuple[int, int]]) -> None:
        middle = scoring.medians(WHOLE, [{"a": a, "b": b} for a, b in told])
        assert middle["a"] in {a for a, _b in told}
        assert middle["b"] in {b for _a, b in told}
        assert all(min(a for a, _b in told) <= middle["a"] <= max(a for a, _b in told) for _each in told)

    @pytest.mark.parametrize(
        ("points", "percent", "passed"), [((2, 3), 50, False), ((0, 6), 60, True), ((4, 6), 100, True)]
    )
    def test_the_pass_mark_is_met_or_not(self, points: tuple[int, int], percent: int, passed: bool) -> None:
        score = scoring.score(WHOLE, {"a": points[0], "b": points[1]})
        assert (score.percent, score.passed) == (percent, passed)

    def test_percents_are_rounded_down_so_none_shows_the_mark_and_fails(self) -> None:
        thirds = replace(WHOLE, pass_percent=67, criteria=(criterion("a", 0, 2, 3),))
        score = scoring.score(thirds, {"a": 2})
        assert (score.percent, score.passed) == (66, False)

    def test_who_stands_apart_is_measured(self) -> None:
        middle = {"a": 4, "b": 6}
        assert scoring.distance(WHOLE, middle, middle) == 0
        assert scoring.distance(WHOLE, {"a": 0, "b": 0}, middle) == 100
        assert scoring.distance(WHOLE, {"a": 2, "b": 6}, middle) == 20 < scoring.FAR_PERCENT

    @pytest.mark.parametrize(
        "told", [{}, {"a": "a4"}, {"a": "a4", "b": "a4"}, {"a": 4, "b": None}, {"a": "a4", "b": ["b3"]}]
    )
    def test_marks_are_one_known_level_for_each_criterion(self, told: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            scoring.readable(WHOLE, told)

    def test_readable_marks_are_taken_and_strange_ones_left_out(self) -> None:
        assert scoring.readable(WHOLE, {"a": "a4", "b": "b3", "z": "q"}) == {"a": "a4", "b": "b3"}
