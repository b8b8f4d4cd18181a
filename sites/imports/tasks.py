from sites.imports.running import forget_files, run_due

SECONDS_A_TICK = 30


def run_imports() -> None:
    """Batches of whatever is under way; the rest is found by the next tick."""
    run_due(seconds=SECONDS_A_TICK)
    forget_files()
