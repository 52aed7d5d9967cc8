"""Tries every mutant in a copy of the source: its test passes without it and fails with it, or the mutant lives."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants import catalogue
from tests.mutants.mutant import SQL, Mutant

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns("var", "node_modules", ".git", "__pycache__", ".*_cache")
FAILED = 1  # pytest's own code for "tests ran, and some failed"


def main(names: list[str]) -> int:
    chosen = [mutant for mutant in catalogue.MUTANTS if not names or mutant.name in names]
    killers = sorted({mutant.killer for mutant in chosen})
    with tempfile.TemporaryDirectory(prefix="kezhan-mutants-") as folder:
        whole = _copy(Path(folder) / "whole")
        code, said = _try(whole, killers, {})
        if code:
            _say(f"These tests must pass before any mutant is tried:\n{said}")
            return 1
        _say(f"{'mutant':<34} {'killed by':<78} {'seconds':>7}  result")
        lives = [mutant.name for mutant in chosen if not _is_killed(mutant, Path(folder))]
    _say(f"{len(chosen) - len(lives)} of {len(chosen)} mutants were killed.")
    return 1 if lives else 0


def _is_killed(mutant: Mutant, folder: Path) -> bool:
    copy, began = _copy(folder / "mutant"), time.monotonic()
    mutant.spoil(copy)
    code, said = _try(copy, [mutant.killer], {SQL: mutant.sql} if mutant.sql else {})
    shutil.rmtree(copy)
    result = {FAILED: "killed", 0: "LIVES"}.get(code, f"BROKEN ({code})")
    _say(f"{mutant.name:<34} {_short(mutant.killer):<78} {time.monotonic() - began:>7.1f}  {result}")
    if code not in (0, FAILED):
        _say(said[-2000:])
    return code == FAILED


def _short(test: str) -> str:
    return test.removeprefix("tests/payments/")[:78]


def _copy(to: Path) -> Path:
    shutil.copytree(ROOT, to, ignore=LEFT_OUT)
    (to / "var").symlink_to(ROOT / "var")
    return to


def _try(root: Path, tests: list[str], env: dict[str, str]) -> tuple[int, str]:
    """pytest's exit code and words. The database is made anew each time, since a mutant may have spoiled it."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--create-db", *tests]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, **env}, capture_output=True, text=True, timeout=600, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked = argparse.ArgumentParser("bin/mutants", description="Which named test finds each planted fault.")
    asked.add_argument("name", nargs="*", help=", ".join(one.name for one in catalogue.MUTANTS))
    names = asked.parse_args().name
    if unknown := set(names) - {one.name for one in catalogue.MUTANTS}:
        asked.error(f"There is no mutant named {unknown.pop()!r}. --help names them.")
    sys.exit(main(names))
