"""Films whose boxes lie about their size, or stand in each other's place."""

from collections.abc import Callable, Iterator

from tests.faults.rows import chance

from .boxes import Box, boxes_of

Made = Iterator[tuple[str, str, Callable[[], bytes]]]


_LIES = (0, 1, 7, 8, 0x7FFFFFFF, 0xFFFFFFFF)


def lying(films: dict[str, bytes], seed: int) -> Made:
    """Each box of an MP4 in its turn, at every depth, says that it is empty, endless, or longer than its parent."""
    for name in ("faststart.mp4",):
        for at, box in enumerate(boxes_of(films[name])):
            for lie in chance(seed + at).sample(_LIES, 2):
                yield (
                    "lying",
                    f"size-{at}-{box.kind.decode('latin-1').strip()}-{lie}-{name}",
                    lambda name=name, box=box, lie=lie: _resized(films[name], box, lie),
                )


def _resized(film: bytes, box: Box, lie: int) -> bytes:
    return film[: box.start] + lie.to_bytes(4, "big") + film[box.start + 4 :]


def swapped(films: dict[str, bytes], seed: int, each: int = 30) -> Made:
    """Two boxes change places, or one takes the other's name."""
    film = films["faststart.mp4"]
    boxes = boxes_of(film)
    for at in range(each):
        one, two = chance(seed + 1000 + at).sample(boxes, 2)
        yield "swapped", f"swap-{at}.mp4", lambda one=one, two=two: _swap(film, one, two)
        yield "swapped", f"name-{at}.mp4", lambda one=one, two=two: _renamed(film, one, two)


def _swap(film: bytes, one: Box, two: Box) -> bytes:
    first, second = sorted((one, two), key=lambda box: box.start)
    if first.end > second.start:  # one holds the other: it comes twice
        return film[: first.end] + film[second.start : second.end] + film[first.end :]
    between = film[first.end : second.start]
    return (
        film[: first.start]
        + film[second.start : second.end]
        + between
        + film[first.start : first.end]
        + film[second.end :]
    )


def _renamed(film: bytes, one: Box, two: Box) -> bytes:
    return film[: one.start + 4] + two.kind + film[one.start + 8 :]
