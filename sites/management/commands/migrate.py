import time

from django.core.management import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _t
from psycopg.errors import LockNotAvailable

from harmreduction.pg import access
from harmreduction.pg.scope import as_owner
from sites.retention import guard

# Whoever reads a table waits behind who waits to alter it, and that one for a backup that runs.
GIVES_WAY_AFTER = "2s"
TRIES, PAUSE_S = 60, 5.0


class Command(Migrate):
    """Django's own, as the owner of the tables, then grants and row security from the models."""

    def handle(self, *args, **options):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, false)", [GIVES_WAY_AFTER])
            self.bring_up_patiently(*args, **options)
            cursor.execute("reset lock_timeout")

    def bring_up_patiently(self, *args, **options):
        """What is done when it gives way stays done; the rest is done the next time."""
        for left in reversed(range(TRIES)):
            try:
                return self.bring_up(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        _t("Une table est restée prise, par une sauvegarde peut-être : recommencez.")
                    ) from error
            time.sleep(PAUSE_S)

    def bring_up(self, *args, **options):
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            with transaction.atomic():
                access.apply()
                guard.apply()
