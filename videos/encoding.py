"""ffmpeg's arguments for a film, or for a chunk of one: one process, one decode, all rungs. Pure: no file, no row.

A chunk's frames are those that the whole film has at the same numbers: the source is brought to the film's rate before
it is cut, on the clock of the whole film, from a key frame that lies before the cut.
"""

import math
from fractions import Fraction

from . import failures
from .cutting import LEAD_S, Span, first_frame
from .fence import Limits
from .ladder import KEYFRAME_S, SEGMENT_S, Rung
from .probing import Probe

PRESET = "veryfast"
QUALITY = "23"
# Light of a high dynamic range to a usual screen: to linear light, its range bent by a curve, back to BT.709.
TONE_MAP = (
    # Some cameras name the light and forget the colors; such light comes with no others.
    "setparams=color_primaries=bt2020:colorspace=bt2020nc,zscale=t=linear:npl=100,format=gbrpf32le,"
    "zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)


def arguments(probe: Probe, rungs: list[Rung], loud: str = "") -> list[str]:
    """Arguments after the input; every rung goes to out/<name>/. `loud`: filters that even out the loudness."""
    pictures = [rung for rung in rungs if rung.kind == "video"]
    sounds = [rung for rung in rungs if rung.kind == "audio"]
    command: list[str] = []
    if pictures:
        command += ["-filter_complex", _scaling(pictures, probe)]
    until = ["-t", f"{_until_s(probe.source.duration_ms):.3f}"]
    for rung in pictures:
        command += ["-map", f"[{rung.name}]", *_picture(rung), *until, *_hls(rung)]
    if sounds:
        command += ["-filter_complex", _resampling(sounds, probe.sound_at, loud)]
    for rung in sounds:
        command += ["-map", f"[{rung.name}]", *_sound(rung), *until, *_hls(rung)]
    return command


def chunk_arguments(probe: Probe, rungs: list[Rung], span: Span) -> list[str]:
    """The same of one chunk's pictures, on one thread: many chunks side by side keep all processors busy.

    Its clock begins at zero (fragments.py moves the pieces to their time); the input is opened with `from_s`.
    """
    end = span.end if span.end is not None else first_frame(math.ceil(_until_s(probe.source.duration_ms)), span.fps)
    # A stretch that is damaged fails the film only if the film becomes too short by it, as it does in one piece.
    command = ["-max_error_rate", "1", "-filter_complex_threads", "1"]
    command += ["-filter_complex", _scaling(rungs, probe, (span.first, end))]
    for rung in rungs:
        command += ["-map", f"[{rung.name}]", "-threads", "1", *_picture(rung, span), *_hls(rung, span)]
    return command


def preview_sound(probe: Probe, rung: Rung, seconds: float) -> list[str]:
    """The beginning of the sound beside the first chunk, as it is: how loud the whole is, nobody knows yet."""
    graph = f"[0:a:{probe.sound_at}]aresample=48000:async=1:first_pts=0[{rung.name}]"
    until = ["-t", f"{seconds:.3f}"]
    return ["-filter_complex", graph, "-map", f"[{rung.name}]", "-threads", "1", *_sound(rung), *until, *_hls(rung)]


def from_s(span: Span) -> float:
    """Where to look for a key frame to decode from: early enough for files that sort frames by decoding time."""
    return max(0.0, span.starts_s - LEAD_S - 2 / float(span.fps))


def _until_s(duration_ms: int) -> float:
    """Not much longer than the film says it is: a leap in its time stamps must not be filled with hours of stills."""
    seconds = duration_ms / 1000 * 1.02 + 5 if duration_ms else failures.LONGEST_S
    return min(seconds, failures.LONGEST_S)


def _scaling(pictures: list[Rung], probe: Probe, cut: tuple[int, int] | None = None) -> str:
    """From large to small, each rung made from the next larger one: scaling costs once, not once a rung."""
    largest_first = pictures[::-1]
    steps = []
    source = f"0:v:{probe.picture_at}"
    for at, rung in enumerate(largest_first):
        first = _rate(rung.fps, cut) if at == 0 else ""
        made = f"[{source}]{first}scale={rung.width}:{rung.height}:flags=bicubic,setsar=1,"
        # Brought down once, at the largest size that is shown and not at the source's.
        made += TONE_MAP if probe.source.is_hdr and at == 0 else "format=yuv420p"
        if at == len(largest_first) - 1:
            steps.append(f"{made}[{rung.name}]")
        else:
            steps.append(f"{made},split=2[{rung.name}][for{at}]")
            source = f"for{at}"
    return ";".join(steps)


def _rate(fps: Fraction, cut: tuple[int, int] | None) -> str:
    """The film's frames from its zero on, also where its first picture comes later; of a chunk those from `cut`."""
    rate = f"fps={fps.numerator}/{fps.denominator}"
    if cut is None:
        return f"{rate}:start_time=0,"
    first, end = cut
    return f"{rate}{'' if first else ':start_time=0'},trim=start_pts={first}:end_pts={end},setpts=PTS-{first},"


def _picture(rung: Rung, span: Span | None = None) -> list[str]:
    fps = rung.fps
    # Keyframes by time and nowhere else, so that all rungs can be switched at the same places: the frames
    # ceil(2 s × rate × n) of the whole film, of which a chunk begins with one.
    first, before = (span.first, span.segment * SEGMENT_S // KEYFRAME_S) if span else (0, 0)
    keys = f"expr:gte(n+{first},ceil((n_forced+{before})*{KEYFRAME_S * fps.numerator}/{fps.denominator}))"
    return [
        *("-c:v", "libx264", "-preset", PRESET, "-crf", QUALITY, "-profile:v", "high"),
        *("-maxrate", str(rung.bitrate), "-bufsize", str(rung.bitrate * 2)),
        *("-force_key_frames", keys, "-sc_threshold", "0"),
        *("-g", str(int(fps * KEYFRAME_S * 2) + 1)),
    ]


def _resampling(sounds: list[Rung], sound_at: int, loud: str) -> str:
    """Gaps in the source's sound become silence, so that it cannot run away from the picture.

    Once, for all rates: two such filters side by side make ffmpeg 9 wait for itself on a damaged film.
    """
    names = "".join(f"[{rung.name}]" for rung in sounds)
    return f"[0:a:{sound_at}]aresample=48000:async=1:first_pts=0{loud},asplit={len(sounds)}{names}"


def _sound(rung: Rung) -> list[str]:
    return ["-c:a", "aac", "-b:a", str(rung.bitrate), "-ac", "2"]


def _hls(rung: Rung, span: Span | None = None) -> list[str]:
    # A chunk may begin up to a frame after a whole second: its segments are that much shorter by its own clock.
    seconds = SEGMENT_S - min(float(1 / span.fps), 0.25) if span and span.first else SEGMENT_S
    return [
        *("-f", "hls", "-hls_time", f"{seconds:.6f}", "-hls_playlist_type", "vod", "-hls_list_size", "0"),
        *("-start_number", str(span.segment if span else 0)),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"),
        # Or the first picture would come late by the reordering delay: browsers heed edit lists in different ways.
        *("-hls_segment_options", "movflags=+negative_cts_offsets:use_editlist=0"),
        *("-hls_flags", "independent_segments"),
        *("-hls_segment_filename", f"out/{rung.name}/s%05d.m4s", f"out/{rung.name}/index.m3u8"),
    ]


def limits(duration_ms: int, rungs_count: int) -> Limits:
    """Time and room for a film: far above what honest films take, below the worker's own limit of 6 hours."""
    seconds = max(duration_ms / 1000, 1)
    wall = min(120 + seconds * 6 * max(rungs_count, 1), 5.5 * 3600)
    return Limits(wall_s=wall, cpu_s=int(wall * 4))


def most_bytes(duration_ms: int, rungs: list[Rung]) -> int:
    """More than this in the output folder means that something runs wild."""
    seconds = max(duration_ms / 1000, 10)
    return int(sum(rung.bitrate for rung in rungs) / 8 * seconds * 3) + 64 * 1024**2


def poster_arguments() -> list[str]:
    """One frame of the piece in in.bin, not wider than a page needs, to poster.jpg."""
    fit = "scale=w='min(1280,iw)':h=-2:flags=bicubic"
    return ["-map", "0:v:0", "-vf", f"thumbnail=24,{fit}", "-frames:v", "1", "-q:v", "4", "-update", "1", "poster.jpg"]
