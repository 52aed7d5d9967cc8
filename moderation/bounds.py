"""How far a share that was counted can be believed. Pure arithmetic; shares are whole thousandths."""

from math import sqrt

THOUSAND = 1000
# Two-sided 99 %: of two hundred shares that are as all others, the interval of about one lies too high by chance.
Z = 2.576


def wilson(k: int, n: int, z: float = Z) -> tuple[int, int]:
    """The interval in which the true share lies, when `k` of `n` were seen: (low, high) in thousandths.

    Wilson's score interval: it stays within 0 and 1 and is wide for few, where k / n says nothing. (0, 1000) for none.
    """
    if n <= 0:
        return 0, THOUSAND
    share, z2 = k / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0, int(THOUSAND * (middle - half))), min(THOUSAND, -int(-THOUSAND * (middle + half) // 1))


def usual(k: int, n: int, *, whole_k: int, whole_n: int, weight: int) -> int:
    """A category's share in thousandths, drawn towards the site's where the category is small.

    `weight`: as many as that of the whole site stand beside those of the category, so ten sales make no category.
    Nothing sold anywhere: 0.
    """
    site = whole_k / whole_n if whole_n > 0 else 0.0
    return round(THOUSAND * (max(k, 0) + weight * site) / (max(n, 0) + weight))
