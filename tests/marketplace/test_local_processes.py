"""Whatever ends a run, every process that it started ends too. Real processes, real signals."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from marketplace.local.home import ROOT, LocalError
from marketplace.local.processes import Process, end_all, wait_until

# A program deaf to polite signals, with a child as deaf in a group of its own.
DEAF = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
CHILD = f"{DEAF}; time.sleep(60)"
STUBBORN = f"""{DEAF}
subprocess.Popen([sys.executable, "-c", {CHILD!r}], start_new_session=True)
print("up", flush=True)
time.sleep(60)
"""
RUN = f"""
import sys, time
from pathlib import Path
from marketplace.local.guard import guarded
from marketplace.local.processes import Process, end_all

def run(stop):
    process = Process("stubborn", [sys.executable, "-c", {STUBBORN!r}], Path(sys.argv[1]), patience=0.3)
    process.start()
    while not stop():
        time.sleep(0.05)
    end_all([process])
    return 0

sys.exit(guarded(run))
"""


def eventually(holds, seconds=15.0):
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture
def run(tmp_path):
    """A guarded run with its four processes up: outer, inner, child, grandchild."""
    outer = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT)
    eventually(lambda: len(psutil.Process(outer.pid).children(recursive=True)) == 3)
    eventually(lambda: "up" in (tmp_path / "stubborn.log").read_text())
    family = psutil.Process(outer.pid).children(recursive=True)
    yield outer, family
    for process in [*family, psutil.Process(outer.pid)] if outer.poll() is None else family:
        if process.is_running():
            process.kill()


def all_gone(family) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_polite_end_leaves_nothing_running(run, number):
    outer, family = run
    outer.send_signal(number)
    assert outer.wait(15) == 0
    assert all_gone(family)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word about a parent's death is Linux's")
def test_killing_the_process_that_the_person_sees_ends_the_rest(run):
    outer, family = run
    outer.kill()
    outer.wait()
    eventually(lambda: all_gone(family))


def test_killing_the_inner_process_ends_the_rest(run):
    outer, family = run
    os.kill(family[0].pid, signal.SIGKILL)
    assert outer.wait(20) == 128 + signal.SIGKILL
    assert all_gone(family)


def test_a_process_that_dies_unasked_is_started_again(tmp_path, capsys):
    process = Process("sleeper", ["sleep", "60"], tmp_path)
    process.start()
    os.kill(process.running.pid, signal.SIGKILL)
    process.running.wait()
    process.revive()
    assert process.is_alive()
    assert "sleeper ended (SIGKILL); starting it again." in capsys.readouterr().out
    end_all([process])
    assert not process.is_alive()


def test_a_start_that_fails_says_why(tmp_path):
    process = Process("broken", [sys.executable, "-c", "raise SystemExit('no such film')"], tmp_path)
    process.start()
    with pytest.raises(LocalError, match="no such film"):
        wait_until(lambda: False, process, 10, lambda: False)


def test_the_log_of_the_run_before_is_kept_aside(tmp_path):
    for word in ("first", "second"):
        process = Process("speaker", ["echo", word], tmp_path)
        process.start()
        process.running.wait()
    assert process.log.read_text() == "second\n"
    assert (tmp_path / "speaker.log.1").read_text() == "first\n"
