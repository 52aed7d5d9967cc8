"""Runs inside the fence: what PyAV says of a film, printed as JSON in the shape of ffprobe's.

Run as `python -I -S pyav_probe.py PACKAGES FILE OPTIONS MOST_BYTES`; knows nothing of the site.
"""

import ctypes
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

# A larger picture is refused by its header; decoding one of its frames would only eat memory.
MOST_PIXELS = 20_000_000
# The numbers of ITU-T H.273 that matter here, by ffprobe's names: pictures brighter than a usual screen can show.
TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}


def main() -> None:
    sys.path.append(sys.argv[1])
    import av

    av.logging.set_level(av.logging.ERROR)
    _bound(Path(sys.argv[1]) / "av.libs", sys.argv[4])
    options = json.loads(sys.argv[3])
    try:
        with av.open(sys.argv[2], options=options, metadata_errors="ignore") as film:
            duration = None if film.duration is None else film.duration / 1_000_000
            told: dict[str, Any] = {
                "format": {"format_name": film.format.name, "duration": duration, "nb_streams": len(film.streams)},
                "streams": [_stream(stream) for stream in list(film.streams)[:100]],
            }
            picture = next((stream for stream in film.streams.video if not _is_cover(stream)), None)
            if picture is not None and picture.width * picture.height <= MOST_PIXELS:
                told["rotation"] = _rotation(film, picture, options["codec_whitelist"])
    except av.error.FFmpegError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(told))


def _bound(av_libs: Path, most: str) -> None:
    """No single allocation of the media library may be larger than so many bytes, as with ffmpeg's -max_alloc."""
    for library in av_libs.glob("libavutil*"):
        ctypes.CDLL(str(library)).av_max_alloc(ctypes.c_size_t(int(most)))


def _stream(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    told = {"codec_type": stream.type, "codec_name": context.name if context else None}
    told["disposition"] = {"attached_pic": int(_is_cover(stream))}
    if stream.duration is not None and stream.time_base:
        told["duration"] = float(stream.duration * stream.time_base)
    if stream.type == "video" and context:
        told.update(width=context.width, height=context.height)
        told["sample_aspect_ratio"] = str(stream.sample_aspect_ratio or "1/1").replace("/", ":")
        told["color_transfer"] = TRANSFERS.get(int(context.color_trc or 0), "")
        told["avg_frame_rate"] = str(stream.average_rate or stream.guessed_rate or 0)
    return told


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition.value & 0x400)


def _rotation(film: Any, picture: Any, codecs: str) -> int:
    """Degrees by which the first frame is to be turned. Decoding it also shows whether it can be decoded."""
    import av

    # The container's own list binds what it looks at while it is opened, not who decodes afterwards.
    picture.codec_context.options = {"codec_whitelist": codecs}
    for packet in islice(film.demux(picture), 300):
        try:
            for frame in packet.decode():
                return int(frame.rotation)
        except av.error.FFmpegError:
            continue
    return 0


main()
