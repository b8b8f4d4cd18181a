"""Bounds for whoever waits at a page, in a process of its own: HiGHS would stay in the web, 60 MiB."""

import json
import subprocess
import sys
from collections.abc import Sequence

from django.conf import settings

from sites.releases.system import Bounds, System, binding

SOLVER = "sites.releases.solving"
Asked = tuple[System, list[int]]


def bounds_apart(problems: Sequence[Asked]) -> list[list[Bounds]]:
    """Of each system, the bounds of the numbers asked for, in their order.

    Where nothing binds they are those of the numbers alone, and no process is started.
    """
    bound = [n for n, (system, asked) in enumerate(problems) if binding(system, set(asked))]
    found = [[system.numbers[n] for n in asked] for system, asked in problems]
    if bound:
        for n, solved in zip(bound, _solved([problems[n] for n in bound]), strict=True):
            found[n] = [(low, high) for low, high in solved]
    return found


def _solved(problems: list[Asked]) -> list[list[Bounds]]:
    answer = subprocess.run(  # noqa: S603 - this interpreter and a module of ours
        [sys.executable, "-m", SOLVER],
        input=json.dumps([_plain(*problem) for problem in problems]).encode(),
        capture_output=True, check=True, cwd=settings.BASE_DIR, env={},
    )  # fmt: skip
    return json.loads(answer.stdout)


def _plain(system: System, asked: list[int]) -> dict:
    """JSON has no whole numbers as names, so the terms of a row are pairs."""
    rows = [[list(row.terms.items()), row.low, row.high, row.doubt] for row in system.rows]
    return {"numbers": system.numbers, "rows": rows, "asked": asked}
