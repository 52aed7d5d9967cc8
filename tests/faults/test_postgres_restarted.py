"""P1: PostgreSQL is restarted while one film is being sent and another is being encoded. Both are ready afterwards.

On a server of this test's own, which keeps its promises: what was acknowledged is still there after it was killed.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests
from django.conf import settings as django_settings

from marketplace.local.ports import free_port
from marketplace.local.postgres import PROGRAMS, Postgres
from tests.faults.test_transcoding_killed import wait_for
from tests.videos.films import make_film
from tests.workers import database_address

pytestmark = pytest.mark.django_db(transaction=True)
PART_KB = 64
_BEGIN = """
from pathlib import Path
from accounts.models import ApiToken
from tests import cast
from tests.videos.films import upload_of
ada = cast.ada()
print(ApiToken.objects.issue(ada, "sender"), upload_of(ada, Path(sys.argv[1]).read_bytes()).video_id)
"""
_WORK = """
from videos.tasks import transcode_video
transcode_video(sys.argv[1])
"""
_FINISH = """
import json
from videos.models import Video
from videos.tasks import transcode_video
Video.objects.filter(finished_at=None).update(lease_until=None, due_at="2020-01-01T00:00:00Z")
for film in sys.argv[1:]:
    transcode_video(film)
rows = Video.objects.values_list("state", "attempts", "output", "asset", "failure_code")
print(json.dumps({str(pk): [str(one) for one in rows.get(pk=pk)] for pk in sys.argv[1:]}))
"""


class House:
    """A Postgres with the test database's tables, a shelf of films, and processes that use both."""

    def __init__(self, folder: Path) -> None:
        (folder / "log").mkdir()
        self.postgres = Postgres(folder / "own", folder / "log", "secret", durable=True)
        self.films, self.port = folder / "video", free_port()
        self.web: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.postgres.start()
        wait_for(self.postgres.is_ready)

    def furnish(self) -> None:
        self.postgres.ensure_database()
        command = [PROGRAMS / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", database_address()]
        tables = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        self.sql("\n".join(line for line in tables.splitlines() if not line.startswith("\\")))

    def sql(self, statements: str) -> None:
        with psycopg2.connect(self.postgres.url) as line, line.cursor() as cursor:
            cursor.execute(statements)
        line.close()

    def restart(self, how: signal.Signals) -> None:
        assert self.postgres.process.running
        self.postgres.process.running.send_signal(how)
        self.postgres.process.running.wait(20)
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        more = {"DATABASE_URL": self.postgres.url, "KEZHAN_VIDEO_ROOT": str(self.films)}
        return {**os.environ, **more, "KEZHAN_UPLOAD_PART_KB": str(PART_KB), "KEZHAN_DEBUG": "0"}

    def python(self, code: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}", *arguments]
        process = subprocess.Popen(
            command, env=self.environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.workers.append(process)
        return process

    def answer(self, code: str, *arguments: str) -> str:
        process = self.python(code, *arguments)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()[-2000:]
        return out.decode().strip()

    def open_shop(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "marketplace.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "1", "--threads", "2", "--log-level", "error"]
        self.web = subprocess.Popen(command, env=self.environment, cwd=django_settings.BASE_DIR)

    def ask(self, method: str, path: str, token: str, **more: Any) -> requests.Response:
        """As a sender asks who does not give up: again after every refused line and every 5xx, for half a minute."""
        address = path if path.startswith("http") else f"http://127.0.0.1:{self.port}{path}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        until = time.monotonic() + 30
        while True:
            try:
                answer = requests.request(method, address, headers=headers, timeout=10, **more)
                if answer.status_code < 500 or time.monotonic() > until:
                    return answer
            except (requests.ConnectionError, requests.Timeout):
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)

    def close(self) -> None:
        for process in [*self.workers, *([self.web] if self.web else [])]:
            process.kill()
            process.wait()
        self.postgres.process.sweep()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    # The server may run as another account, which must be able to get to its folder.
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    house = House(tmp_path)
    try:
        house.start()
        house.furnish()
        house.open_shop()
        yield house
    finally:
        house.close()


def send(house: House, token: str, content: bytes, *, after_part: Callable[[int], None]) -> requests.Response:
    """`content` in parts, each acknowledged before the next; the answer to "all parts are sent"."""
    asked = {"name": "sent.mp4", "size": len(content), "type": "video/mp4"}
    upload = house.ask("POST", "/api/v1/uploads/", token, json=asked).json()
    told = []
    for number in range(1, upload["parts_count"] + 1):
        part = content[(number - 1) * upload["part_size"] : number * upload["part_size"]]
        signed = house.ask("POST", f"/api/v1/uploads/{upload['id']}/parts/{number}/sign/", token, json={}).json()
        answer = house.ask("PUT", signed["url"], "", data=part)
        assert answer.status_code == 200, answer.text
        told.append({"number": number, "etag": answer.headers["ETag"].strip('"')})
        after_part(number)
    return house.ask("POST", f"/api/v1/uploads/{upload['id']}/complete/", token, json={"parts": told})


def _restart_after(house: House, part: int, how: signal.Signals) -> Callable[[int], None]:
    return lambda number: house.restart(how) if number == part else None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_films_that_are_sent_and_encoded_meanwhile_are_ready_afterwards(
    house: House, tmp_path: Path, how: signal.Signals
) -> None:
    encoded = make_film(tmp_path / "a.mp4", seconds=5, size=(640, 360), fps="30")
    sent = make_film(tmp_path / "b.mp4", seconds=2).read_bytes()
    token, first = house.answer(_BEGIN, str(encoded)).split()
    worker = house.python(_WORK, first)
    wait_for(lambda: bool(list((house.films / "jobs").glob("*/out/v*/s00000.m4s"))))
    answer = send(house, token, sent, after_part=_restart_after(house, 2, how))
    assert answer.status_code == 200, answer.text
    second = answer.json()["id"]
    worker.wait(60)
    told = json.loads(house.answer(_FINISH, first, second))
    for state, attempts, output, asset, failure in told.values():
        assert (state, failure) == ("ready", "")
        assert int(attempts) <= 2
        assert [folder.name for folder in (house.films / "films" / asset).iterdir()] == [output]
    original = (house.films / "originals" / second / "in.bin").read_bytes()
    assert hashlib.sha256(original).digest() == hashlib.sha256(sent).digest()


def test_parts_that_only_memory_knew_of_would_be_missing_after_a_restart(house: House, tmp_path: Path) -> None:
    """The negative control: the same sender, and rows that PostgreSQL does not keep over its own death."""
    house.sql("ALTER TABLE videos_uploadpart SET UNLOGGED")
    sent = make_film(tmp_path / "b.mp4", seconds=2)
    token, _other = house.answer(_BEGIN, str(sent)).split()
    answer = send(house, token, sent.read_bytes(), after_part=_restart_after(house, 2, signal.SIGQUIT))
    assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")
    assert answer.json()["missing"] == [1, 2]
