"""The same findings for Prometheus: ages and shares of the whole house, no site, no person, no count of them.

Written by hand: every value is asked of the database when it is scraped, so a client library, which counts
inside one process, would have nothing to do.
"""

from collections.abc import Iterable

from sites.operations.checks import Finding
from sites.operations.terms import Level

LEVELS = {Level.GOOD: 0, Level.LATE: 1, Level.STOPPED: 2}
TYPE = "text/plain; version=0.0.4; charset=utf-8"
GAUGES = {
    "scs_level": "0 all is well, 1 late, 2 stopped; one line a part.",
    "scs_lag_seconds": "How far behind, or how long ago it last went well.",
    "scs_used_ratio": "How much of it is used, from 0 to 1.",
}


def exposition(findings: Iterable[Finding]) -> str:
    """Prometheus' text format."""
    values: dict[str, list[tuple[str, float]]] = {gauge: [] for gauge in GAUGES}
    for one in findings:
        values["scs_level"].append((one.name, LEVELS[one.level]))
        if one.lag is not None:
            values["scs_lag_seconds"].append((one.name, round(one.lag.total_seconds(), 3)))
        if one.share is not None:
            values["scs_used_ratio"].append((one.name, round(one.share, 4)))
    return "".join(_gauge(gauge, its) for gauge, its in values.items())


def _gauge(gauge: str, its: list[tuple[str, float]]) -> str:
    lines = [f'{gauge}{{part="{name}"}} {value}\n' for name, value in its]
    return f"# HELP {gauge} {GAUGES[gauge]}\n# TYPE {gauge} gauge\n" + "".join(lines)
