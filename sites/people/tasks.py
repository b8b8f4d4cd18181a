"""What the worker does for `people`."""

from django.db import transaction

from sites.people.sessions import forget_ended


def forget_sessions() -> None:
    """Delete the sessions that are over."""
    with transaction.atomic():
        forget_ended()
