"""The first steps of a fenced program, in its own process: give up rights one by one, then become that program.

Run as `python -I -S launcher.py CELL COMMAND…`; standard library only. What the kernel does not offer is left out: the
whitelists and limits of the caller still stand.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEWUTS, _NEWIPC, _NEWUSER, _NEWNET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_SYSTEM_ROOMS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"),
    *("/sys/devices/system/cpu", "/proc/self"),
)


def main() -> None:
    cell, command = json.loads(sys.argv[1]), sys.argv[2:]
    os.nice(cell["nice"])
    network = _leave_namespaces(cell)
    _limit(cell)
    rights = _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    files = _see_only(cell)
    if cell.get("only_says"):
        sys.stdout.write(json.dumps({"network": network, "rights": rights, "files": files}))
        return
    # Last, because a change of rights clears it. Then look: the parent may have died before it was set.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != cell["parent"]:
        os._exit(70)
    os.execv(command[0], command)


def _leave_namespaces(cell: dict[str, Any]) -> bool:
    """No network, no shared memory of others; root's powers end here, since a new user namespace has none outside.

    False where the kernel gives none.
    """
    reachable = all(map(_needs_no_powers, (cell["folder"], *cell["readable"])))
    cell["own_user_space"] = reachable and _libc.unshare(_NEWUSER | _NEWNET | _NEWIPC | _NEWUTS) == 0
    return cell["own_user_space"] or _libc.unshare(_NEWNET | _NEWIPC | _NEWUTS) == 0


def _needs_no_powers(path: str) -> bool:
    """Whether the way to `path` is open to us as an owner or to everybody, not only to root's power to go anywhere."""
    try:
        way = [os.stat(room) for room in (path, *_above(path))]
    except OSError:
        return True  # what is not there cannot be in the way
    return os.getuid() != 0 or all(room.st_uid == 0 or room.st_mode & 0o001 for room in way)


def _above(path: str) -> list[str]:
    parts = os.path.realpath(path).split("/")
    return ["/".join(parts[:end]) or "/" for end in range(1, len(parts))]


def _limit(cell: dict[str, Any]) -> None:
    def at_most(which: int, value: int) -> None:
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))

    at_most(resource.RLIMIT_CORE, 0)
    at_most(resource.RLIMIT_AS, cell["memory"])
    at_most(resource.RLIMIT_CPU, cell["cpu_s"])
    at_most(resource.RLIMIT_FSIZE, cell["file_bytes"])
    at_most(resource.RLIMIT_NOFILE, 256)
    # Counted for a whole user: only in a user namespace of one's own does it count this program alone.
    if cell["own_user_space"]:
        at_most(resource.RLIMIT_NPROC, 1024)


def _see_only(cell: dict[str, Any]) -> bool:
    """Landlock: the private folder to read and write, the program's own rooms to read, nothing else. False without."""
    abi = _libc.syscall(_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        return False
    every = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    attributes = struct.pack("QQQ", every, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    length = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = _libc.syscall(_CREATE_RULESET, attributes, length, 0)
    if rules < 0:
        return False
    # Everything in the folder but programs: what a film makes a decoder write there must never run.
    _allow(rules, cell["folder"], every & ~_EXECUTE)
    for room in (*cell["readable"], *_SYSTEM_ROOMS):
        _allow(rules, room, _READ)
    for device in ("/dev/null", "/dev/urandom", "/dev/random", "/dev/zero"):
        _allow(rules, device, _READ_FILE | _WRITE_FILE)
    if _libc.syscall(_RESTRICT_SELF, rules, 0) != 0:
        os._exit(71)
    os.close(rules)
    return True


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE
    _libc.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    os.close(place)


main()
