from sites.association.services import fit_due

SECONDS_A_TICK = 15


def fit_segments() -> None:
    """What a tick fits; the rest is found by the next one."""
    fit_due(seconds=SECONDS_A_TICK)
