"""What is no film at all: archives that swell, one byte, nothing but NULs, noise behind a true head."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from tests.faults.rows import chance

from .boxes import box, element, matroska, number
from .forged import _info

Made = Iterator[tuple[str, str, Callable[[], bytes]]]
FTYP = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41"
SWOLLEN = 64 * 1024 * 1024


def bombs() -> Made:
    """Archives named as films, and films whose own compression swells."""
    yield "bomb", "zip.mp4", lambda: _zip(SWOLLEN)
    yield "bomb", "zip-in-zip.mp4", lambda: _zip(SWOLLEN, depth=2)
    yield "bomb", "zip-behind-a-head.mp4", lambda: FTYP + _zip(SWOLLEN)
    yield "bomb", "gzip.mkv", lambda: _squeezed(SWOLLEN)
    for stated in (1000, SWOLLEN, 0x7FFFFFFF, 0xFFFFFFFF):
        yield "bomb", f"squeezed-moov-{stated}.mov", lambda stated=stated: _cmov(stated)
    yield "bomb", "squeezed-blocks.mkv", _squeezed_blocks


def _zip(size: int, depth: int = 1) -> bytes:
    content: bytes | None = None
    for _ in range(depth):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("film.mp4", "w") as inner:
            for piece in [content] if content is not None else [bytes(1 << 20)] * (size >> 20):
                inner.write(piece)
        content = file.getvalue()
    return content or b""


@cache
def _squeezed(size: int) -> bytes:
    squeeze = zlib.compressobj(9)
    return b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(size >> 20)) + squeeze.flush()


def _cmov(stated: int) -> bytes:
    squeezed = _squeezed(SWOLLEN)
    return FTYP + box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", stated.to_bytes(4, "big"), squeezed)))


def _squeezed_blocks() -> bytes:
    packing = element("6D80", element("6240", number("5031", 0), number("5033", 0), element("5034", number("4254", 0))))
    size = element("E0", number("B0", 64), number("BA", 48))
    entry = element("AE", number("D7", 1), number("73C5", 1), number("83", 1), element("86", b"V_MJPEG"), size, packing)
    squeezed = _squeezed(SWOLLEN)
    blocks = [element("A3", b"\x81" + (at * 40).to_bytes(2, "big") + b"\x80" + squeezed) for at in range(10)]
    return matroska(_info(), element("1654AE6B", entry), element("1F43B675", number("E7", 0), *blocks))


def noise(films: dict[str, bytes], seed: int) -> Made:
    for name in films:
        yield "noise", f"nul-inside-{name}", lambda name=name: _hollow(films[name])
        yield "noise", f"twice-{name}", lambda name=name: films[name] * 2
        yield "noise", f"head-only-{name}", lambda name=name: films[name][:16]
        for at in range(4):
            yield "noise", f"noise-{at}-{name}", lambda name=name, at=at: _noisy(films[name], seed + at)
    yield "noise", "ts-same.ts", lambda: b"G" * 200_000


def _hollow(film: bytes) -> bytes:
    third = len(film) // 3
    return film[:third] + bytes(third) + film[2 * third :]


def _noisy(film: bytes, seed: int) -> bytes:
    return film[:64] + chance(seed).randbytes(20_000)
