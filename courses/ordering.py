"""The order of a version's sections and lessons as plain data, and one step up or down in it. No rows are touched.

The browser has the same rule in frontend/studio/curriculum/order.ts; this one serves the pages without JavaScript.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
Order = list[tuple[int, list[int]]]


def stepped(row: Sequence[T], at: int, direction: str) -> list[T]:
    """The row with what stands at `at` one place up or down; at the end: the same."""
    after, to = list(row), at + (-1 if direction == "up" else 1)
    if 0 <= to < len(after):
        after[at], after[to] = after[to], after[at]
    return after


def lesson_stepped(order: Order, lesson: int, direction: str) -> Order:
    """The lesson one place up or down; at its section's edge it goes over into the neighbor. At the end: the same."""
    after = [(section, list(lessons)) for section, lessons in order]
    step = -1 if direction == "up" else 1
    for at, (_section, lessons) in enumerate(after):
        if lesson not in lessons:
            continue
        place = lessons.index(lesson)
        if 0 <= place + step < len(lessons):
            lessons[place], lessons[place + step] = lessons[place + step], lessons[place]
        elif 0 <= at + step < len(after):
            lessons.remove(lesson)
            neighbor = after[at + step][1]
            neighbor.insert(len(neighbor) if step < 0 else 0, lesson)
        break
    return after


def section_stepped(order: Order, section: int, direction: str) -> Order:
    at = next((at for at, (pk, _lessons) in enumerate(order) if pk == section), None)
    return list(order) if at is None else stepped(order, at, direction)
