"""Fence: what a hostile film makes ffmpeg try, and what it gets."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accounts.models import User
from tests.videos.films import make_film, transcoded
from videos import fence, probing
from videos.apps import fence_stands
from videos.failures import FilmRefused
from videos.fence import walls

ROOM = fence.Limits(wall_s=20, cpu_s=20)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    (folder / "out").mkdir(parents=True)
    return folder


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Another tenant's film, whose picture must never come out of our job."""
    return make_film(tmp_path / "secret.mp4", seconds=1)


def attacks(canary: Path) -> dict[str, str]:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{canary}\n#EXT-X-ENDLIST\n"
    manifest = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
        '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" width="426" height="240">'
        f"<BaseURL>{canary}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )
    concat = f"ffconcat version 1.0\nfile {os.path.relpath(canary, canary.parent / 'job')}\n"
    return {
        "playlist": playlist,
        "itself": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nin.bin\n",
        "concat": concat,
        "manifest": manifest,
        "network": "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    }


@pytest.mark.parametrize("name", ["playlist", "itself", "concat", "manifest", "network", "sdp"])
def test_a_script_named_as_a_film_is_refused_at_each_of_three_walls(job: Path, canary: Path, name: str) -> None:
    (job / "in.bin").write_text(attacks(canary)[name])
    with pytest.raises(FilmRefused, match="not_a_film"):
        probing.probe(job)
    assert fence.probe(job, ROOM).code != 0  # without the sniff
    ended = fence.encode(job, ["-map", "0:v:0", "-c:v", "libx264", "out/leak.mp4"], ROOM)
    assert ended.code != 0
    assert not (job / "out/leak.mp4").exists()


def test_the_playlist_would_be_followed_outside_the_fence(job: Path, canary: Path) -> None:
    """The negative control: the same script with the same ffmpeg, without our whitelists, lets the other film out."""
    (job / "in.bin").write_text(attacks(canary)["concat"])
    plain = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-y", "-safe", "0", "-i", "in.bin", "out/leak.mp4"]
    subprocess.run(plain, cwd=job, check=False, timeout=20)
    assert (job / "out/leak.mp4").exists()


def inside(job: Path, code: str, **limits: int) -> fence.Ended:
    """Run Python instead of ffmpeg in the same cell."""
    room = fence.Limits(**{"wall_s": 20, "cpu_s": 20, **limits})
    command = [sys.executable, "-I", "-S", "-c", code]
    return fence._run(command, job, room, readable=fence._python_rooms(), on_tick=None)


def test_no_other_file_can_be_read_or_written_from_inside(job: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary")
    tried = f"""
import json
import os
def attempt(path, mode):
    try:
        open(path, mode).close(); print("open", path)
    except OSError: print("shut")
attempt({str(tmp_path / "secret.txt")!r}, "r"); attempt({str(tmp_path / "new.txt")!r}, "w")
attempt("/etc/passwd", "r"); attempt("out/mine.txt", "w")
"""
    ended = inside(job, tried)
    assert ended.out.decode().split() == ["shut", "shut", "shut", "open", "out/mine.txt"], ended.errors


def test_there_is_no_network_inside(job: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tried = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        assert inside(job, tried).code != 0


def test_root_also_works_in_the_home_of_somebody_else(tmp_path: Path, film: Path) -> None:
    """As in a container: the project's folder belongs to a user, closed to others, and root runs it."""
    home = tmp_path / "home"
    (home / "job/out").mkdir(parents=True)
    (home / "job/in.bin").write_bytes(film.read_bytes())
    if os.getuid() == 0:
        os.chown(home, 12345, 12345)
    home.chmod(0o700)
    assert fence.probe(home / "job", ROOM).code == 0
    assert inside(home / "job", "open('out/mine.txt', 'w').close()").code == 0
    assert inside(home / "job", "open('/etc/passwd')").code != 0


def test_memory_and_file_sizes_are_bounded(job: Path) -> None:
    hungry = inside(job, "x = bytearray(600 * 1024 * 1024)", memory=300 * 1024**2)
    assert "MemoryError" in hungry.errors
    assert inside(job, "f = open('out/big', 'wb')\nf.write(b'0' * 3_000_000)", file_bytes=1024**2).code != 0
    assert (job / "out/big").stat().st_size <= 1024**2


def test_time_is_bounded_and_nothing_of_the_group_lives_on(job: Path) -> None:
    forks = "import os, time\nif os.fork() == 0: open('out/child', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    ended = inside(job, forks, wall_s=1)
    assert ended.timed_out
    assert ended.took_s < 5
    assert soon_gone([int((job / "out/child").read_text())])


def test_a_program_that_waits_for_itself_is_ended(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence, "STALLED_S", 1.0)
    ended = inside(job, "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()")
    assert (ended.stalled, ended.timed_out, ended.code) == (True, False, -9)
    busy = inside(job, "import time\nwhile time.process_time() < 2: pass")
    assert (busy.stalled, busy.code) == (False, 0)


def soon_gone(pids: list[int]) -> bool:
    """Whether they end within seconds: a kill takes a moment to arrive."""
    deadline = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pids))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_what_a_tick_raises_ends_the_program(job: Path, film: Path) -> None:
    (job / "in.bin").write_bytes(film.read_bytes())

    def stop(_done_s: float) -> None:
        raise KeyError("stop")

    began = time.monotonic()
    with pytest.raises(KeyError):
        fence.encode(job, ["-map", "0:v", "-vf", "realtime", "-f", "null", "-"], ROOM, on_tick=stop)
    assert time.monotonic() - began < 3


def test_a_worker_that_is_killed_takes_its_ffmpeg_with_it(job: Path, film: Path) -> None:
    (job / "in.bin").write_bytes(film.read_bytes())
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(job)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout
    assert worker.stdout.readline() == "encoding\n"
    inner = [int(pid) for pid in children_of(worker.pid)]
    assert inner
    worker.kill()
    worker.wait()
    assert soon_gone(inner)


_WORKER = """
import sys, django
from pathlib import Path
django.setup()
from videos import fence
def tick(done):
    print("encoding", flush=True)
looped = ["-map", "0:v", "-vf", "realtime,loop=-1:45", "-t", "60", "-f", "null", "-"]
fence.encode(Path(sys.argv[1]), looped, fence.Limits(wall_s=60, cpu_s=60), on_tick=lambda s: s and tick(s))
"""


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_hostile_shapes_fail_with_their_reason(ada: User, tmp_path: Path) -> None:
    wide = make_film(tmp_path / "wide.mp4", seconds=0.2, size=(5000, 16), sound=False)
    fast = make_film(tmp_path / "fast.mp4", seconds=0.2, fps="240", sound=False)
    many = make_film(tmp_path / "many.mkv", seconds=0.2, extra=("-map", "0:v", *("-map", "1:a") * 4))
    reasons = [transcoded(ada, path).failure_code for path in (wide, fast, many)]
    assert reasons == ["too_many_pixels", "too_many_frames", "too_many_streams"]


def test_a_header_that_claims_a_hundred_hours_fails_as_too_long(ada: User, silent_film: Path, tmp_path: Path) -> None:
    content = bytearray(silent_film.read_bytes())
    at = content.index(b"\x44\x89\x88") + 3  # Matroska's Duration, in milliseconds
    content[at : at + 8] = struct.pack(">d", 100 * 3600 * 1000.0)
    long = tmp_path / "long.mkv"
    long.write_bytes(content)
    assert transcoded(ada, long).failure_code == "too_long"


@pytest.mark.parametrize(("codec", "turned"), [("mpeg4", True), ("cinepak", False)])
def test_pyav_decodes_no_codec_that_is_not_on_the_list(job: Path, tmp_path: Path, codec: str, turned: bool) -> None:
    """Which way up a frame is, only its decoder tells."""
    plain = tmp_path / "plain.mov"
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=1", "-c:v", codec]
    subprocess.run([fence.ffmpeg(), "-y", "-loglevel", "error", *source, str(plain)], check=True)
    turn = ["-display_rotation", "90", "-i", str(plain), "-c", "copy", "-f", "mov", str(job / "in.bin")]
    subprocess.run([fence.ffmpeg(), "-y", "-loglevel", "error", *turn], check=True)
    told = json.loads(by_pyav(job).out)
    assert told["streams"][0]["codec_name"] == codec
    assert (told["rotation"] != 0) is turned


def test_pyav_is_bound_in_what_it_may_allocate_at_once(job: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (job / "in.bin").write_bytes(film.read_bytes())
    assert by_pyav(job).code == 0
    monkeypatch.setattr(fence, "MOST_ALLOC", 1000)
    assert by_pyav(job).code != 0


def by_pyav(job: Path) -> fence.Ended:
    return fence._run(fence._pyav("pyav_probe.py"), job, ROOM, readable=fence._python_rooms(), on_tick=None)


def test_what_a_program_leaves_besides_plain_files_is_taken_away(job: Path, canary: Path) -> None:
    """A decoder that was taken over: what it links to would be served as a piece of the film."""
    (job / "in.bin").write_bytes(b"film")
    leaves = """
import os, sys
os.symlink(sys.argv[1], "out/s00000.m4s")
os.symlink("/etc/hostname", "copy.bin")
os.symlink("/etc", "out/v240")
os.mkfifo("out/init.mp4")
open("out/s00001.m4s", "w").write("a piece")
"""
    command = [sys.executable, "-I", "-S", "-c", leaves, str(canary)]
    ended = fence._run(command, job, ROOM, readable=fence._python_rooms(), on_tick=None)
    assert ended.code == 0, ended.errors
    left = sorted(str(path.relative_to(job)) for path in job.rglob("*"))
    assert left == ["in.bin", "out", "out/s00001.m4s"]


def test_walls_that_the_kernel_lacks_are_said_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A launcher whose kernel gives no namespaces and no Landlock, as in a container with the usual profiles."""
    assert {message.id for message in fence_stands()} <= {"videos.I001"}
    whole = Path(fence.__file__).with_name("launcher.py").read_text()
    lacking = {"_libc.unshare(": "(lambda _flags: -1)(", "abi = _libc.syscall(_CREATE_RULESET, None, 0, 1)": "abi = -1"}
    for has, lacks in lacking.items():
        assert has in whole
        whole = whole.replace(has, lacks)
    poor = tmp_path / "launcher.py"
    poor.write_text(whole)
    monkeypatch.setattr(walls, "_LAUNCHER", poor)
    assert walls.missing() == ["network", "files"]
    said = [message.msg for message in fence_stands()]
    assert ["namespaces" in said[0], "Landlock" in said[1]] == [True, True]
    monkeypatch.setattr(walls, "ANSWERS_WITHIN_S", 2)
    for silent in ("raise SystemExit(1)", "print('no JSON')", "print('[true]')", "import time\ntime.sleep(60)"):
        poor.write_text(silent)
        assert walls.missing() == ["network", "files", "rights"]


def test_where_walls_stand_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sound = tmp_path / "launcher.py"
    sound.write_text('print(\'{"network": true, "files": true, "rights": true}\')')
    monkeypatch.setattr(walls, "_LAUNCHER", sound)
    assert fence_stands() == []
