"""The boxes of an MP4, all depths, and how to write some. Enough for films that we made ourselves."""

from dataclasses import dataclass

_HOLD_BOXES = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"moof", b"traf", b"mvex"))


@dataclass(frozen=True)
class Box:
    start: int
    end: int
    kind: bytes


def boxes_of(film: bytes, start: int = 0, end: int | None = None) -> list[Box]:
    """Outer ones before inner ones, in the order of the file."""
    found: list[Box] = []
    end = len(film) if end is None else end
    while start + 8 <= end:
        size = int.from_bytes(film[start : start + 4], "big")
        if size < 8:
            break
        box = Box(start, start + size, film[start + 4 : start + 8])
        found.append(box)
        if box.kind in _HOLD_BOXES:
            found += boxes_of(film, start + 8, box.end)
        start = box.end
    return found


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def place_of(film: bytes, kind: bytes) -> Box:
    return next(one for one in boxes_of(film) if one.kind == kind)


def element(name: str, *content: bytes) -> bytes:
    """One element of Matroska: `name` in hex, its size always in eight bytes."""
    body = b"".join(content)
    return bytes.fromhex(name) + (len(body) | 1 << 56).to_bytes(8, "big") + body


def number(name: str, value: int) -> bytes:
    return element(name, value.to_bytes(8, "big"))


def text(name: str, value: str) -> bytes:
    return element(name, value.encode())


def matroska(*segment: bytes, kind: str = "matroska") -> bytes:
    """A file with this segment; what stands in it need not make sense."""
    head = element("1A45DFA3", number("4286", 1), number("42F7", 1), text("4282", kind), number("4287", 4))
    return head + element("18538067", *segment)
