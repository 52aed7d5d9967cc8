"""Answers for leaving nothing behind: whatever ends a run, every process that it started ends too.

Two processes stand above all others. The outer one (the pid the person sees) only waits and passes signals on. The
inner one does the work. Both adopt orphans below them and kill what is left at their end. If the outer one is killed
outright, the kernel asks the inner one to end; if the inner one is, the outer one clears up. If both are, the kernel
still ends the inner one's own children.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType

import psutil

from .home import LocalError, fail
from .privileges import adopt_orphans, die_with_parent

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 5.0


class Stop:
    """Counts the requests to end; a second one means now."""

    def __init__(self) -> None:
        self.asked = 0
        for number in SIGNALS:
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def __call__(self) -> bool:
        return self.asked > 0

    def hurry(self) -> bool:
        return self.asked > 1


def guarded(run: Callable[[Stop], int]) -> int:
    """Runs `run` in the inner process and returns its exit code, with no descendant alive."""
    adopt_orphans()
    outer = os.getpid()
    inner = os.fork()
    if inner == 0:
        # Out of the terminal's foreground group: Ctrl-C reaches it once, passed on by the outer process.
        os.setpgid(0, 0)
        die_with_parent(signal.SIGTERM)
        os._exit(_inner(run) if os.getppid() == outer else 1)

    def pass_on(number: int, frame: FrameType | None) -> None:
        try:
            os.kill(inner, number)
        except ProcessLookupError:
            pass

    for number in SIGNALS:
        signal.signal(number, pass_on)
    code = _wait_for(inner)
    _clear_up(grace=0.0 if code >= 0 else GRACE)
    return code if code >= 0 else 128 - code


def _inner(run: Callable[[Stop], int]) -> int:
    adopt_orphans()
    try:
        return run(Stop())
    except LocalError as error:
        return fail(error)
    except BaseException:  # the process's outer door: os._exit would swallow it
        traceback.print_exc()
        return 1
    finally:
        _clear_up(grace=0.0)
        sys.stdout.flush()
        sys.stderr.flush()


def _wait_for(inner: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == inner:
            return os.waitstatus_to_exitcode(status)


def _clear_up(grace: float) -> None:
    """Gives adopted descendants their time, then kills them."""
    limit = time.monotonic() + grace
    while left := psutil.Process().children(recursive=True):
        if time.monotonic() >= limit:
            for process in left:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.05)
