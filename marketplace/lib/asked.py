"""Reading what was put into an address or a form by hand."""

import re


def number(text: str | None) -> int | None:
    """The whole number that stands there; None for anything else. At most 18 digits: what a row's number can have.

    `str.isdigit` is no guard: it takes "²", which `int` does not, and any length, which `int` does not either.
    """
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None
