"""Films of impossible shape: pictures of 30,000 pixels, 10,000 streams, a hundred hours, numbers that are none."""

import struct
import zlib
from collections.abc import Callable, Iterator

from .boxes import box, boxes_of, element, matroska, number, place_of, text

Made = Iterator[tuple[str, str, Callable[[], bytes]]]
HUNDRED_HOURS = 100 * 3600


def claims(films: dict[str, bytes]) -> Made:
    """Headers that claim a length: too long, endless, negative, no number at all."""
    lengths = {"100-h": HUNDRED_HOURS * 1e3, "endless": float("inf"), "none": float("nan"), "minus": -5e3, "big": 1e300}
    for name, length in lengths.items():
        for source in ("mkv",):
            yield (
                "claim",
                f"length-{name}-{source}",
                lambda source=source, length=length: _matroska_length(films[source], length),
            )
    for name, units in {"100-h": HUNDRED_HOURS * 1000, "most": 0xFFFFFFFF, "half": 0x7FFFFFFF}.items():
        yield "claim", f"length-{name}.mp4", lambda units=units: _mp4_length(films["faststart.mp4"], units)
        yield "claim", f"sample-{name}.mp4", lambda units=units: _long_sample(films["faststart.mp4"], units)
        yield "claim", f"samples-{name}.mp4", lambda units=units: _many_samples(films["faststart.mp4"], units)
    yield "claim", "length-100-h.flv", lambda: _flv_length(films["flv"], HUNDRED_HOURS)
    yield "claim", "length-endless.flv", lambda: _flv_length(films["flv"], float("inf"))
    for size in (1 << 40, 1 << 52, (1 << 55) + 1):
        yield "claim", f"head-{size}.mkv", lambda size=size: _huge_head(size)


def crowds(films: dict[str, bytes]) -> Made:
    """Ten thousand streams, boxes and elements; boxes within boxes."""
    for count in (5, 100, 10_000):
        yield "crowd", f"tracks-{count}.mkv", lambda count=count: matroska(*_tracks(count))
        yield "crowd", f"tracks-{count}.mp4", lambda count=count: _many_traks(films["faststart.mp4"], count)
    yield "crowd", "boxes-200000.mp4", lambda: _film_with(films["faststart.mp4"], box(b"free") * 200_000)
    yield "crowd", "nested.mp4", lambda: _film_with(films["faststart.mp4"], _nested(3000))
    yield "crowd", "nested.mkv", lambda: matroska(_nested_elements(300))
    yield "crowd", "programs.ts", lambda: films["ts"] + _many_programs(3000)


def floods(films: dict[str, bytes]) -> Made:
    """Pictures that are small to send and large to hold."""
    for side in (5000, 30_000, 65_535):
        yield "flood", f"stated-{side}.mp4", lambda side=side: _stated_size(films["faststart.mp4"], side)
        yield "flood", f"stated-{side}.mkv", lambda side=side: matroska(*_picture(b"V_MPEG4/ISO/AVC", side, b""))
        yield "flood", f"real-{side}.mkv", lambda side=side: matroska(*_picture(b"V_MJPEG", side, _jpeg(side)))
    for side in (5000, 16_000, 30_000):
        # The container says 64 pixels; the picture in it is what it is.
        yield "flood", f"hidden-{side}.mkv", lambda side=side: matroska(*_picture(b"V_MS/VFW/FOURCC", 64, _png(side)))
        yield "flood", f"hidden-jpeg-{side}.mkv", lambda side=side: matroska(*_picture(b"V_MJPEG", 64, _jpeg(side)))
    yield "flood", "no-size.mkv", lambda: matroska(*_picture(b"V_MJPEG", 0, _jpeg(0)))
    yield "flood", "grows.ts", lambda: films["ts"] + _flood_ts()


def _matroska_length(film: bytes, length: float) -> bytes:
    at = film.index(b"\x44\x89\x88") + 3
    return film[:at] + struct.pack(">d", length) + film[at + 8 :]


def _mp4_length(film: bytes, units: int) -> bytes:
    spoiled = bytearray(film)
    for one in boxes_of(film):
        at = {b"mvhd": 24, b"tkhd": 28, b"mdhd": 24}.get(one.kind)
        if at:
            spoiled[one.start + at : one.start + at + 4] = units.to_bytes(4, "big")
    return bytes(spoiled)


def _long_sample(film: bytes, units: int) -> bytes:
    at = place_of(film, b"stts").start + 20
    return film[:at] + units.to_bytes(4, "big") + film[at + 4 :]


def _many_samples(film: bytes, count: int) -> bytes:
    at = place_of(film, b"stts").start + 16
    return film[:at] + count.to_bytes(4, "big") + film[at + 4 :]


