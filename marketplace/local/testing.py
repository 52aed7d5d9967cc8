"""Answers for bin/test: its own servers, Chromium and nginx where they can be had, Vitest, pytest at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .frontend import node_env
from .guard import Stop, guarded
from .home import ROOT, claim, home, local_secrets, say
from .nginx import find_nginx
from .processes import foreground
from .servers import Servers
from .template import ensure_template

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find_chromium() -> str | None:
    named = os.environ.get("KEZHAN_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def ensure_chromium(log: Path) -> str | None:
    """The browser's path; installed from the system's packages where apt-get is there and we may."""
    return find_chromium() or (find_chromium() if _install("Chromium and Chinese fonts", PACKAGES, log) else None)


def ensure_nginx(log: Path) -> str | None:
    """The server's path; installed like Chromium. It is started by tests only, as nobody's service."""
    return find_nginx() or (find_nginx() if _install("nginx", ("nginx-light",), log) else None)


def _install(what: str, packages: Iterable[str], log: Path) -> bool:
    if not (prefix := _package_rights()):
        return False
    say(f"Installing {what} from the system's packages (once) …")
    command = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    # Nothing that comes with a package may start a service of its own (RUNLEVEL is what invoke-rc.d looks at).
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with log.open("ab") as out:
        for attempt in (["true"], [*prefix, "apt-get", "update", "-q"]):
            subprocess.run(attempt, stdout=out, stderr=out, env=env, check=False)
            if subprocess.run(command, stdout=out, stderr=out, env=env, check=False).returncode == 0:
                return True
    return False


def _package_rights() -> list[str] | None:
    """How apt-get may be called (`env` changes nothing), or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env"]
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def split(arguments: Iterable[str]) -> tuple[list[str] | None, list[str] | None]:
    """(for Vitest, for pytest); None where that half is not wanted. Options alone go to pytest with all tests."""
    arguments = list(arguments)
    paths = [word for word in arguments if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()]
    front = [word for word in paths if word.startswith("frontend") or word.endswith(".ts")]
    if not paths:
        return (None if arguments else []), arguments
    back = [word for word in arguments if word not in front]
    return (front or None), (back if len(front) < len(paths) else None)


def run(stop: Stop) -> int:
    front, back = split(sys.argv[1:])
    code = foreground(["npm", "test", "--", *front], node_env(), stop) if front is not None else 0
    if back is None or stop():
        return code
    folder = home() / "test"
    lock = claim(folder, "bin/test")
    servers = Servers(folder, local_secrets(folder), durable=False)
    try:
        servers.start(stop)
        if stop():
            return 130
        command = [sys.executable, "-m", "pytest", *_workers(back), *back]
        env = servers.env | _template(servers.env, folder) | _browser(folder) | _nginx(folder)
        return foreground(command, env | _files(folder / "files"), stop) or code
    finally:
        servers.end()
        lock.close()


def _workers(arguments: list[str]) -> list[str]:
    """One more than there are cores: a quarter of the time a test waits, for a lock, a browser or another process. And
    who has no tests left takes some of another's, so that nobody ends alone.
    """
    if any(word.startswith("-n") for word in arguments):
        return []
    return ["-n", str(len(os.sched_getaffinity(0)) + 1), "--dist", "worksteal"]


def _template(env: dict[str, str], folder: Path) -> dict[str, str]:
    """Only in our own cluster: in somebody else's we leave nothing behind."""
    if "DATABASE_URL" not in env:
        return {}
    return {"KEZHAN_TEST_TEMPLATE": ensure_template(env, folder / "log" / "migrate.log")}


def _files(folder: Path) -> dict[str, str]:
    """Where the tests keep their files, without what a run before may have left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {"KEZHAN_TEST_FOLDER": str(folder)}


def _browser(folder: Path) -> dict[str, str]:
    if path := ensure_chromium(folder / "log" / "chromium.log"):
        return {"KEZHAN_CHROMIUM": path}
    say("#" * 100)
    say("# NO BROWSER: Chromium is not installed and cannot be installed from here. THE BROWSER TESTS ARE LEFT OUT.")
    say("# Install it (apt-get install chromium fonts-noto-cjk) or name one: KEZHAN_CHROMIUM=/path/to/chromium")
    say("#" * 100)
    return {}


def _nginx(folder: Path) -> dict[str, str]:
    if path := ensure_nginx(folder / "log" / "nginx.log"):
        return {"KEZHAN_NGINX": path}
    say("#" * 100)
    say("# NO NGINX: it cannot be installed from here. THE TESTS OF deploy/nginx.conf ARE LEFT OUT.")
    say("# Install it (apt-get install nginx-light) or name one: KEZHAN_NGINX=/path/to/nginx")
    say("#" * 100)
    return {}


if __name__ == "__main__":
    sys.exit(guarded(run))
