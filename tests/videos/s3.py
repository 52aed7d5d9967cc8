"""A real S3 server beside the tests, on this machine alone, with an empty bucket for each test that asks for it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

KEYS = {"AWS_ACCESS_KEY_ID": "kezhan", "AWS_SECRET_ACCESS_KEY": "only-for-tests"}
READY_S = 60


class S3:
    """The running server: its address, and a client for what a test wants to see with its own eyes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, _free_ports(4)
        self.url = f"http://127.0.0.1:{self.ports[3]}"
        self.client = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            config=Config(signature_version="s3v4", retries={"max_attempts": 0}, connect_timeout=2, read_timeout=10),
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.more: list[str] = []

    def start(self) -> None:
        config = self.folder / "s3.json"
        login = {"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}
        actions = ["Read", "Write", "List", "Tagging", "Admin"]
        config.write_text(json.dumps({"identities": [{"name": "k", "credentials": [login], "actions": actions}]}))
        master, volume, filer, s3 = self.ports
        command = [_weed(), "server", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
        command += [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"]
        command += [f"-s3.config={config}", "-volume.max=1000", "-master.volumeSizeLimitMB=64", "-s3.iam=false"]
        # These listen at fixed ports unless told not to, and a second server beside this one could not start.
        command += ["-s3.port.iceberg=0", "-s3.port.lance=0", *self.more]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_S
        while True:
            try:
                self.client.create_bucket(Bucket="ready")
                self.client.put_object(Bucket="ready", Key="ready", Body=b"ready")
                return
            except (BotoCoreError, ClientError):
                if time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()[-3000:]) from None
                time.sleep(0.3)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def _weed() -> str:
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.is_file() else shutil.which("weed") or "weed"


def _free_ports(count: int) -> list[int]:
    # Its gRPC ports lie 10,000 higher and must stay below those that the kernel gives away by itself (32,768).
    first = 15_000 + os.getpid() % 600 * 10
    with ExitStack() as held:
        found: list[int] = []
        for port in range(first, 22_000):
            sockets = [socket.socket(), socket.socket()]
            try:
                for one, at in zip(sockets, (port, port + 10_000), strict=True):
                    held.enter_context(one)
                    one.bind(("127.0.0.1", at))
                found.append(port)
            except OSError:
                continue
            if len(found) == count:
                return found
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    server = S3(tmp_path_factory.mktemp("s3"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def s3(s3_server: S3, settings: Any, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The server with a new bucket, to which uploads of this test go."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    settings.VIDEO_BUCKET = f"films-{uuid.uuid4().hex[:12]}"
    settings.S3_ENDPOINT_URL = s3_server.url
    s3_server.client.create_bucket(Bucket=settings.VIDEO_BUCKET)
    return s3_server
