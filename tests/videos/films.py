"""Films for tests, made by ffmpeg on the spot; and the ways a film gets into the shop."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from marketplace.lib import work
from videos import fence, shelves, transcoding, turns
from videos.models import Rendition, Upload, Video

# bin/test empties this folder before each run.
_KEPT = Path(os.environ.get("KEZHAN_TEST_FOLDER") or settings.KEZHAN_HOME) / "films"


def make_film(
    path: Path,
    *,
    seconds: float = 3,
    size: tuple[int, int] = (426, 240),
    fps: str = "15",
    sound: bool = True,
    picture: bool = True,
    extra: tuple[str, ...] = (),
) -> Path:
    """A film of a moving test card and a tone; the suffix of `path` chooses the container.

    One that was asked for before, by any worker of this run, is copied.
    """
    asked = repr((seconds, size, fps, sound, picture, extra, path.suffix))
    kept = _KEPT / f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}{path.suffix}"
    if not kept.exists():
        _encode(path, seconds, size, fps, sound, picture, extra)
        _KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=_KEPT, delete=False) as half:
            half.write(path.read_bytes())
        Path(half.name).rename(kept)
    else:
        shutil.copyfile(kept, path)
    return path


def _encode(
    path: Path, seconds: float, size: tuple[int, int], fps: str, sound: bool, picture: bool, extra: tuple[str, ...]
) -> None:
    command = [fence.ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    if picture:
        command += ["-f", "lavfi", "-i", f"testsrc2=size={size[0]}x{size[1]}:rate={fps}:duration={seconds}"]
    if sound:
        command += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}"]
    if picture:
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-c:a", "aac", *extra, str(path)], check=True, timeout=60)


def upload_of(owner: Any, content: bytes, name: str = "film.mp4") -> Upload:
    """A completed upload of `content`, its bytes on the shelf; the film waits for a worker."""
    upload = Upload.objects.begin(owner=owner, name=name, size=len(content), content_type="video/mp4")
    place = shelves.original(upload.video_id)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    Upload.objects.filter(pk=upload.pk).update(completed_at=upload.created_at)
    upload.video.accept_upload()
    return upload


def transcoded(owner: Any, film: Path) -> Video:
    """`film` as a video that a worker has brought to its end, ready or failed."""
    video = upload_of(owner, film.read_bytes(), film.name).video
    work.run(Video, video.pk, transcoding.transcode)
    work_off()  # a first look, and the film after it
    video.refresh_from_db()
    return video


def work_off(most: int = 200) -> int:
    """All that is due for films, one worker after the other. Returns how many pieces of work there were."""
    for done in range(most):
        if not turns.is_anything_due():
            return done
        turns.work_on_next()
    raise AssertionError("it does not end")


def folder_of(video: Video) -> Path:
    """The files of a ready film."""
    return shelves.film_folder(video.asset, video.output)


def ready_video(owner: Any, *, seconds: int = 12, name: str = "A film") -> Video:
    """A ready video without any encoding: its files are a few bytes each. For tests of who may watch, and of pages."""
    now = timezone.now()
    return Video.objects.create(
        owner=owner,
        name=name,
        size=1000,
        state="ready",
        percent=100,
        output="1-test",
        duration_ms=seconds * 1000,
        width=426,
        height=240,
        has_audio=True,
        has_video=True,
        has_poster=True,
        uploaded_at=now,
        ready_at=now,
        finished_at=now,
    )


def put_files(video: Video) -> Path:
    """The files of a `ready_video`."""
    folder = shelves.film_folder(video.asset, video.output)
    for rung in ("v240", "a128"):
        (folder / rung).mkdir(parents=True)
        for name in ("index.m3u8", "init.mp4", "s00000.m4s"):
            (folder / rung / name).write_bytes(f"{rung}/{name}".encode() * 40)
    (folder / "master.m3u8").write_text("#EXTM3U\nv240/index.m3u8\n")
    (folder / "poster.jpg").write_bytes(b"\xff\xd8\xff" + uuid.uuid4().bytes)
    return folder


def on_shelf(owner: Any, film: Path, *, sound: bool = True) -> Video:
    """`film` as a ready video, its one picture and one sound as they are: nothing is encoded."""
    video = ready_video(owner, seconds=40, name=film.name)
    rungs = [("v240", "video")] + [("a64", "audio")] * sound
    for at, (name, kind) in enumerate(rungs):
        Rendition.objects.create(video=video, name=name, kind=kind, bitrate=1, position=at)
        place = shelves.film_folder(video.asset, video.output) / name
        place.mkdir(parents=True)
        (place / "init.mp4").write_bytes(film.read_bytes())
    return video


def text_file(content: str) -> ContentFile:
    return ContentFile(content.encode(), name="captions.srt")
