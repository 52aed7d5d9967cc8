"""Runs inside the fence: where a film's index says that its key frames stand, printed as JSON.

{"gap_s": …, "times": […]}, or {} when it does not say. Run as `python -I -S pyav_index.py PACKAGES FILE OPTIONS
MOST_BYTES`; knows nothing of the site. Nothing is decoded. Only MP4 and Matroska keep an index that finds a key frame
without reading the file.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

INDEXED = {"mov", "matroska"}


def main() -> None:
    sys.path.append(sys.argv[1])
    import av

    av.logging.set_level(av.logging.ERROR)
    _bound(Path(sys.argv[1]) / "av.libs", sys.argv[4])
    told: dict[str, Any] = {}
    try:
        with av.open(sys.argv[2], options=json.loads(sys.argv[3]), metadata_errors="ignore") as film:
            if film.duration and INDEXED & set(film.format.name.split(",")) and film.streams.video:
                told = _gaps(film)
    except av.error.FFmpegError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(told))


def _bound(av_libs: Path, most: str) -> None:
    """No single allocation of the media library may be larger than so many bytes, as with ffmpeg's -max_alloc."""
    for library in av_libs.glob("libavutil*"):
        ctypes.CDLL(str(library)).av_max_alloc(ctypes.c_size_t(int(most)))


def _gaps(film: Any) -> dict[str, Any]:
    """Of the first moving picture. `gap_s`: the longest stretch between key frames, the last one lasting to the end;
    `times`: the last one of every second that has any.
    """
    picture = next((stream for stream in film.streams.video if not stream.disposition.value & 0x400), None)
    if picture is None:
        return {}
    # Matroska reads its index when somebody first looks for a place.
    film.seek(film.duration - 1)
    base = picture.time_base
    times = sorted({float(entry.timestamp * base) for entry in picture.index_entries if entry.is_keyframe})
    if not times:
        return {}
    ends = [*times[1:], max(film.duration / 1_000_000, times[-1])]
    of_seconds = {int(time): round(time, 3) for time in times}
    return {
        "gap_s": max(end - begin for begin, end in zip(times, ends, strict=True)),
        "times": list(of_seconds.values()),
    }


main()
