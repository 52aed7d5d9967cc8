"""A film brought down to cells, inside the fence: our own smallest picture and sound, never what was sent."""

from dataclasses import dataclass

from .. import fence, shelves
from ..models import Video
from ..precheck.measuring import whole
from . import pictures, sounds
from .cells import SIDE

_FILE = "cells.gray"


@dataclass(frozen=True)
class Drawn:
    """Bytes as `pictures.frames` and `sounds.rows` read them; empty for a film without pictures, or without sound."""

    pictures: bytes
    sound: bytes


class NotDrawn(Exception):
    """ffmpeg ended badly; another try may help."""


def draw(video: Video, *, on_tick: fence.Tick | None = None) -> Drawn:
    """Of a ready film."""
    rungs = {kind: [rung for rung in video.renditions.all() if rung.kind == kind] for kind in ("video", "audio")}
    smallest, softest = rungs["video"][:1], rungs["audio"][-1:]
    seen = _draw(video, smallest[0].name, _looking(), on_tick) if smallest else b""
    return Drawn(seen, _draw(video, softest[0].name, _hearing(), on_tick) if softest else b"")


def _draw(video: Video, rung: str, graph: str, on_tick: fence.Tick | None) -> bytes:
    with shelves.side_folder("twins", video.pk) as studio:
        whole(shelves.film_folder(video.asset, video.output) / rung, studio / "in.bin")
        arguments = ["-filter_complex", graph, "-map", "[out]", "-fps_mode", "passthrough", "-f", "rawvideo", _FILE]
        seconds = 60 + (video.duration_s or 0)
        limits = fence.Limits(wall_s=seconds, cpu_s=int(seconds * 2), memory=2 * 1024**3)
        ended = fence.encode(studio, arguments, limits, threads=1, on_tick=on_tick)
        if ended.code != 0:
            raise NotDrawn(f"{rung}: {ended.errors or f'exit {ended.code}'}")
        return (studio / _FILE).read_bytes()


def _looking() -> str:
    """Two frames a second, each cut of them as cells, side by side."""
    names = [f"cut{number}" for number in range(len(pictures.CUTS))]
    split = f"[0:v:0]fps={pictures.RATE},format=gray,split={len(names)}{''.join(f'[{name}]' for name in names)}"
    made = [
        f"[{name}]crop=iw*{cut}:ih*{cut},scale={SIDE}:{SIDE}:flags=area[{name}s]"
        for name, cut in zip(names, pictures.CUTS, strict=True)
    ]
    return ";".join([split, *made, f"{''.join(f'[{name}s]' for name in names)}hstack={len(names)}[out]"])


def _hearing() -> str:
    """Bands of pitch as a row of gray cells, eight times a second, each from two looks at the sound."""
    return (
        f"[0:a:0]aresample=16000,showcqt=s={sounds.DRAWN}x16:fps={sounds.RATE}:count=2:bar_h=0:axis_h=0:sono_h=16"
        f":basefreq={sounds.LOWEST_HZ}:endfreq={sounds.HIGHEST_HZ}:sono_v=60:sono_g=5"
        ":cscheme=0.5|0.5|0.5|0.5|0.5|0.5"
        f",format=gray,crop={sounds.DRAWN}:2:0:0,scale={sounds.DRAWN}:1:flags=area[out]"
    )
