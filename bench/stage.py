"""Servers of a benchmark's own: a Postgres that keeps its promises (fsync on) and a Valkey, empty, gone afterwards; or
in a folder that is kept, where the next run finds the same rows and an empty Valkey.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


@contextmanager
def own_servers(kept: Path | None = None) -> Iterator[None]:
    """Django, set up over a migrated database that nobody else uses. In the environment, and so for children too."""
    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder = kept or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o711)  # the servers may run as another account
        with _servers_in(folder):
            yield


@contextmanager
def _servers_in(folder: Path) -> Iterator[None]:
    from marketplace.local import home
    from marketplace.local.servers import Servers

    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    shutil.rmtree(folder / "valkey", ignore_errors=True)
    with home.claim(folder, "another benchmark"):
        servers = Servers(folder, home.local_secrets(folder), durable=True)
        try:
            servers.start(lambda: False)
            defaults = {"KEZHAN_SECRET_KEY": secrets.token_urlsafe(48), "ALLOW_SANDBOX": "1"}
            quiet = {"KEZHAN_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
            # All that is asked comes from one address.
            unbound = {"KEZHAN_SEARCHES_A_SECOND": "0"}
            os.environ.update({**defaults, **servers.env, **quiet, **unbound})
            set_up()
            yield
        finally:
            servers.end()


def set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
