from sites.signals.looking import watch_due


def watch_sites() -> None:
    """What a tick looks at, once the days were counted."""
    watch_due()
