"""Answers for what a child process may do and when it must die: parents' death, dropped root, open paths.

Linux calls through ctypes; elsewhere only what POSIX has is done.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .home import LocalError

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT = 1, 28, 36, 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def _prctl(option: int, *arguments: int) -> None:
    assert _libc is not None
    if _libc.prctl(option, *(list(arguments) + [0] * (4 - len(arguments)))) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def die_with_parent(how: int = signal.SIGTERM) -> None:
    """Asks the kernel to signal this process when its parent dies, in whatever way."""
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, int(how))


def adopt_orphans() -> None:
    """Descendants whose parent dies become children of this process instead of process 1."""
    if LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)


def server_account() -> tuple[int, int] | None:
    """(uid, gid) that Postgres runs as when we are root, which it refuses to be; None when we are not root.

    `nobody` exists everywhere, so nothing has to be added to the machine's accounts.
    """
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def drop_root(uid: int, gid: int, capability: int | None = None) -> None:
    """Becomes the account for good; with a capability, that one right of root is kept through exec as well."""
    if capability is not None:
        # Or else access(2), by which Postgres looks for its own program, would not count the right.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        assert _libc is not None
        bits = 1 << capability
        data = (_Data * 2)(_Data(bits, bits, bits), _Data(0, 0, 0))
        if _libc.capset(ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), data) != 0:
            raise OSError(ctypes.get_errno(), "capset")
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def way_in(program: Path, folder: Path) -> Callable[[], None]:
    """The preparation with which the server program can be run in the folder, or a LocalError that says what to do.

    As root the server runs as `nobody`, who may not enter folders such as /root. Then it keeps the single right to
    walk through folders; where even that is not to be had (some containers), the person has to choose another folder.
    """
    account = server_account()
    if account is None:
        return lambda: None
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if LINUX else (None,):
        become = partial(drop_root, *account, capability)
        if _reaches(program, folder, become):
            return become
    raise LocalError(
        "Postgres does not run as root, and the account `nobody`, which it would run as, may not use\n"
        f"  {program}\n  {folder}\n"
        "Set KEZHAN_HOME to a folder that others may enter (KEZHAN_HOME=/srv/kezhan bin/dev), run as an ordinary "
        "user, or give DATABASE_URL."
    )


def _reaches(program: Path, folder: Path, become: Callable[[], None]) -> bool:
    """Tried in a throw-away child, since a dropped right does not come back. Postgres asks access(2) too."""
    child = os.fork()
    if child == 0:
        try:
            become()
            os._exit(0 if os.access(program, os.R_OK | os.X_OK) and os.access(folder, os.R_OK | os.X_OK) else 1)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
