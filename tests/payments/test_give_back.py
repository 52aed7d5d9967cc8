"""give_back.allocate: who gives how much when a part of a sale is given back."""

import random

import pytest

from payments.give_back import Parts, allocate

ROUNDS = 30_000


def some_parts(dice: random.Random) -> Parts:
    shares = tuple(dice.choice([0, dice.randint(0, 9), dice.randint(0, 10**6)]) for _n in range(dice.randint(1, 5)))
    tax = dice.choice([0, dice.randint(0, 10**5)])
    promotion = dice.choice([0, 0, dice.randint(0, sum(shares)), sum(shares)])
    return Parts(tax, promotion, shares)


def pieces(amount: int, dice: random.Random) -> list[int]:
    """The amount in one to six pieces, some of them nothing."""
    cuts = sorted(dice.randint(0, amount) for _n in range(dice.randint(0, 5)))
    return [after - before for before, after in zip([0, *cuts], [*cuts, amount], strict=True)]


def test_in_thirty_thousand_histories_every_unit_comes_from_somebody_and_nobody_gives_what_she_has_not() -> None:
    dice = random.Random(3)
    for _round in range(ROUNDS):
        left = some_parts(dice)
        for piece in pieces(left.price, dice):
            given = allocate(piece, left)
            assert given.price == piece
            left = left.less(given)
            assert min(left.tax, left.promotion, left.price, *left.shares) >= 0
        assert left == Parts(0, 0, (0,) * len(left.shares))


def test_the_difference_of_two_whole_spreadings_takes_less_than_nothing_now_and_then() -> None:
    """The negative control: the obvious other way, which the Alabama paradox breaks."""
    dice, negative = random.Random(3), 0
    for _round in range(ROUNDS):
        shares = tuple(dice.randint(1, 40) for _n in range(dice.randint(3, 5)))
        whole, before = Parts(0, 0, shares), (0,) * len(shares)
        amount = dice.randint(1, sum(shares) - 1)
        for so_far in (amount - 1, amount):
            now = allocate(so_far, whole).shares
            negative += any(after < earlier for after, earlier in zip(now, before, strict=True))
            before = now
    assert negative > 0


def test_a_half_given_back_comes_in_halves() -> None:
    assert allocate(1000, Parts(0, 0, (500, 1500))) == Parts(0, 0, (250, 750))


def test_what_the_platform_added_is_taken_back_in_proportion() -> None:
    # 20.00 at half price by the platform: 10.00 paid, 10.00 added, shared 5.00 and 15.00.
    assert allocate(500, Parts(0, 1000, (500, 1500))) == Parts(0, 500, (250, 750))


def test_tax_goes_back_with_the_price() -> None:
    assert allocate(5950, Parts(1900, 0, (2500, 7500))) == Parts(950, 0, (1250, 3750))


def test_a_purchase_that_cost_nothing_gives_back_all_that_was_added() -> None:
    left = Parts(0, 2000, (500, 1500))
    assert allocate(0, left) == left


@pytest.mark.parametrize("amount", [-1, 2001])
def test_more_than_is_left_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="given back"):
        allocate(amount, Parts(0, 0, (500, 1500)))
