"""The real web server beside a test, as deploy/ starts it, on the test's own database and corner of Valkey."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from marketplace.local.ports import free_port
from tests import workers

STARTS_WITHIN_S = 60


@contextmanager
def serving(log: Path, **more: str) -> Iterator[str]:
    """gunicorn with the product's own settings, until the block ends; gives the site's address.

    `more`: what its environment has besides.
    """
    address = f"127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "DATABASE_URL": workers.database_address(),
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "KEZHAN_BASE_URL": f"http://{address}",
        "KEZHAN_LOG_LEVEL": "ERROR",
        **more,
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "-b", address, "marketplace.wsgi"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(f"http://{address}/healthz", process, log)
            yield f"http://{address}"
        finally:
            workers.end(process)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _look in range(STARTS_WITHIN_S * 10):
        assert process.poll() is None, f"it ended at once: {log.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()[-2000:]}")
