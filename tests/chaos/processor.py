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


def ours() -> dict[int, tuple[float, float]]:
    """Process → seconds that it has worked, and those it waited for; of this one and of what it started."""
    spent = {}
    for pid in family(os.getpid()):
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        itself, waited_for = words[11:13], words[13:15]
        spent[pid] = JIFFY * sum(map(int, itself)), JIFFY * sum(map(int, waited_for))
    return spent


@dataclass
class Watch:
    """Started at once. `seconds`, and what would be left of them had nobody else used the processors."""

    begun: float = field(default_factory=time.monotonic)
    busy: float = field(default_factory=busy_s)
    ours: dict[int, tuple[float, float]] = field(default_factory=ours)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def used(self) -> float:
        """Seconds that ours have worked since; of those that died meanwhile, if one of us waited for them."""
        present = ours()
        nothing = (0.0, 0.0)
        itself = sum(spent[0] - self.ours.get(pid, nothing)[0] for pid, spent in present.items())
        of_dead = sum(spent[1] - self.ours.get(pid, nothing)[1] for pid, spent in present.items())
        before = sum(sum(spent) for pid, spent in self.ours.items() if pid not in present)
        return itself + max(0.0, of_dead - before)

    @property
    def alone(self) -> float:
        seconds = self.seconds
        others = max(0.0, busy_s() - self.busy - self.used)
        return max(0.0, seconds - others / (os.cpu_count() or 1))
