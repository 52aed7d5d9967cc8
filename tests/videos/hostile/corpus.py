"""Films made to do harm, by families, the same for the same seed. Nothing of them is kept in the repository.

Sources of the families: the design's page on video, 4.1, and row V1 of its table of faults.
"""

import gzip
import io
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.videos.films import make_film

from . import forged, junk, mutations

HUNDRED_HOURS_MS = 100 * 3600 * 1000
SUFFIXES = ("mp4", "mkv", "ts", "avi")


@dataclass(frozen=True)
class Hostile:
    """One file. `must_fail`: nothing of it may ever play; else a decoder may have got over the damage."""

    family: str
    name: str
    content: bytes
    must_fail: bool = True


def all_of(folder: Path, canary: Path, count: int, seed: int) -> Iterator[Hostile]:
    """About `count` files: each family whole, the mutations as many as are left."""
    films = sources(folder)
    fixed = [*scripts(canary), *shapes(films), *nothing(), *bombs(), *truncated(films), *structures(films, seed)]
    yield from fixed
    dice = random.Random(seed)
    for number in range(max(0, count - len(fixed))):
        yield mutated(films, dice, number)


def a_few_of(folder: Path, canary: Path, count: int, seed: int) -> list[Hostile]:
    """`count` of them, of every family some."""
    by_family: dict[str, list[Hostile]] = {}
    for one in all_of(folder, canary, 1200, seed):
        by_family.setdefault(one.family, []).append(one)
    share = -(-count // len(by_family))
    dice = random.Random(seed)
    return [one for found in by_family.values() for one in dice.sample(found, min(share, len(found)))]


def sources(folder: Path) -> dict[str, bytes]:
    """Tiny honest films to spoil, a container each."""
    fast = ("-movflags", "+faststart")
    made = {"mp4": (), "faststart.mp4": fast, "mkv": (), "ts": (), "avi": (), "flv": ()}
    return {
        name: make_film(folder / f"honest.{name}", seconds=1, size=(64, 48), fps="10", extra=extra).read_bytes()
        for name, extra in made.items()
    }


def scripts(canary: Path) -> Iterator[Hostile]:
    """Texts that make a player open other files, as they are and behind something that looks like a film's head."""
    for name, text in script_texts(canary).items():
        for head, before in (
            ("plain", b""),
            ("bom", b"\xef\xbb\xbf"),
            ("blank", b"\n \n"),
            ("box", _box(b"free", b"")),
        ):
            for suffix in SUFFIXES:
                yield Hostile("script", f"{name}-{head}.{suffix}", before + text.encode())
        boxed = _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"mdat", text.encode())
        yield Hostile("script", f"{name}-boxed.mp4", boxed)
        yield Hostile("script", f"{name}-ebml.mkv", b"\x1aE\xdf\xa3" + text.encode())


def script_texts(canary: Path) -> dict[str, str]:
    beside = f"../{canary.name}"
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n"
    manifest = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
        '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" width="64" height="48">'
        "<BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )
    return {
        "hls": playlist.format(canary),
        "hls-beside": playlist.format(beside),
        "hls-concat": playlist.format(f"concat:{canary}|{canary}"),
        "hls-subfile": playlist.format(f"subfile,,start,0,end,999999,,:{canary}"),
        "hls-network": playlist.format("http://127.0.0.1:1/a.ts"),
        "hls-itself": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nin.bin\n",
        "ffconcat": f"ffconcat version 1.0\nfile {beside}\n",
        "ffconcat-absolute": f"ffconcat version 1.0\nfile {canary}\n",
        "dash": manifest.format(canary),
        "dash-beside": manifest.format(beside),
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{canary}"/></svg>',
    }


def shapes(films: dict[str, bytes]) -> Iterator[Hostile]:
    """Films whose heads claim what would cost hours, gigabytes or thousands of decoders."""
    mp4, mkv = films["faststart.mp4"], films["mkv"]
    at = mkv.index(b"\x44\x89\x88") + 3  # Matroska's Duration, in milliseconds
    yield Hostile("hours", "hours.mkv", _put(mkv, at, struct.pack(">d", float(HUNDRED_HOURS_MS))))
    for name in (b"mvhd", b"tkhd", b"mdhd"):
        for scale in (1000, 360_000):
            yield Hostile("hours", f"hours-{name.decode()}-{scale}.mp4", _longer(mp4, name, scale), must_fail=False)
    for copies in (5, 200, 10_000):
        yield Hostile("streams", f"streams-{copies}.mp4", _more_tracks(mp4, copies))
    for side in (4_098, 30_000, 65_535):
        yield Hostile("pixels", f"pixels-{side}.mp4", _wider(mp4, side), must_fail=False)
        yield Hostile("pixels", f"pixels-{side}.mkv", _wider_matroska(mkv, side), must_fail=False)


def structures(films: dict[str, bytes], seed: int) -> Iterator[Hostile]:
    """What is wrong inside: boxes, numbers that are none, tracks by the thousand, pictures that hide their size."""
    for made in (
        forged.claims(films),
        forged.crowds(films),
        forged.floods(films),
        junk.bombs(),
        junk.noise(films, seed),
        mutations.lying(films, seed),
        mutations.swapped(films, seed),
    ):
        for family, name, make in made:
            yield Hostile(family, name, make(), must_fail=False)


