"""ffmpeg's arguments for a short film: one process, one decode, all rungs. Pure: no file, no row."""

from fractions import Fraction

from . import failures
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
        command += ["-filter_complex", _scaling(pictures, probe.picture_at, is_hdr=probe.source.is_hdr)]
    until = _until(probe.source.duration_ms)
    for rung in pictures:
        command += ["-map", f"[{rung.name}]", *_picture(rung), *until, *_hls(rung)]
    if sounds:
        command += ["-filter_complex", _resampling(sounds, probe.sound_at, loud)]
    for rung in sounds:
        command += ["-map", f"[{rung.name}]", *_sound(rung), *until, *_hls(rung)]
    return command


def _until(duration_ms: int) -> list[str]:
    """Not much longer than the film says it is: a leap in its time stamps must not be filled with hours of stills."""
    seconds = duration_ms / 1000 * 1.02 + 5 if duration_ms else failures.LONGEST_S
    return ["-t", f"{min(seconds, failures.LONGEST_S):.3f}"]


def _scaling(pictures: list[Rung], picture_at: int, *, is_hdr: bool = False) -> str:
    """From large to small, each rung made from the next larger one: scaling costs once, not once a rung."""
    largest_first = pictures[::-1]
    fps: Fraction = largest_first[0].fps
    steps = []
    source = f"0:v:{picture_at}"
    for at, rung in enumerate(largest_first):
        rate = f"fps={fps.numerator}/{fps.denominator}," if at == 0 else ""
        made = f"[{source}]{rate}scale={rung.width}:{rung.height}:flags=bicubic,setsar=1,"
        # Brought down once, at the largest size that is shown and not at the source's.
        made += TONE_MAP if is_hdr and at == 0 else "format=yuv420p"
        if at == len(largest_first) - 1:
            steps.append(f"{made}[{rung.name}]")
        else:
            steps.append(f"{made},split=2[{rung.name}][for{at}]")
            source = f"for{at}"
    return ";".join(steps)


def _picture(rung: Rung) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", PRESET, "-crf", QUALITY, "-profile:v", "high"),
        *("-maxrate", str(rung.bitrate), "-bufsize", str(rung.bitrate * 2)),
        # Keyframes by time and nowhere else, so that all rungs can be switched at the same places.
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEYFRAME_S})", "-sc_threshold", "0"),
        *("-g", str(int(rung.fps * KEYFRAME_S * 2) + 1)),
    ]


def _resampling(sounds: list[Rung], sound_at: int, loud: str) -> str:
    """Gaps in the source's sound become silence, so that it cannot run away from the picture.

    Once, for all rates: two such filters side by side make ffmpeg 9 wait for itself on a damaged film.
    """
    names = "".join(f"[{rung.name}]" for rung in sounds)
    return f"[0:a:{sound_at}]aresample=48000:async=1:first_pts=0{loud},asplit={len(sounds)}{names}"


def _sound(rung: Rung) -> list[str]:
    return ["-c:a", "aac", "-b:a", str(rung.bitrate), "-ac", "2"]


def _hls(rung: Rung) -> list[str]:
    return [
        *("-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod", "-hls_list_size", "0"),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"),
        # Or the first picture would come late by the reordering delay: browsers heed edit lists in different ways.
        *("-hls_segment_options", "movflags=+negative_cts_offsets:use_editlist=0"),
        *("-hls_flags", "independent_segments"),
        *("-hls_segment_filename", f"out/{rung.name}/s%05d.m4s", f"out/{rung.name}/index.m3u8"),
    ]


def limits(duration_ms: int, rungs: list[Rung]) -> Limits:
    """Time and room for a film: far above what honest films take, below the worker's own limit of 6 hours."""
    seconds = max(duration_ms / 1000, 1)
    wall = min(120 + seconds * 6 * max(len(rungs), 1), 5.5 * 3600)
    return Limits(wall_s=wall, cpu_s=int(wall * 4))


def most_bytes(duration_ms: int, rungs: list[Rung]) -> int:
    """More than this in the output folder means that something runs wild."""
    seconds = max(duration_ms / 1000, 10)
    return int(sum(rung.bitrate for rung in rungs) / 8 * seconds * 3) + 64 * 1024**2


def poster_arguments() -> list[str]:
    """One frame of the piece in in.bin, not wider than a page needs, to poster.jpg."""
    fit = "scale=w='min(1280,iw)':h=-2:flags=bicubic"
    return ["-map", "0:v:0", "-vf", f"thumbnail=24,{fit}", "-frames:v", "1", "-q:v", "4", "-update", "1", "poster.jpg"]
