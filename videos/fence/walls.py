"""Which walls of the fence this machine's kernel does not put up. Without them films are still opened by whitelists,
inside limits of memory, time and size; but a decoder that was taken over would reach more.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_LAUNCHER = Path(__file__).with_name("launcher.py")
ANSWERS_WITHIN_S = 30
WALLS = {
    "network": "no network of its own (namespaces)",
    "files": "no other files (Landlock)",
    "rights": "no new rights (no_new_privs)",
}


def missing() -> list[str]:
    """Names of WALLS. Asks the launcher itself, in a process of its own that puts them up as for a film.

    One that does not answer, or not in such words, has put up none that anybody could count on.
    """
    with tempfile.TemporaryDirectory() as folder:
        cell = {
            "parent": os.getpid(), "folder": folder, "readable": [], "cpu_s": 10, "memory": 1 << 32,
            "file_bytes": 1 << 20, "nice": 0, "only_says": True,
        }  # fmt: skip
        command = [sys.executable, "-I", "-S", str(_LAUNCHER), json.dumps(cell)]
        stands = _answer(command, folder)
    return [name for name in WALLS if not stands.get(name)]


def _answer(command: list[str], folder: str) -> dict[str, Any]:
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, timeout=ANSWERS_WITHIN_S, check=True)
        said = json.loads(ended.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
