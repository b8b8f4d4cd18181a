from sites.indicators.services import forget_counted_people, recount_due

SECONDS_A_TICK = 20


def count_days() -> None:
    """What a tick counts again; the rest is found by the next one."""
    recount_due(seconds=SECONDS_A_TICK)
    forget_counted_people()
