from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from sites.management.base import PlainCommand
from sites.operations import alerts


class Command(PlainCommand):
    help = _("Regarde si tout marche, et prévient (ALERT_EMAIL, ALERT_WEBHOOK) quand ce n’est plus le cas.")

    def handle(self, *args, **options):
        """For a timer of the machine: it also speaks when the worker or the database no longer can."""
        try:
            alerts.watch()
        except DatabaseError:
            alerts.database_is_away()
        else:
            alerts.database_answers()
