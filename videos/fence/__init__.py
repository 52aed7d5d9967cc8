"""The one place that starts ffmpeg, ffprobe or PyAV, each as a hostile program.

Whatever runs here gets: one private folder with the film as `in.bin`; only whitelisted containers, codecs and the file
protocol; no network, no other file, no new rights (namespaces and Landlock, where the kernel has them); limits on
memory, processor, file size, files, threads and wall time; and its death when the worker dies.
Source: the design's page on video, 4.1.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

import imageio_ffmpeg
from django.conf import settings

_HERE = Path(__file__).parent
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,flv"
VIDEO_CODECS = (
    "h264,hevc,vp8,vp9,av1,libdav1d,mpeg4,mpeg2video,mpeg1video,mjpeg,prores,dnxhd,vc1,wmv3,theora,flv,vp6,vp6f,"
    "msmpeg4,msmpeg4v2,h263,h263p,rawvideo,png,qtrle,ffv1,huffyuv,utvideo"
)
AUDIO_CODECS = (
    "aac,aac_latm,mp3,mp3float,mp2,mp2float,ac3,eac3,dca,opus,libopus,vorbis,flac,alac,amrnb,amrwb,nellymoser,speex,"
    "adpcm_ima_qt,adpcm_ms,adpcm_ima_wav,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f32be,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,pcm_bluray"
)
GUARDS = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "codec_whitelist": f"{VIDEO_CODECS},{AUDIO_CODECS}",
}
MOST_ALLOC = 512 * 1024 * 1024
TICK_S = 1.0
# A program that used no processor time for so long waits for itself; it will not wake up.
STALLED_S = 60.0
Tick = Callable[[float], None]


@dataclass(frozen=True)
class Limits:
    """`wall_s` seconds by the clock, `cpu_s` of processor time, bytes of memory and of any one file written.

    `nice`: how readily it lets others go first; 0 where a person waits for it.
    """

    wall_s: float
    cpu_s: int
    memory: int = 4 * 1024**3
    file_bytes: int = 256 * 1024**2
    nice: int = 10


@dataclass
class Ended:
    """How a program ended: its exit code (negative: killed by that signal), what it printed, the end of its errors."""

    code: int
    out: bytes
    errors: str
    took_s: float
    timed_out: bool = field(default=False)
    stalled: bool = field(default=False)


class OutputTooLarge(Exception):
    """The program printed more than it may."""


def ffmpeg() -> str:
    return settings.KEZHAN_FFMPEG or imageio_ffmpeg.get_ffmpeg_exe()


@cache
def ffprobe() -> str | None:
    """The ffprobe that belongs to the configured ffmpeg, or the system's; None when there is none."""
    beside = Path(settings.KEZHAN_FFMPEG).with_name("ffprobe") if settings.KEZHAN_FFMPEG else None
    return str(beside) if beside and beside.is_file() else shutil.which("ffprobe")


def encode(
    folder: Path,
    outputs: list[str],
    limits: Limits,
    *,
    threads: int = 0,
    from_s: float | None = None,
    is_sketch: bool = False,
    beside: str = "",
    on_tick: Tick | None = None,
) -> Ended:
    """Run ffmpeg on `folder/in.bin`; `outputs` are its arguments after the input, with paths relative to `folder`.

    `threads` limits decoders alone. With `from_s` reading begins at the last key frame before that second, and frames
    keep the times that they have in the whole film. `is_sketch`: frames that no other is made from are left out, and
    edges are not smoothed. `beside` names another file of the folder that is read as second input; then both keep the
    times that stand in them. `on_tick(seconds)` is called about once a second with how much of
    the film is done, also while nothing moves; what it raises ends the program and rises.
    """
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-nostats", "-progress", "pipe:1"]
    command += ["-max_alloc", str(MOST_ALLOC), *_guards(), "-threads", str(threads)]
    if from_s is not None:
        command += ["-copyts", "-start_at_zero", "-noaccurate_seek", "-ss", f"{from_s:.6f}"]
    if is_sketch:
        command += ["-skip_frame", "noref", "-skip_loop_filter", "all"]
    if beside:
        command += ["-copyts"]
    command += ["-i", "in.bin"]
    if beside:
        command += [*_guards(), "-threads", str(threads), "-i", beside]
    command += ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", *outputs]
    return _run(command, folder, limits, readable=[Path(ffmpeg())], on_tick=on_tick)


def copy(folder: Path, outputs: list[str], limits: Limits, *, on_tick: Tick | None = None) -> Ended:
    """Run ffmpeg on `folder/in.bin` where nothing is decoded; what lacks its times is given some."""
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-nostats", "-progress", "pipe:1"]
    command += ["-max_alloc", str(MOST_ALLOC), *_guards(), "-fflags", "+genpts", "-i", "in.bin"]
    command += ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", *outputs]
    return _run(command, folder, limits, readable=[Path(ffmpeg())], on_tick=on_tick)


def probe(folder: Path, limits: Limits, on_tick: Tick | None = None) -> Ended:
    """Run ffprobe, or PyAV in a process of its own, on `folder/in.bin`. `out` is JSON, see probing.py."""
    if program := ffprobe():
        command = [program, "-hide_banner", "-loglevel", "error", *_guards(), "-max_alloc", str(MOST_ALLOC)]
        command += ["-show_format", "-show_streams", "-of", "json", "in.bin"]
        return _run(command, folder, limits, readable=[Path(program)], on_tick=on_tick)
    return _run(_pyav("pyav_probe.py"), folder, limits, readable=_python_rooms(), on_tick=on_tick)


