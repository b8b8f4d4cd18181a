"""A disk of our own that can be filled: a small tmpfs where root may mount one, else a limit on files."""

import resource
import shutil
import subprocess
from pathlib import Path

from harmreduction.engines import child
from harmreduction.engines.supervisor import Running

SIZE_MIB = 700
CLONE_NEWNS = 0x20000
CHUNK = 1 << 20


class Tmpfs:
    """Mounted for this process and its children alone: it is gone with them."""

    name = f"a tmpfs of {SIZE_MIB} MiB under everything that is stored"

    def __init__(self, folder: Path):
        self.folder = folder
        self.ballast = folder / "ballast"

    @classmethod
    def mounted(cls, folder: Path) -> "Tmpfs | None":
        if not child.is_root() or not child.namespaces_work() or child.LIBC.unshare(CLONE_NEWNS):
            return None
        for command in (
            ["mount", "--make-rprivate", "/"],
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=0700", "chaos", str(folder)],
        ):
            if subprocess.run(command, capture_output=True).returncode:
                return None
        return cls(folder)

    def fill(self, _server: Running) -> None:
        with self.ballast.open("ab", buffering=0) as file:
            try:
                while file.write(bytes(CHUNK)):
                    pass
            except OSError:
                return

    def free(self, _server: Running) -> None:
        self.ballast.unlink()

    def is_full(self, _server: Running) -> bool:
        return shutil.disk_usage(self.folder).free < CHUNK


class SizeLimit:
    """Files of PostgreSQL cannot grow: what the server writes past the limit fails as on a full disk."""

    name = "a limit of 64 KiB on the files that PostgreSQL writes (no tmpfs could be mounted)"
    LIMIT = 64 << 10

    def __init__(self):
        self.on = False

    def fill(self, server: Running) -> None:
        self.on = True
        before = server.program.in_child

        def limited() -> None:
            before()
            if self.on:
                resource.setrlimit(resource.RLIMIT_FSIZE, (self.LIMIT, resource.RLIM_INFINITY))

        server.program.in_child = limited
        self._tell(server, self.LIMIT)

    def free(self, server: Running) -> None:
        self.on = False
        self._tell(server, resource.RLIM_INFINITY)

    def _tell(self, server: Running, limit: int) -> None:
        for pid in family(server.process.pid):
            try:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            except ProcessLookupError:
                continue

    def is_full(self, server: Running) -> bool:
        return resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[0] == self.LIMIT


def family(pid: int) -> list[int]:
    """A process and all that it started, oldest first."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = [pid] if pid in parents else []
    for one in found:
        found += sorted(pid for pid, parent in parents.items() if parent == one)
    return found
