"""Which courses belong together, from who learns what: the closed form of EASE, which needs no training runs.

Source: Steck, Embarrassingly Shallow Autoencoders for Sparse Data (2019); the design's page on performance, goal 14.
The rows of learners are used as a set: how much of a course somebody watched counts where her own list is made, in
`scoring.strength`, and not here.
"""

from collections.abc import Iterable, Sequence

import numpy as np

# Learners with more courses than this are read in part: one row of a collector must not link everything.
MOST_OF_ONE = 500


def gram(baskets: Iterable[Sequence[int]], items: int, most: int = MOST_OF_ONE) -> np.ndarray:
    """How many learners have both of two items; baskets are item numbers from 0 to items - 1. Shape (items, items)."""
    together = np.zeros((items, items), dtype=np.float32)
    for basket in baskets:
        few = np.unique(np.asarray(basket[-most:], dtype=np.intp))
        together[np.ix_(few, few)] += 1
    return together


def weights(together: np.ndarray, ridge: float) -> np.ndarray:
    """What having one item (row) says for another (column); nothing for itself. Shape as `together`.

    `ridge` holds chance back: the larger, the fewer coincidences count.
    """
    regular = together.astype(np.float64)
    regular[np.diag_indices_from(regular)] += ridge
    inverse = np.linalg.inv(regular)
    found = inverse / -np.diag(inverse)
    np.fill_diagonal(found, 0)
    return found


def strongest(found: np.ndarray, count: int) -> list[list[tuple[int, float]]]:
    """Of each row the `count` weights that say most, for or against, as (column, weight), the largest for first.

    Those that speak against count as much: without them, a third of what EASE adds to counting pairs is lost.
    """
    count = min(count, found.shape[0] - 1)
    if count < 1:
        return [[] for _row in found]
    columns = np.argpartition(-np.abs(found), count - 1, axis=1)[:, :count]
    rows = []
    for row, chosen in zip(found, columns, strict=True):
        pairs = [(int(column), float(row[column])) for column in chosen if row[column]]
        rows.append(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return rows
