"""What a child process does between fork and exec."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
try:
    NOBODY = pwd.getpwnam("nobody")[2:4]
except KeyError:
    NOBODY = (65534, 65534)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Nothing we started may outlive a `kill -9` of us. Only Linux can."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))


def look_like_nobody() -> None:
    """PostgreSQL refuses root. In a user namespace root looks like nobody, and so do root's files:
    nothing changes hands, and a folder only root may enter will do."""
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    uid, gid = NOBODY
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1")
    Path("/proc/self/setgroups").write_text("deny")  # or else gid_map may not be written
    Path("/proc/self/gid_map").write_text(f"{gid} 0 1")


def is_root() -> bool:
    return os.geteuid() == 0


@cache
def namespaces_work() -> bool:
    """Some containers refuse them."""
    if sys.platform != "linux":
        return False
    try:
        probe = [sys.executable, "-c", ""]
        return subprocess.run(probe, preexec_fn=look_like_nobody).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
