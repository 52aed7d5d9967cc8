"""Servers of a benchmark's own: a Postgres that keeps its promises (fsync on) and a Valkey, empty, gone afterwards."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


@contextmanager
def own_servers() -> Iterator[None]:
    """Django, set up over a migrated database that nobody else uses. In the environment, and so for children too."""
    from marketplace.local.servers import Servers

    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    words = {name: secrets.token_urlsafe(18) for name in ("POSTGRES_PASSWORD", "VALKEY_PASSWORD")}
    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as folder:
        os.chmod(folder, 0o711)  # the servers may run as another account
        servers = Servers(Path(folder), words, durable=True)
        try:
            servers.start(lambda: False)
            defaults = {"KEZHAN_SECRET_KEY": secrets.token_urlsafe(48), "ALLOW_SANDBOX": "1"}
            quiet = {"KEZHAN_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
            os.environ.update({**defaults, **servers.env, **quiet})
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
