"""The outer boxes of MP4 and Matroska files, read without any decoder: is the end of the file missing?

And, of what we wrote ourselves, the codec string that players want to know.
"""

import os
from pathlib import Path
from typing import IO

_HEAD_BYTES = 1 << 20
_MOST_BOXES = 100_000
_FILM_BOXES = frozenset(b"ftyp moov mdat moof mfra sidx free skip wide uuid styp".split())


def missing_bytes(path: Path) -> int:
    """How many bytes the file says it has but has not; 0 when it is whole, or of a kind that does not say."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(8)
        if head.startswith(b"\x1aE\xdf\xa3"):
            return _missing_in_matroska(file, size)
        return _missing_in_mp4(file, size) if head[4:8] in _FILM_BOXES else 0


def _missing_in_mp4(file: IO[bytes], size: int) -> int:
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8 or head[4:8] not in _FILM_BOXES:
            return 0  # at the end, or at something that somebody appended
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            return 0  # 0 says "up to the end"
        at += length
        if at > size:
            return at - size
    return 0


def _missing_in_matroska(file: IO[bytes], size: int) -> int:
    file.seek(4)
    length, width = _ebml_size(file.read(8))
    at = 4 + width + (length or 0)
    if length is not None and at > size:  # also more than the file system could ever reach
        return at - size
    file.seek(at)
    head = file.read(12)
    if length is None or head[:4] != b"\x18S\x80g":
        return 0
    segment, width = _ebml_size(head[4:])
    if segment is None:
        return 0  # written live: the size was never known
    return max(0, at + 4 + width + segment - size)


def _ebml_size(raw: bytes) -> tuple[int | None, int]:
    """The number and how many bytes it took; None for "unknown"."""
    if not raw or not raw[0]:
        return None, 1
    width = 9 - raw[0].bit_length()
    value = int.from_bytes(raw[:width], "big") & ~(1 << 7 * width)
    return (None if value == (1 << 7 * width) - 1 else value), width


def has_cues(path: Path) -> bool:
    """Whether a Matroska file names its list of places, at its head; True of every other kind of file.

    Without it a place can be found by reading all that stands before it, which is no index.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return not head.startswith(b"\x1aE\xdf\xa3") or b"\x1cS\xbbk" in head


def avc_codec(init: bytes) -> str:
    """`avc1.PPCCLL` (RFC 6381) from the avcC box of an initialization segment."""
    at = init.find(b"avcC")
    if at < 0:
        raise ValueError("no avcC box")
    return f"avc1.{init[at + 5 : at + 8].hex()}"
