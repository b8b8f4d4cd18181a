from sites.reports.services import build_due

SECONDS_A_TICK = 20


def build_reports() -> None:
    """What a tick builds, the newest day first; the rest is found by the next one."""
    build_due(seconds=SECONDS_A_TICK)
