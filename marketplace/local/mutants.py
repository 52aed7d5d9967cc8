"""Answers for bin/mutants: the servers of bin/test, with the trial of every mutant on them."""

from __future__ import annotations

import sys

from .guard import Stop, guarded
from .home import claim, home, local_secrets
from .processes import foreground
from .servers import Servers


def run(stop: Stop) -> int:
    folder = home() / "test"
    lock = claim(folder, "bin/test")
    servers = Servers(folder, local_secrets(folder), durable=False)
    try:
        servers.start(stop)
        return 130 if stop() else foreground([sys.executable, "-m", "tests.mutants", *sys.argv[1:]], servers.env, stop)
    finally:
        servers.end()
        lock.close()


if __name__ == "__main__":
    sys.exit(guarded(run))
