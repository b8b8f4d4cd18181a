"""How much of the processors others took meanwhile: what is slow because of them is no fault of ours."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.disk import family

JIFFY = 1 / os.sysconf("SC_CLK_TCK")
IDLE, WAITING = 3, 4  # columns of /proc/stat


def busy_s() -> float:
    """Seconds that all processors together have worked since the machine started; 0 where nobody tells."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0
    columns = [int(word) for word in stat.read_text().split("\n")[0].split()[1:9]]
    return JIFFY * (sum(columns) - columns[IDLE] - columns[WAITING])


def ours() -> dict[int, float]:
    """Process → seconds that it has worked, of this one and of what it started."""
    spent = {}
    for pid in family(os.getpid()):
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        spent[pid] = JIFFY * sum(map(int, words[11:13]))
    return spent


@dataclass
class Watch:
    """Started at once. `seconds`, and what would be left of them had nobody else used the processors."""

    begun: float = field(default_factory=time.monotonic)
    busy: float = field(default_factory=busy_s)
    ours: dict[int, float] = field(default_factory=ours)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def alone(self) -> float:
        seconds = self.seconds
        used = sum(spent - self.ours.get(pid, 0) for pid, spent in ours().items())
        others = max(0.0, busy_s() - self.busy - used)
        return max(0.0, seconds - others / (os.cpu_count() or 1))
