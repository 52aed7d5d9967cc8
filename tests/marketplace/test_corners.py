"""Tests that run side by side do not meet: each xdist worker has its own number of Valkey and its own folders."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
SHOW = "from tests import settings; print(settings.REDIS_URL, settings.KEZHAN_HOME)"


def corner_of(worker: str, inherited: dict[str, str]) -> tuple[str, str]:
    """(Valkey's number, folder) of a process with this environment."""
    env = {**os.environ, **inherited, "PYTEST_XDIST_WORKER": worker}
    shown = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    address, folder = shown.stdout.split()
    return urlsplit(address).path, folder


def test_workers_do_not_share_a_corner_with_each_other_or_with_who_started_them(tmp_path):
    started = {"KEZHAN_TEST_CORNER": "main", "KEZHAN_TEST_FOLDER": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1/0"}
    first, second = corner_of("gw0", started), corner_of("gw1", started)
    assert (first[0], second[0]) == ("/0", "/1")
    assert first[1] != second[1]


def test_a_process_that_a_test_starts_stays_in_its_corner(tmp_path):
    inside = {"KEZHAN_TEST_CORNER": "gw1", "KEZHAN_HOME": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1/7"}
    assert corner_of("gw1", inside) == ("/7", str(tmp_path))
