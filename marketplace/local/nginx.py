"""Answers for an nginx with the rules of deploy/nginx.conf on this machine's ports and paths: for tests, benchmarks."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .home import ROOT
from .ports import free_port

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
# What a production host has and we have not: TLS, IPv6, the names of the other containers. Each must stand in the file.
_LEFT_OUT = (
    "listen [::]:443 ssl;",
    "listen [::]:80;",
    "http2 on;",
    "ssl_certificate /etc/nginx/certificates/fullchain.pem;",
    "ssl_certificate_key /etc/nginx/certificates/privkey.pem;",
    "ssl_protocols TLSv1.2 TLSv1.3;",
    "ssl_session_cache shared:tls:10m;",
    "ssl_session_timeout 1d;",
)


def find_nginx() -> str | None:
    # Debian keeps it where only root's PATH looks.
    return os.environ.get("KEZHAN_NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def rendered(folder: Path, port: int, web: str, films: Path, changes: Mapping[str, str]) -> str:
    """deploy/nginx.conf for one machine. Raises ValueError when something that it replaces is not there any more."""
    text = CONFIGURATION.read_text()
    here = {
        "server_tokens off;": f"server_tokens off; {_temporary(folder)}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "server web:8000;": f"server {web};",
        "http://s3:8333/": "http://127.0.0.1:1/",
        "/srv/kezhan/video/": f"{films}/",
        "pid /tmp/nginx.pid;": f"pid {folder}/nginx.pid;",
        "proxy_cache_path /tmp/": f"proxy_cache_path {folder}/",
        "access_log /dev/stdout json;": f"access_log {folder}/access.log json;",
        "error_log stderr warn;": f"error_log {folder}/error.log warn;",
    }
    for old, new in {**changes, **here, **dict.fromkeys(_LEFT_OUT, "")}.items():
        if old not in text:
            raise ValueError(f"deploy/nginx.conf has no {old!r} any more")
        text = text.replace(old, new)
    return f"daemon off;\n{_account()}{text}"


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def _account() -> str:
    """Root's workers would step down to an account that may not read a test's folders."""
    return "user root;\n" if os.geteuid() == 0 else ""


@contextmanager
def running(folder: Path, web: str, films: Path, changes: Mapping[str, str] | None = None) -> Iterator[str]:
    """nginx before `web` (host:port) with the folder `films` (VIDEO_ROOT); yields its address, without a slash."""
    program, port = find_nginx(), free_port()
    if program is None:
        raise FileNotFoundError("no nginx; apt-get install nginx-light, or name one in KEZHAN_NGINX")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(rendered(folder, port, web, films, changes or {}))
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(file)], stderr=said
        )
        try:
            _wait(process, folder)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"nginx did not start: {(folder / 'said.log').read_text()}")
        if (folder / "nginx.pid").exists():
            return
        time.sleep(0.05)
    raise RuntimeError("nginx did not start within 10 s")