def nothing() -> Iterator[Hostile]:
    """Files that are hardly there, or there and empty."""
    for suffix in SUFFIXES:
        yield Hostile("nothing", f"byte.{suffix}", b"\0")
        yield Hostile("nothing", f"nulls.{suffix}", bytes(100_000))
    yield Hostile("nothing", "head.mp4", _box(b"ftyp", b"isom\0\0\0\0isom"))
    yield Hostile("nothing", "head-and-nulls.mp4", _box(b"ftyp", b"isom\0\0\0\0isom") + bytes(200_000))
    yield Hostile("nothing", "ebml.mkv", b"\x1aE\xdf\xa3")
    yield Hostile("nothing", "ebml-and-nulls.mkv", b"\x1aE\xdf\xa3" + bytes(200_000))
    yield Hostile("nothing", "syncs.ts", (b"\x47" + bytes(187)) * 400)
    yield Hostile("nothing", "riff.avi", b"RIFF\xff\xff\xff\xffAVI " + bytes(100_000))
    yield Hostile("nothing", "flv.flv", b"FLV\x01\x05\0\0\0\x09" + bytes(100_000))
    yield Hostile("nothing", "endless-boxes.mp4", _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"free", b"") * 60_000)
    nested = b""
    for _depth in range(3_000):
        nested = _box(b"moov", nested)
    yield Hostile("nothing", "nested.mp4", _box(b"ftyp", b"isom\0\0\0\0isom") + nested)


def bombs() -> Iterator[Hostile]:
    """Small files that grow when they are unpacked, named as films."""
    zeros = bytes(20_000_000)
    yield Hostile("bomb", "gzip.mp4", gzip.compress(zeros, 9))
    yield Hostile(
        "bomb", "zlib.mp4", _box(b"ftyp", b"qt  \0\0\0\0qt  ") + _box(b"moov", _box(b"cmov", zlib.compress(zeros)))
    )
    picture = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(picture, "PNG")
    yield Hostile("bomb", "png.mp4", picture.getvalue())
    yield Hostile("bomb", "png-behind-a-head.mp4", _box(b"ftyp", b"isom\0\0\0\0isom") + picture.getvalue())


def truncated(films: dict[str, bytes]) -> Iterator[Hostile]:
    """Cut off at every hundredth."""
    for name in ("mp4", "faststart.mp4", "mkv"):
        for percent in range(1, 100):
            content = films[name][: len(films[name]) * percent // 100]
            yield Hostile("truncated", f"{percent:02d}-percent.{name}", content, must_fail=False)


def mutated(films: dict[str, bytes], dice: random.Random, number: int) -> Hostile:
    """An honest film with some of its bytes, sizes or boxes changed."""
    name = dice.choice(list(films))
    content = bytearray(films[name])
    how = dice.choice(("bits", "head", "size", "swap", "run"))
    if how == "bits":
        for _flip in range(dice.choice((1, 5, 50, 500))):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    elif how == "head":
        for _byte in range(dice.choice((1, 4, 16))):
            content[dice.randrange(min(1024, len(content)))] = dice.randrange(256)
    elif how == "size":
        at = dice.randrange(0, len(content) - 4)
        content[at : at + 4] = struct.pack(">I", dice.choice((0, 1, 7, 8, 0x7FFFFFFF, 0xFFFFFFFF, len(content))))
    elif how == "swap":
        cut = sorted(dice.randrange(len(content)) for _ in range(3))
        content[:] = content[: cut[0]] + content[cut[1] : cut[2]] + content[cut[0] : cut[1]] + content[cut[2] :]
    else:
        at, length = dice.randrange(len(content)), dice.randrange(1, 4096)
        content[at : at + length] = dice.choice((b"\0", b"\xff", dice.randbytes(1))) * length
    return Hostile("mutated", f"{number:04d}-{how}.{name}", bytes(content), must_fail=False)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _put(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def _longer(mp4: bytes, box: bytes, scale: int) -> bytes:
    """The duration in one box (version 0) as a hundred hours and more."""
    at = mp4.index(box) + 4
    offset = 20 if box == b"tkhd" else 16
    return _put(mp4, at + offset, struct.pack(">I", min(0xFFFFFFFF, HUNDRED_HOURS_MS // 1000 * scale)))


def _more_tracks(mp4: bytes, copies: int) -> bytes:
    """The first track so many times over, in a `moov` of the right size."""
    moov_at = mp4.index(b"moov") - 4
    moov_size = struct.unpack(">I", mp4[moov_at : moov_at + 4])[0]
    moov = mp4[moov_at + 8 : moov_at + moov_size]
    trak_at = moov.index(b"trak") - 4
    trak = moov[trak_at : trak_at + struct.unpack(">I", moov[trak_at : trak_at + 4])[0]]
    return mp4[:moov_at] + _box(b"moov", moov + trak * copies) + mp4[moov_at + moov_size :]


def _wider(mp4: bytes, side: int) -> bytes:
    """Another size in the sample entry; the picture itself says the true one."""
    at = mp4.index(b"avc1") + 4 + 24
    return _put(mp4, at, struct.pack(">HH", side, side))


def _wider_matroska(mkv: bytes, side: int) -> bytes:
    """Another PixelWidth (id B0), of the same length in bytes or left as it is."""
    at = mkv.index(b"\xb0\x81")
    return _put(mkv, at + 2, bytes([side & 0xFF or 1]))
