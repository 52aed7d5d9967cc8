"""Answers for the commands of manage.py that a start runs one after another, each with a line for the person."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .guard import Stop
from .home import ROOT, LocalError, say
from .processes import TICK, Process, end_all


def manage(*arguments: str) -> list[str | Path]:
    return [sys.executable, ROOT / "manage.py", *arguments]


def chore(title: str, arguments: list[str], logs: Path, env: Mapping[str, str], stop: Stop) -> None:
    """Runs manage.py with the arguments to its end, or ends it when the person stops the run."""
    print(f"{title} ", end="", flush=True)
    began = time.monotonic()
    process = Process(arguments[0], manage(*arguments), logs, env)
    process.start()
    assert process.running is not None
    while process.running.poll() is None and not stop():
        time.sleep(TICK)
    if stop():
        end_all([process])
        say("stopped.")
    elif code := process.running.returncode:
        say("failed.")
        raise LocalError(f"manage.py {' '.join(arguments)} ended with {code}:\n{process.last_words(30)}")
    else:
        say(f" done in {time.monotonic() - began:.0f} s")


def ask(arguments: list[str], env: Mapping[str, str]) -> str:
    """What manage.py prints for the arguments; a failure is a LocalError with its words."""
    done = subprocess.run(
        manage(*arguments), cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LocalError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
