"""HLS playlists: reading what ffmpeg wrote for one rung, and writing the two masters above them.

`master.m3u8` offers every picture with sound beside it; `audio.m3u8` sound alone, for slow lines.
"""

from dataclasses import dataclass
from pathlib import Path

from .boxes import avc_codec
from .ladder import Rung

AAC = "mp4a.40.2"


@dataclass(frozen=True)
class Made:
    """One rung as it came out: bits a second at the peak segment and on average, bytes, duration, codec string."""

    rung: Rung
    peak: int
    average: int
    size: int
    duration_ms: int
    codec: str


def measure(folder: Path, rung: Rung) -> Made | None:
    """Read the rung's playlist and segments in `folder/<name>`; None when ffmpeg wrote no segment there."""
    place = folder / rung.name
    spans = segments(place)
    if not spans or not all((place / name).is_file() for name, _ in spans):
        return None
    return of_sizes(rung, [((place / name).stat().st_size, span) for name, span in spans], codec_of(rung, place))


def codec_of(rung: Rung, place: Path) -> str:
    return avc_codec((place / "init.mp4").read_bytes()) if rung.kind == "video" else AAC


def of_sizes(rung: Rung, pieces: list[tuple[int, float]], codec: str) -> Made:
    """From (bytes, seconds) of each piece."""
    size, seconds = sum(size for size, _ in pieces), sum(span for _, span in pieces)
    # A very short last segment has a rate that says nothing.
    peaks = [size * 8 / span for size, span in pieces if span >= 1]
    average = size * 8 / max(seconds, 0.001)
    return Made(rung, round(max([*peaks, average])), round(average), size, round(seconds * 1000), codec)


def segments(place: Path) -> list[tuple[str, float]]:
    """(file, seconds) of each piece that the rung's own list names."""
    playlist = place / "index.m3u8"
    spans: list[tuple[str, float]] = []
    span = 0.0
    for line in playlist.read_text().splitlines() if playlist.is_file() else []:
        if line.startswith("#EXTINF:"):
            span = float(line[8:].split(",")[0])
        elif line and not line.startswith("#"):
            spans.append((line, span))
    return spans


def media(spans: list[tuple[str, float]], *, before: str = "") -> str:
    """The list of one rung: (file, seconds) of each piece; `before` stands before every name."""
    longest = max((seconds for _, seconds in spans), default=0.0)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{int(longest + 0.5)}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines.append(f'#EXT-X-MAP:URI="{before}init.mp4"')
    for name, seconds in spans:
        lines += [f"#EXTINF:{seconds:.6f},", before + name]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def master(made: list[Made]) -> str:
    """Pictures from small to large: the small ones with the small sound, the others with the good one."""
    pictures = [one for one in made if one.rung.kind == "video"]
    sounds = [one for one in made if one.rung.kind == "audio"]
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if not pictures:
        return "\n".join([*lines, *_sound_variants(sounds)]) + "\n"
    lines += [
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{one.rung.name}",NAME="main",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
        f'URI="{one.rung.name}/index.m3u8"'
        for one in sounds
    ]
    for at, picture in enumerate(pictures):
        # sounds are sorted from good to small; the lower half of the ladder takes the small one.
        sound = sounds[-1 if at < len(pictures) / 2 and len(pictures) > 1 else 0] if sounds else None
        lines += _variant(picture, sound)
    return "\n".join([*lines, *_sound_variants(sounds[-1:], group=True)]) + "\n"


def audio_only(made: list[Made]) -> str | None:
    """The master of sound alone; None for a silent film."""
    sounds = [one for one in made if one.rung.kind == "audio"]
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", *_sound_variants(sounds)]
    return "\n".join(lines) + "\n" if sounds else None


def _variant(picture: Made, sound: Made | None) -> list[str]:
    peak = picture.peak + (sound.peak if sound else 0)
    average = picture.average + (sound.average if sound else 0)
    codecs = f"{picture.codec},{AAC}" if sound else picture.codec
    rung = picture.rung
    line = (
        f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS="{codecs}",'
        f"RESOLUTION={rung.width}x{rung.height},FRAME-RATE={float(rung.fps):.3f}"
    )
    return [f'{line},AUDIO="{sound.rung.name}"' if sound else line, f"{rung.name}/index.m3u8"]


def _sound_variants(sounds: list[Made], *, group: bool = False) -> list[str]:
    lines = []
    for one in sounds:
        line = f'#EXT-X-STREAM-INF:BANDWIDTH={one.peak},AVERAGE-BANDWIDTH={one.average},CODECS="{AAC}"'
        lines += [f'{line},AUDIO="{one.rung.name}"' if group else line, f"{one.rung.name}/index.m3u8"]
    return lines
