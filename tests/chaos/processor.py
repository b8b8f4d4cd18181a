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


def ours_s() -> float:
    """The same, of this process, of what it started and of what of that has ended."""
    spent = 0
    for pid in family(os.getpid()):
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        spent += sum(map(int, words[11:15]))
    return JIFFY * spent


@dataclass
class Watch:
    """Started at once. `seconds`, and what would be left of them had nobody else used the processors."""

    begun: float = field(default_factory=time.monotonic)
    busy: float = field(default_factory=busy_s)
    ours: float = field(default_factory=ours_s)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def alone(self) -> float:
        seconds = self.seconds
        others = (busy_s() - self.busy) - max(0.0, ours_s() - self.ours)
        taken = others / (seconds * (os.cpu_count() or 1)) if seconds else 0
        return seconds * min(1.0, max(0.0, 1 - taken))
