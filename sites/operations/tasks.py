from sites.operations import alerts


def watch_system() -> None:
    """Tell what stopped, then tell a watchman elsewhere that this worker lives."""
    alerts.watch()
    alerts.ping()
