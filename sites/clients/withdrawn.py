"""Agreements that were withdrawn, beside the keys: a restored backup has them again.

Nothing is kept of them but the id of the record that said them, which the database keeps as well; by month.
"""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sites.clients.models import Agreement
from sites.keyring.services import add_line, lines_of

PREFIX = "withdrawn-"
# Longer than any backup may be kept.
KEPT = timedelta(days=40)


def remember(record_id: UUID) -> None:
    """Once this transaction is kept."""
    transaction.on_commit(partial(add_line, f"{PREFIX}{timezone.now():%Y-%m}", str(record_id)))


def back_again() -> QuerySet[Agreement]:
    """Those that a restored database has again, of the sites in sight."""
    return Agreement.objects.filter(record_id__in={line for file in _files() for line in lines_of(file.name)})


def forget_old() -> None:
    """Of months that no backup is older than."""
    for file in _files():
        next_month = date.fromisoformat(f"{file.name.removeprefix(PREFIX)}-28") + timedelta(days=4)
        if timezone.now().date() - next_month.replace(day=1) > KEPT:
            file.unlink(missing_ok=True)


def _files() -> list[Path]:
    return sorted(Path(settings.KEYS_DIR).glob(f"{PREFIX}????-??"))
