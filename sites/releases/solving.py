"""Solves the systems that apart.py sends: JSON in, JSON out. `python -m sites.releases.solving`."""

import json
import sys

from sites.releases.bounds import bounds
from sites.releases.system import Row, System


def solved(problem: dict) -> list[tuple[float, float]]:
    rows = [Row(dict(terms), low, high, doubt) for terms, low, high, doubt in problem["rows"]]
    system = System([(low, high) for low, high in problem["numbers"]], rows)
    found = bounds(system, problem["asked"]).bounds
    return [found[n] for n in problem["asked"]]


if __name__ == "__main__":
    json.dump([solved(problem) for problem in json.load(sys.stdin)], sys.stdout)
