"""How evenly attention falls on courses: Gini's coefficient and Lorenz's curve. Counts in, plain numbers out."""

from collections.abc import Sequence


def coefficient(counts: Sequence[int]) -> float:
    """0: all courses were shown equally often; towards 1: one of them had everything. Unseen ones count."""
    total = sum(counts)
    if not total:
        return 0.0
    ordered = sorted(counts)
    weighted = sum(rank * count for rank, count in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def curve(counts: Sequence[int], points: int = 20) -> list[tuple[float, float]]:
    """(share of courses, share of all looks that they had), from the least shown to the most; from 0 to 1."""
    ordered, total = sorted(counts), sum(counts)
    if not total:
        return [(0.0, 0.0), (1.0, 1.0)]
    sums, so_far = [0], 0
    for count in ordered:
        so_far += count
        sums.append(so_far)
    steps = [round(len(ordered) * at / points) for at in range(points + 1)]
    return [(at / len(ordered), sums[at] / total) for at in dict.fromkeys(steps)]
