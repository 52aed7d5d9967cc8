"""Links between courses: what is learned together is linked, and chance is held back."""

import numpy as np

from discovery.matching import ease


def test_what_is_learned_together_is_linked_and_nothing_to_itself() -> None:
    baskets = [[0, 1]] * 30 + [[2, 3]] * 30 + [[0, 2]]
    found = ease.weights(ease.gram(baskets, 4), ridge=5)
    assert found.shape == (4, 4)
    assert np.all(np.diag(found) == 0)
    assert found[0, 1] > 5 * abs(found[0, 2])
    assert found[2, 3] > 5 * abs(found[2, 0])


def test_it_answers_its_own_least_squares_problem() -> None:
    random = np.random.default_rng(7)
    taken = random.random((200, 12)) < 0.3
    found = ease.weights(ease.gram([list(np.flatnonzero(row)) for row in taken], 12), ridge=10)
    matrix = taken.astype(float)
    # Where the weights are free (off the diagonal), the gradient of the ridge problem is zero.
    gradient = matrix.T @ (matrix @ found - matrix) + 10 * found
    np.fill_diagonal(gradient, 0)
    assert np.abs(gradient).max() < 1e-6


def test_a_course_twice_in_a_basket_counts_once() -> None:
    assert ease.gram([[0, 0, 1]], 2).tolist() == [[1, 1], [1, 1]]


def test_the_strongest_are_kept_for_or_against() -> None:
    found = np.array([[0.0, 0.2, 0.5, -0.3], [0.1, 0.0, 0.0, 0.0], [0, 0, 0, 0], [0.3, 0.2, 0.1, 0]])
    assert ease.strongest(found, 2) == [[(2, 0.5), (3, -0.3)], [(0, 0.1)], [], [(0, 0.3), (1, 0.2)]]


def test_nobody_and_a_single_course_have_no_links() -> None:
    assert ease.strongest(ease.weights(ease.gram([], 1), ridge=1), 5) == [[]]
