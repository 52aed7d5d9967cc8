"""One line of the table of faults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what is done to the house, the tests that it stands, and the control that must break."""

    name: str
    what: str
    tests: tuple[str, ...]
    controls: tuple[str, ...] = ()
