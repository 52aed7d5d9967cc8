"""How evenly attention falls on courses: Gini's coefficient and Lorenz's curve. Counts in, plain numbers out."""

from collections.abc import Sequence
from itertools import accumulate


def coefficient(counts: Sequence[int], unseen: int = 0) -> float:
    """0: all courses were shown equally often; towards 1: one of them had everything. So many more were never shown.

    Without a look there is nothing to compare; the 0 then says nothing (`Exposure.evenness`).
    """
    total, courses = sum(counts), len(counts) + unseen
    if not total:
        return 0.0
    weighted = sum(rank * count for rank, count in enumerate(sorted(counts), unseen + 1))
    return 2 * weighted / (courses * total) - (courses + 1) / courses


def curve(counts: Sequence[int], unseen: int = 0, points: int = 20) -> list[tuple[float, float]]:
    """(share of courses, share of all looks that they had), from the least shown to the most; from 0 to 1."""
    total, courses = sum(counts), len(counts) + unseen
    if not total:
        return [(0.0, 0.0), (1.0, 1.0)]
    sums = [0, *accumulate(sorted(counts))]
    steps = dict.fromkeys(round(courses * at / points) for at in range(points + 1))
    return [(at / courses, sums[max(0, at - unseen)] / total) for at in steps]
