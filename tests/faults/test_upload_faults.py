"""V2: the server of an upload dies at the edges of parts; the sender goes on with another one, and no byte is wrong."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import make_film
from tests.workers import database_address
from videos import parts, shelves, transcoding, uploading
from videos.models import Upload, Video

pytestmark = pytest.mark.django_db(transaction=True)
PART = 16 * 1024

_SERVER = """
import sys
from wsgiref.simple_server import make_server
from marketplace.wsgi import application
server = make_server("127.0.0.1", 0, application)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(autouse=True)
def _small_parts_on_an_own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"
    settings.UPLOAD_PART_BYTES = PART


class Server:
    """A web process of its own on the test's database and shelf, to be killed."""

    def __init__(self, failpoint: str = "") -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_address(),
            "KEZHAN_VIDEO_ROOT": str(django_settings.VIDEO_ROOT),
            "KEZHAN_FAILPOINTS": failpoint,
        }
        command = [sys.executable, "-c", _SERVER]
        self.process = subprocess.Popen(
            command, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def put(self, upload: Upload, number: int, content: bytes) -> int:
        """The status; 0 when the server died over it."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("PUT", parts.signed_path(upload, number), content)
            return line.getresponse().status
        except (ConnectionError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def begin_to_put(self, upload: Upload, number: int, content: bytes) -> socket.socket:
        """Headers that promise the whole, and half of the bytes."""
        line = socket.create_connection(("127.0.0.1", self.port), 20)
        head = f"PUT {parts.signed_path(upload, number)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        line.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[: len(content) // 2])
        return line

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for server in started:
        server.kill()


def start(servers: list[Server], failpoint: str = "") -> Server:
    servers.append(Server(failpoint))
    return servers[-1]


def begun(owner: User, content: bytes) -> Upload:
    return Upload.objects.begin(owner=owner, name="film.mp4", size=len(content), content_type="video/mp4")


def piece(content: bytes, number: int) -> bytes:
    return content[(number - 1) * PART : number * PART]


def go_on(upload: Upload, content: bytes, server: Server) -> None:
    """As the browser after a reload: ask what is there, send the rest, complete; then a worker makes the film.

    I9 of the design's page on reliability: it ends ready, with the bytes that were declared and sent.
    """
    here = set(uploading.parts_here(upload).values_list("number", flat=True))
    for number in set(range(1, upload.parts_count + 1)) - here:
        assert server.put(upload, number, piece(content, number)) == 200
    etags = {number: hashlib.md5(piece(content, number)).hexdigest() for number in range(1, upload.parts_count + 1)}
    uploading.complete(upload, [{"number": number, "etag": etag} for number, etag in etags.items()])
    work.run(Video, upload.video_id, transcoding.transcode)
    upload.video.refresh_from_db()
    assert upload.video.is_ready, upload.video.failure_detail
    assert shelves.original(upload.video_id).read_bytes() == content
    assert not shelves.upload_folder(upload.pk).exists()


def test_a_server_killed_between_a_part_and_its_row_has_told_nobody_of_it(
    ada: User, tmp_path: Path, servers: list[Server]
) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    upload = begun(ada, content)
    first = start(servers)
    assert first.put(upload, 1, piece(content, 1)) == 200
    first.kill()
    assert start(servers, "videos.part_written").put(upload, 2, piece(content, 2)) == 0
    assert len(list(shelves.upload_folder(upload.pk).iterdir())) == 2
    assert [part.number for part in uploading.parts_here(upload)] == [1]
    go_on(upload, content, start(servers))


def test_a_server_killed_in_the_middle_of_a_part_leaves_no_half_of_it(
    ada: User, tmp_path: Path, servers: list[Server]
) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    upload = begun(ada, content)
    server = start(servers)
    with server.begin_to_put(upload, 1, piece(content, 1)):
        folder = shelves.upload_folder(upload.pk)
        deadline = time.monotonic() + 20
        while not (folder.is_dir() and list(folder.iterdir())):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        server.kill()
    assert not uploading.parts_here(upload).exists()
    go_on(upload, content, start(servers))


def test_a_sender_that_hangs_up_half_way_is_not_believed(ada: User, tmp_path: Path, servers: list[Server]) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    upload, server = begun(ada, content), start(servers)
    server.begin_to_put(upload, 1, piece(content, 1)).close()
    go_on(upload, content, server)


def test_ten_gigabytes_declared_reserve_nothing_and_short_parts_do_not_add_up_to_them(
    ada: User, settings: Any, servers: list[Server]
) -> None:
    settings.UPLOAD_PART_BYTES = 8 * 1024 * 1024
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=10 * 1024**3, content_type="")
    server = start(servers)
    assert server.put(upload, 1, b"\0\0\0\x18ftypisom" + bytes(1000)) == 400
    assert not list(shelves.upload_folder(upload.pk).glob("*"))
    with pytest.raises(uploading.PartsMissing):
        uploading.complete(upload, [{"number": 1, "etag": "0" * 32}])


def test_a_part_that_was_noted_before_it_was_written_would_be_missing_after_a_kill(ada: User, tmp_path: Path) -> None:
    """The negative control: the row first, then the kill: the upload says that it is whole and can never be joined."""
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    upload = begun(ada, content)
    etags = []
    for number in range(1, upload.parts_count + 1):
        etag = hashlib.md5(piece(content, number)).hexdigest()
        upload.record_part(number=number, size=len(piece(content, number)), etag=etag, file_name=f"part-{number}")
        etags.append({"number": number, "etag": etag})
    uploading.complete(upload, etags)
    with pytest.raises(FileNotFoundError):
        parts.join(upload, lambda done: None)


_RECEIVER = """
import resource, sys, time
from pathlib import Path
from videos import shelves
def memory():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
folder, size = Path(sys.argv[1]), int(sys.argv[2])
pieces = [folder / f"part-{n}" for n in range(4)]
for path in pieces:
    with path.open("wb") as file:
        file.truncate(size // 4)
before, most = memory(), 0
def tick(done):
    global most
    most = max(most, memory())
{how}
print(max(most, memory()) - before)
"""
_JOIN = "shelves.assemble(pieces, folder / 'whole', size, tick)"
_RECEIVE = """
from videos.parts import _write
with pieces[0].open("rb") as stream:
    _write(folder / "received", stream, size // 4, is_first=False)
"""


@pytest.mark.parametrize(("how", "least_kb", "most_kb"), [
    (_JOIN, -20_000, 20_000),
    (_RECEIVE, -20_000, 20_000),
    ("whole = b''.join(path.read_bytes() for path in pieces)", 150_000, 10**9),  # the control: held at once
])  # fmt: skip
def test_hundreds_of_megabytes_pass_in_constant_memory(tmp_path: Path, how: str, least_kb: int, most_kb: int) -> None:
    code = "import django\ndjango.setup()\n" + _RECEIVER.replace("{how}", how)
    command = [sys.executable, "-c", code, str(tmp_path), str(256 * 1024**2)]
    grew = int(subprocess.run(command, cwd=django_settings.BASE_DIR, check=True, capture_output=True).stdout)
    assert least_kb < grew < most_kb
