"""What a buyer writes beside her payment: the order's number and a sign that checks it. Pure.

The sign is that of Luhn's formula over the 32 signs of order numbers: one that was typed wrong, and nearly every two
that changed places, do not fit. Letters that are read for digits (O, I, L) count as these.
"""

import re

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, as order numbers have them
LENGTH = 11
_MISREAD = str.maketrans("OIL", "011")


def of(number: str) -> str:
    """The reference of an order by its number."""
    return number + _check(number)


def shown(reference: str) -> str:
    """In groups, for people to copy."""
    return f"{reference[:4]} {reference[4:8]} {reference[8:]}"


def found_in(text: str) -> list[str]:
    """Every reference in what a payer wrote, however it is spaced and whatever stands around it, each once."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper()).translate(_MISREAD)
    windows = (plain[at : at + LENGTH] for at in range(len(plain) - LENGTH + 1))
    return list(dict.fromkeys(one for one in windows if one[0] == "K" and fits(one)))


def fits(reference: str) -> bool:
    return len(reference) == LENGTH and set(reference) <= set(SIGNS) and reference[-1] == _check(reference[:-1])


def _check(number: str) -> str:
    total = 0
    for place, sign in enumerate(reversed(number)):
        value = SIGNS.index(sign) * (2 if place % 2 == 0 else 1)
        total += value // len(SIGNS) + value % len(SIGNS)
    return SIGNS[-total % len(SIGNS)]