def key_frames(folder: Path, limits: Limits, on_tick: Tick | None = None) -> Ended:
    """Ask the index of `folder/in.bin` where its key frames stand. `out` is JSON, see fence/pyav_index.py."""
    return _run(_pyav("pyav_index.py"), folder, limits, readable=_python_rooms(), on_tick=on_tick)


def _pyav(program: str) -> list[str]:
    packages, options = sysconfig.get_path("platlib"), json.dumps(GUARDS)
    return [sys.executable, "-I", "-S", str(_HERE / program), packages, "in.bin", options, str(MOST_ALLOC)]


def _guards() -> list[str]:
    return [part for name, value in GUARDS.items() for part in (f"-{name}", value)]


def _python_rooms() -> list[Path]:
    rooms = {sys.prefix, sys.base_prefix, sysconfig.get_path("platlib"), sysconfig.get_path("stdlib"), str(_HERE)}
    rooms.add(str(Path(sys.executable).resolve()))
    return [Path(room) for room in rooms]


def _run(command: list[str], folder: Path, limits: Limits, *, readable: list[Path], on_tick: Tick | None) -> Ended:
    cell = {
        "parent": os.getpid(),
        "folder": str(folder),
        "readable": [str(room) for room in readable],
        "cpu_s": limits.cpu_s,
        "memory": limits.memory,
        "file_bytes": limits.file_bytes,
        "nice": limits.nice,
    }
    launcher = [sys.executable, "-I", "-S", str(_HERE / "launcher.py"), json.dumps(cell), *command]
    began = time.monotonic()
    process = subprocess.Popen(
        launcher,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "MALLOC_ARENA_MAX": "4", "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    watch = _Watch(process, began + limits.wall_s, on_tick, shows_progress="-progress" in command)
    try:
        watch.until_closed()
        code = watch.ended()
    finally:
        _kill_group(process)
        _keep_files_alone(folder)
    errors = b"".join(watch.errors).decode(errors="replace")[-4000:]
    return Ended(code, bytes(watch.out), errors, time.monotonic() - began, watch.timed_out, watch.stalled)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    # The launcher made a session of its own, so its process group holds everything that it started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _keep_files_alone(folder: Path) -> None:
    """Take away links, pipes and the like: whoever reads or serves the folder next would follow them to other files."""
    for room, folders, files in os.walk(folder):
        for name in (*folders, *files):
            kind = os.lstat(os.path.join(room, name)).st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                os.unlink(os.path.join(room, name))


class _Watch:
    """Reads both pipes of a program until they close or its time is over, and ticks."""

    MOST_OUT = 4 * 1024 * 1024

    def __init__(
        self, process: subprocess.Popen[bytes], deadline: float, on_tick: Tick | None, *, shows_progress: bool
    ) -> None:
        self.process, self.deadline, self.on_tick = process, deadline, on_tick
        self.shows_progress = shows_progress
        self.out = bytearray()
        self.errors: deque[bytes] = deque(maxlen=16)
        self.timed_out = self.stalled = False
        self._spent, self._worked_at = "", time.monotonic()
        self.done_s = 0.0
        self._line = b""

    def until_closed(self) -> None:
        next_tick = time.monotonic()
        with selectors.DefaultSelector() as pipes:
            for pipe in (self.process.stdout, self.process.stderr):
                pipes.register(pipe, selectors.EVENT_READ)  # type: ignore[arg-type]
            while pipes.get_map():
                for key, _ in pipes.select(timeout=TICK_S / 2):
                    if not self._take(key.fileobj):  # type: ignore[arg-type]
                        pipes.unregister(key.fileobj)
                if time.monotonic() > self.deadline:
                    self.timed_out = True
                    return
                if self._is_stalled():
                    self.stalled = True
                    return
                if self.on_tick and time.monotonic() >= next_tick:
                    self.on_tick(self.done_s)
                    next_tick = time.monotonic() + TICK_S

    def ended(self) -> int:
        """The exit code; for a program that is about to be killed, that of the kill."""
        if not (self.timed_out or self.stalled):
            try:
                return self.process.wait(timeout=max(0.1, self.deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.timed_out = True
        return -signal.SIGKILL

    def _is_stalled(self) -> bool:
        try:
            # Fields 14 and 15, counted behind the name, which may hold blanks: time in and for the program.
            spent = " ".join(Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13])
        except OSError:
            return False
        if spent != self._spent:
            self._spent, self._worked_at = spent, time.monotonic()
        return time.monotonic() - self._worked_at > STALLED_S

    def _take(self, pipe: IO[bytes]) -> bool:
        chunk = os.read(pipe.fileno(), 65536)
        if pipe is self.process.stderr:
            self.errors.append(chunk)
        elif self.shows_progress:
            self._read_progress(chunk)
        else:
            self.out += chunk
            if len(self.out) > self.MOST_OUT:
                raise OutputTooLarge
        return bool(chunk)

    def _read_progress(self, chunk: bytes) -> None:
        *lines, self._line = (self._line + chunk).split(b"\n")
        for line in lines:
            name, _, value = line.partition(b"=")
            if name == b"out_time_us" and value.strip().lstrip(b"-").isdigit():
                self.done_s = max(self.done_s, int(value) / 1_000_000)
