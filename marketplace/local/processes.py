"""Answers for the processes of a local installation: started in groups of their own, watched, restarted, ended whole.

One thread on purpose: the kernel's "die with your parent" counts the thread that started the child.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .home import ROOT, LocalError, say
from .privileges import die_with_parent

TICK = 0.1
# More deaths than this within a minute and the process is given up: it will not get better by itself.
DEATHS_A_MINUTE = 5


@dataclass
class Process:
    """A program that shall be running, with its log in `<folder>/<name>.log`."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    ask_to_end: int = signal.SIGTERM
    patience: float = 5.0

    running: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        def prepare() -> None:
            self.prepare()
            # After the account has changed: the kernel forgets the wish at every change of rights.
            die_with_parent(self.ask_to_end)

        self.folder.mkdir(parents=True, exist_ok=True)
        if self.running is None and self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [str(part) for part in self.command],
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=prepare,
            )

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def ask(self) -> None:
        if self.is_alive():
            assert self.running is not None
            self.running.send_signal(self.ask_to_end)

    def sweep(self) -> None:
        """Kills what is left of the group, children that outlived their parent included."""
        if self.running is not None:
            try:
                os.killpg(self.running.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self.running.wait()

    def last_words(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def revive(self) -> None:
        """Starts again what died unasked; a program that keeps dying is a LocalError with its last words."""
        assert self.running is not None
        code = self.running.returncode
        self.sweep()
        now = time.monotonic()
        self.deaths = [moment for moment in self.deaths if now - moment < 60] + [now]
        if len(self.deaths) > DEATHS_A_MINUTE:
            raise LocalError(f"{self.name} keeps dying. The end of {self.log}:\n{self.last_words()}")
        say(f"{self.name} ended ({describe(code)}); starting it again.")
        time.sleep(0.5 * (len(self.deaths) - 1))
        self.start()


def describe(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def foreground(
    command: Sequence[str], env: Mapping[str, str], stop: Callable[[], bool], out: IO[str] | None = None
) -> int:
    """Runs a command whose words the person sees, or finds in `out`; returns its exit code.

    A wish to stop reaches it as Ctrl-C would.
    """
    error = None if out is None else subprocess.STDOUT
    child = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=error, preexec_fn=die_with_parent
    )
    asked = None
    while child.poll() is None:
        if stop() and asked is None:
            asked = time.monotonic()
            child.send_signal(signal.SIGINT)
        elif asked is not None and time.monotonic() - asked > 10:
            child.kill()
        time.sleep(TICK)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def end_all(processes: Sequence[Process], hurry: Callable[[], bool] = lambda: False) -> None:
    """Asks all at once, waits as long as each may take (not at all when in a hurry), then kills the rest."""
    asked = time.monotonic()
    for process in processes:
        process.ask()
    for process in processes:
        while process.is_alive() and time.monotonic() - asked < process.patience and not hurry():
            time.sleep(TICK)
        process.sweep()


def wait_until(ready: Callable[[], bool], process: Process, seconds: float, stop: Callable[[], bool]) -> None:
    """Returns when it is ready or when `stop` says so; a death or the limit is a LocalError with the log's end."""
    limit = time.monotonic() + seconds
    while not stop():
        if ready():
            return
        if not process.is_alive():
            raise LocalError(f"{process.name} did not start. The end of {process.log}:\n{process.last_words()}")
        if time.monotonic() > limit:
            raise LocalError(
                f"{process.name} is not ready after {seconds:.0f} s. The end of its log:\n{process.last_words()}"
            )
        time.sleep(TICK)
