"""Films that look and sound like nothing else, made from a number: pictures that drift, and a voice that pauses."""

import math
import random
import struct
import subprocess
from pathlib import Path

from videos import fence

_ACROSS, _DOWN, _RATE = 12, 8, 8000


def make_moving(
    path: Path, *, seed: int, seconds: int = 24, sound: int | None = None, still: int | None = None, title: int = 0
) -> Path:
    """A film of that seed; `sound`: another seed for its voice, 0 for none.

    `still`: its picture does not move, and is that of this seed (0: black). `title`: so many seconds of a card first,
    the same for all films.
    """
    seen, heard = path.with_suffix(".gray"), path.with_suffix(".pcm")
    voice = seed if sound is None else sound
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error"]
    seen.write_bytes(_card(77) * title + (_pictures(seed, seconds) if still is None else _card(still) * (seconds + 1)))
    command += ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{_ACROSS}x{_DOWN}", "-r", "1", "-i", seen.name]
    if voice:
        heard.write_bytes(_voice(random.Random(voice), seconds))
        command += ["-f", "s16le", "-ar", str(_RATE), "-ac", "1", "-i", heard.name]
    command += ["-vf", "scale=426:240:flags=bicubic,framerate=fps=10", "-c:v", "libx264", "-preset", "ultrafast"]
    command += ["-pix_fmt", "yuv420p", "-t", str(seconds), "-c:a", "aac", path.name]
    subprocess.run(command, cwd=path.parent, check=True, timeout=60)
    return path


def changed(film: Path, target: Path | str, *arguments: str) -> Path:
    """A copy of the film after such a change (ffmpeg's arguments behind the input); by name, beside the film."""
    target = film.with_name(target) if isinstance(target, str) else target
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    ffmpeg("-i", str(film), *arguments, *codecs, str(target))
    return target


def ffmpeg(*arguments: str) -> None:
    subprocess.run([fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", *arguments], check=True, timeout=120)


def music_under(film: Path) -> Path:
    """The same bed of music under whatever the film says, for all films."""
    notes = "0.2*sin(2*PI*t*220*pow(2,floor(mod(t*t*0.15,7))/12))+0.15*sin(2*PI*t*330*pow(2,floor(mod(t*0.7,5))/12))"
    spoken = "[0:a]volume=1" if has_sound(film) else "anullsrc=r=8000:cl=mono"
    graph = f"{spoken}[said];aevalsrc='{notes}':s=8000:d=60[bed];[said][bed]amix=inputs=2:normalize=0[out]"
    return changed(film, f"music-{film.name}", "-filter_complex", graph, "-map", "0:v", "-map", "[out]", "-shortest")


def has_sound(film: Path) -> bool:
    command = [fence.ffmpeg(), "-nostdin", "-i", str(film)]
    return b"Audio:" in subprocess.run(command, capture_output=True, timeout=60, check=False).stderr


def _card(seed: int) -> bytes:
    """One small frame; black for 0."""
    chance = random.Random(seed)
    return bytes(round(chance.uniform(30, 225)) if seed else 16 for _ in range(_ACROSS * _DOWN))


def _pictures(seed: int, seconds: int) -> bytes:
    """One small frame a second: each cell drifts, and every few seconds the whole scene is another."""
    chance = random.Random(seed)
    frames, cells = bytearray(), [0.0] * (_ACROSS * _DOWN)
    for second in range(seconds + 1):
        if second % 5 == 0:
            cells = [chance.uniform(30, 225) for _ in cells]
        cells = [min(235.0, max(20.0, cell + chance.gauss(0, 22))) for cell in cells]
        frames += bytes(round(cell) for cell in cells)
    return bytes(frames)


def _voice(chance: random.Random, seconds: int) -> bytes:
    """Syllables of two tones each, and now and then a pause."""
    samples: list[int] = []
    while len(samples) < seconds * _RATE:
        length = round(chance.uniform(0.09, 0.32) * _RATE)
        if chance.random() < 0.2:
            samples += [0] * length
            continue
        low, high, loud = chance.uniform(210, 900), chance.uniform(900, 3300), chance.uniform(0.3, 1.0)
        samples += [_sample(at / _RATE, at / length, low, high, loud) for at in range(length)]
    return struct.pack(f"<{seconds * _RATE}h", *samples[: seconds * _RATE])


def _sample(second: float, share: float, low: float, high: float, loud: float) -> int:
    wave = math.sin(2 * math.pi * low * second) + 0.6 * math.sin(2 * math.pi * high * second)
    return round(9000 * loud * math.sin(math.pi * share) * wave)
