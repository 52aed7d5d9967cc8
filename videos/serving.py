"""Sending files of films from here, with byte ranges and careful caching.

Where nginx stands before us it sends them itself (deploy/nginx.conf, which says the same types and times) and asks only
for the right. Captions come from here always: they are rows.
"""

import os
import re
from pathlib import Path
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".m4s": "video/iso.segment",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
}
_PLAIN = "text/plain; charset=utf-8"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def film_file(request: HttpRequest, path: Path) -> HttpResponseBase:
    """The file at `path` below VIDEO_ROOT, whose name and whose viewer's right the caller has checked."""
    answer = _from_disk(request, path, TYPES[path.suffix])
    if answer.status_code >= 400:
        return answer
    # The browser may keep segments as long as the address lives: an output never changes. Shared caches may not.
    answer["Cache-Control"] = "private, max-age=10" if path.suffix == ".m3u8" else "private, max-age=21600, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def playlist(content: str) -> HttpResponse:
    return HttpResponse(content, content_type=TYPES[".m3u8"], headers={"Cache-Control": "private, no-store"})


def webvtt(content: str) -> HttpResponse:
    return HttpResponse(content, content_type=TYPES[".vtt"], headers={"Cache-Control": "private, max-age=10"})


def right(output: str, holds_s: int) -> HttpResponse:
    """A yes for nginx. X-Accel-Expires is its own word for how long it may keep an answer; 0: not at all."""
    headers = {"X-Film-Output": output, "X-Accel-Expires": str(holds_s), "Cache-Control": "no-store"}
    return HttpResponse(status=204, headers=headers)


# The two refusals are for players, not for people: a plain line instead of a page.


def forbidden(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=403, content_type=_PLAIN, headers={"Cache-Control": "no-store"})


def nothing() -> HttpResponse:
    return HttpResponse("", status=404, content_type=_PLAIN, headers={"Cache-Control": "no-store"})


class _Sent(FileResponse):
    block_size = 64 * 1024


def _from_disk(request: HttpRequest, path: Path, kind: str) -> HttpResponseBase:
    try:
        file = path.open("rb")
    except OSError:
        return nothing()
    size = os.fstat(file.fileno()).st_size
    span = _asked_span(request.headers.get("Range", ""), size)
    if span is None:
        return _Sent(file, content_type=kind, headers={"Accept-Ranges": "bytes"})
    first, last = span
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(first)
    length = last - first + 1
    return _Sent(
        _Span(file, length),
        status=206,
        content_type=kind,
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Content-Length": str(length),
            "Accept-Ranges": "bytes",
        },
    )


def _asked_span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None for the whole file; first > last when it cannot be satisfied."""
    asked = _RANGE.fullmatch(header.strip())
    if not asked or not (asked[1] or asked[2]):
        return None  # several ranges, or another unit: RFC 9110 lets us send everything
    if not asked[1]:
        return max(size - int(asked[2]), 0), size - 1 if int(asked[2]) else -1
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1)
    return (first, last) if first < size and (not asked[2] or int(asked[2]) >= first) else (1, 0)


class _Span:
    """The next `length` bytes of a file, as a file."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
