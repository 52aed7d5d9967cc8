"""Answers for bin/check: every rule that holds without running a test. All are asked, the broken ones named."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .chores import manage
from .frontend import node_env
from .guard import Stop, guarded
from .home import home, say
from .processes import foreground

PROGRAMS = Path(sys.executable).parent

# What a production environment sets, with values that mean nothing: `check --deploy` must find nothing to say.
PRODUCTION = {
    "KEZHAN_DEBUG": "0",
    "KEZHAN_SECRET_KEY": "only-for-bin-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "KEZHAN_BASE_URL": "https://kezhan.example",
    "KEZHAN_ALLOWED_HOSTS": "kezhan.example",
    "KEZHAN_BEHIND_PROXY": "1",
    "STRIPE_SECRET_KEY": "sk_test_only_for_bin_check",
    "STRIPE_WEBHOOK_SECRET": "whsec_only_for_bin_check",
    # Nothing here talks to a server; makemigrations would warn that it did not.
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}


@dataclass
class Rule:
    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)


def rules(folder: Path) -> list[Rule]:
    django = [str(part) for part in manage()]
    module = [sys.executable, "-m"]
    production = PRODUCTION | {"KEZHAN_HOME": str(folder)}
    return [
        Rule("style (ruff check)", [str(PROGRAMS / "ruff"), "check", "--quiet", "."]),
        Rule("format (ruff format)", [str(PROGRAMS / "ruff"), "format", "--check", "--quiet", "."]),
        Rule("import rules (lint-imports)", [str(PROGRAMS / "lint-imports")], production),
        Rule("migrations match models", [*django, "makemigrations", "--check", "--dry-run"], production),
        Rule("production settings", [*django, "check", "--deploy", "--fail-level", "WARNING"], production),
        Rule("Chinese is complete (bin/translate)", [*module, "marketplace.local.translations", "--check"]),
        Rule("TypeScript types", ["npm", "run", "--silent", "types"], node_env()),
        Rule("Python types (mypy)", [str(PROGRAMS / "mypy"), "."], production),
    ]


def holds(rule: Rule, log: Path, stop: Stop) -> bool:
    """Runs the rule quietly; what it said is shown when it is broken."""
    began = time.monotonic()
    with log.open("w+") as out:
        code = foreground(rule.command, rule.env, stop, out)
        say(f"{'holds' if code == 0 else 'BROKEN':<7} {rule.name} ({time.monotonic() - began:.0f} s)")
        if code and not stop():
            out.seek(0)
            say(out.read())
    return code == 0


def run(stop: Stop) -> int:
    folder = home() / "check"
    folder.mkdir(parents=True, exist_ok=True)
    broken = [rule.name for rule in rules(folder) if not stop() and not holds(rule, folder / "output.txt", stop)]
    say(f"\nbin/check: {'broken: ' + ', '.join(broken) if broken else 'everything holds'}")
    return 1 if broken or stop() else 0


if __name__ == "__main__":
    sys.exit(guarded(run))
