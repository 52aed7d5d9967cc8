"""How far words lie from each other."""

import random

import pytest

from discovery.spelling import distance, edits


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("kiln", "kiln", 0),
        ("", "kiln", 4),
        ("klin", "kiln", 1),
        ("kil", "kiln", 1),
        ("kilnn", "kiln", 1),
        ("kilm", "kiln", 1),
        ("abab", "ab", 2),
        ("aab", "aba", 1),
        ("potery", "poetry", 1),
        ("glaze", "azure", 4),
    ],
)
def test_letters_too_many_too_few_others_and_swapped_ones_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_every_word_that_is_one_slip_away_is_known_as_such() -> None:
    dice = random.Random(7)
    for _ in range(20):
        word = "".join(dice.choices("abc", k=dice.randrange(1, 8)))
        assert {distance(word, other) for other in edits(word)} == {1}
