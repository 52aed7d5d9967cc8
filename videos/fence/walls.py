"""Which walls of the fence this machine's kernel does not put up. Without them films are still opened by whitelists,
inside limits of memory, time and size; but a decoder that was taken over would reach more.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launcher.py")
WALLS = {
    "network": "no network of its own (namespaces)",
    "files": "no other files (Landlock)",
    "rights": "no new rights (no_new_privs)",
}


def missing() -> list[str]:
    """Names of WALLS. Asks the launcher itself, in a process of its own that puts them up as for a film."""
    with tempfile.TemporaryDirectory() as folder:
        cell = {
            "parent": os.getpid(), "folder": folder, "readable": [], "cpu_s": 10, "memory": 1 << 32,
            "file_bytes": 1 << 20, "nice": 0, "only_says": True,
        }  # fmt: skip
        command = [sys.executable, "-I", "-S", str(_LAUNCHER), json.dumps(cell)]
        ended = subprocess.run(command, cwd=folder, capture_output=True, timeout=30, check=False)
    stands = json.loads(ended.stdout) if ended.returncode == 0 else {}
    return [name for name in WALLS if not stands.get(name)]
