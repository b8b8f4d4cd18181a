from django.core.management.commands.migrate import Command as Migrate
from django.db import transaction

from harmreduction.pg import access
from harmreduction.pg.scope import as_owner
from sites.retention import guard


class Command(Migrate):
    """Django's own, as the owner of the tables, then grants and row security from the models."""

    def handle(self, *args, **options):
        with as_owner():
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                with transaction.atomic():
                    access.apply()
                    guard.apply()
