from django.core.management.base import CommandError
from django.utils.translation import gettext_lazy as _

from sites.keyring.startup import wrong_keys
from sites.management.base import PlainCommand


class Command(PlainCommand):
    help = _("Dit quelles clés manquent, ont changé ou sont partagées (statut 1), ou rien quand tout y est.")

    def handle(self, *args, **options):
        if why := wrong_keys():
            raise CommandError(why)
