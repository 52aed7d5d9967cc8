"""Short films of the sample: drawn slides with a voice-like tone, made in this process."""

import math
import zlib
from array import array
from fractions import Fraction
from pathlib import Path

import av

from . import drawing

RATE = 16_000
FRAMES_A_SECOND = 5
SECONDS_A_SLIDE = 3


def make(path: Path, course: str, lesson: str, hue: int, slides: int = 4) -> None:
    """Write an MP4 (H.264, AAC) of `slides` slides, three seconds each."""
    seconds = slides * SECONDS_A_SLIDE
    with av.open(str(path), "w", format="mp4") as film:
        picture = film.add_stream(
            "libx264", rate=FRAMES_A_SECOND, options={"preset": "ultrafast", "tune": "stillimage"}
        )
        picture.width, picture.height, picture.pix_fmt = 640, 360, "yuv420p"
        sound = film.add_stream("aac", rate=RATE, layout="mono")
        for number in range(slides):
            frame = av.VideoFrame.from_image(drawing.slide(course, lesson, number, slides, hue))
            for shown in range(SECONDS_A_SLIDE * FRAMES_A_SECOND):
                frame.pts = number * SECONDS_A_SLIDE * FRAMES_A_SECOND + shown
                frame.time_base = Fraction(1, FRAMES_A_SECOND)
                film.mux(picture.encode(frame))
        film.mux(picture.encode())
        for start, samples in _voice(seconds, 105 + hue % 90, zlib.crc32(f"{course}/{lesson}".encode())):
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
            frame.planes[0].update(samples.tobytes())
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            film.mux(sound.encode(frame))
        film.mux(sound.encode())


def _voice(seconds: int, pitch: int, speaker: int) -> list[tuple[int, array]]:
    """Syllables: a falling pitch with two formants, louder and softer like speech; pauses between sentences. No two
    speakers keep the same time: films of two creators that sounded alike would be taken for one.
    """
    pace, breath = 2.6 + speaker % 17 / 10, 2.2 + speaker // 17 % 13 / 10
    table = [math.sin(2 * math.pi * step / 1024) for step in range(1024)]
    pieces = []
    for start in range(0, seconds * RATE, 1024):
        piece = array("h")
        for at in range(start, start + 1024):
            time = at / RATE
            syllable = (time * pace) % 1
            loud = 0.0 if time % breath > breath - 0.5 else max(0.0, table[int(syllable * 512)])
            base = time * (pitch + 14 * table[int(time * 1.7 * 1024) % 1024])
            wave = (
                table[int(base * 1024) % 1024]
                + 0.55 * table[int(base * 5 * 1024) % 1024]
                + 0.3 * table[int(base * 9 * 1024) % 1024]
            )
            piece.append(int(5200 * loud * wave))
        pieces.append((start, piece))
    return pieces