def _flv_length(film: bytes, seconds: float) -> bytes:
    at = film.index(b"duration\0") + len(b"duration\0")
    return film[:at] + struct.pack(">d", seconds) + film[at + 8 :]


def _huge_head(size: int) -> bytes:
    return bytes.fromhex("1A45DFA3") + (size | 1 << 56).to_bytes(8, "big") + text("4282", "matroska") * 20


def _tracks(count: int) -> list[bytes]:
    entries = [
        element("AE", number("D7", at + 1), number("73C5", at + 1), number("83", 2), text("86", "A_PCM/INT/LIT"))
        for at in range(count)
    ]
    return [_info(), element("1654AE6B", *entries)]


def _info() -> bytes:
    return element("1549A966", number("2AD7B1", 1_000_000), element("4489", struct.pack(">d", 400)))


def _many_traks(film: bytes, count: int) -> bytes:
    moov, trak = place_of(film, b"moov"), place_of(film, b"trak")
    content = film[moov.start + 8 : moov.end] + film[trak.start : trak.end] * count
    return film[: moov.start] + box(b"moov", content) + film[moov.end :]


def _film_with(film: bytes, more: bytes) -> bytes:
    moov = place_of(film, b"moov")
    return film[: moov.start] + more + film[moov.start :]


def _nested(depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = box(b"moov", box(b"trak", made))
    return made


def _nested_elements(depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = element("1043A770", element("B6", made))
    return made


def _many_programs(count: int) -> bytes:
    """A table of programs that names thousands, each at a place of its own."""
    packets = []
    for at in range(count):
        entry = struct.pack(">HH", at % 65_000 + 1, 0xE000 | (at % 8000 + 32))
        section = b"\0\xb0\x0d\0\x01\xc1\0\0" + entry
        packets.append((b"G\x40\0\x10\0" + section + b"\0\0\0\0").ljust(188, b"\xff"))
    return b"".join(packets)


def _stated_size(film: bytes, side: int) -> bytes:
    at, tkhd = film.index(b"avc1", place_of(film, b"stsd").start) + 28, place_of(film, b"tkhd")
    spoiled = bytearray(film)
    spoiled[at : at + 4] = struct.pack(">HH", side, side)
    spoiled[tkhd.end - 8 : tkhd.end] = struct.pack(">HHHH", side, 0, side, 0)
    return bytes(spoiled)


def _picture(codec: bytes, side: int, frame: bytes) -> list[bytes]:
    size = element("E0", number("B0", side), number("BA", side))
    # BITMAPINFOHEADER, for the codec that is named by four letters inside.
    private = struct.pack("<IiiHH4sIiiII", 40, side, side, 1, 24, b"MPNG", 0, 0, 0, 0, 0)
    entry = [number("D7", 1), number("73C5", 1), number("83", 1), element("86", codec), number("23E383", 100_000_000)]
    entry.append(size)
    if codec == b"V_MS/VFW/FOURCC":
        entry.append(element("63A2", private))
    blocks = [element("A3", b"\x81" + struct.pack(">H", at * 100) + b"\x80" + frame) for at in range(3)]
    return [_info(), element("1654AE6B", element("AE", *entry)), element("1F43B675", number("E7", 0), *blocks)]


def _png(side: int) -> bytes:
    """Real and whole: one bit a pixel, all black, a thousandth of its size when sent."""
    row = b"\0" + bytes((side + 7) // 8)
    squeeze = zlib.compressobj(9)
    rows = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _jpeg(side: int) -> bytes:
    """A head that promises a picture of this side, and a body that ends at once."""
    frame = struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\0"
    table = b"\xff\xdb\0\x43\0" + b"\x01" * 64
    codes = b"\xff\xc4\0\x14\0\x01" + bytes(15) + b"\0" + b"\xff\xc4\0\x14\x10\x01" + bytes(15) + b"\0"
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + bytes(64)
    return b"\xff\xd8" + table + b"\xff\xc0" + frame + codes + scan + b"\xff\xd9"


def _flood_ts() -> bytes:
    """Packets of the picture's place, full of heads that promise 16,384 pixels a side."""
    # Exp-Golomb by hand: profile 66, level 5.2, 1024 × 1024 macroblocks.
    bits = "1" + "1" + "011" + "1" + "010" + "0" + _golomb(1023) + _golomb(1023) + "1" + "1" + "0" + "0" + "1"
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    unit = b"\0\0\0\x01\x67\x42\0\x34" + body
    head = b"G\x41\0\x10" + b"\0\0\x01\xe0\0\0\x80\0\0"
    return b"".join((head + unit * 8).ljust(188, b"\xff")[:188] for _ in range(200))


def _golomb(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits
