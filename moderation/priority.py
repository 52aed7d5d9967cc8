"""How soon a reported thing should be looked at. Pure arithmetic in thousandths.

    priority = weight of the severity × log2(2 + reach) × log2(1 + trust of all who reported it)

Severity counts most: each step doubles. Reach and trust are taken by their logarithm, so a crowd weighs more than one
person, but ten thousand do not weigh ten thousand times as much.
"""

from math import log2

THOUSAND = 1000
# slight, notable, serious, grave
SEVERITY_WEIGHT = {1: 1, 2: 2, 3: 4, 4: 8}
NEUTRAL, LEAST_TRUST, MOST_TRUST, ANONYMOUS = 1000, 50, 2000, 200
# However many people report without an account, together they weigh at most so much: nobody can count them.
MOST_ANONYMOUS = 2000


def trust(upheld: int, dismissed: int, bad_faith: int = 0) -> int:
    """A reporter's weight: 1000 for somebody new, up to 2000 whose reports were right, down to 50 for abuse.

    Two thousand times the share of reports that were right, as if one right and one wrong had come before (Laplace);
    each that was made in bad faith halves it.
    """
    share = (upheld + 1) / (upheld + dismissed + bad_faith + 2)
    weight = round(2 * THOUSAND * share) // 2 ** min(bad_faith, 20)
    return min(max(weight, LEAST_TRUST), MOST_TRUST)


def anonymous_weight(had: int) -> int:
    """What one more report without an account adds, when those before weigh `had`."""
    return max(min(ANONYMOUS, MOST_ANONYMOUS - had), 0)


def priority(severity: int, reach: int, weight: int) -> int:
    """`weight`: the sum of the reporters' trust. Whole thousandths, so that two databases order alike."""
    crowd = log2(1 + max(weight, 0) / THOUSAND)
    return round(THOUSAND * SEVERITY_WEIGHT[severity] * log2(2 + max(reach, 0)) * crowd)


def damped(now: int, dismissals: int) -> int:
    """Of something that was looked at before and found in order: each time halves it, so that a campaign gets tired."""
    return now // 2 ** min(dismissals, 6)
