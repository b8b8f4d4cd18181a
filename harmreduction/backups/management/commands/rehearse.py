from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from harmreduction.backups import keys
from harmreduction.backups.container import Refused
from harmreduction.backups.making import newest
from harmreduction.backups.rehearsing import rehearse
from harmreduction.engines.binaries import Missing
from harmreduction.engines.supervisor import Failed
from sites.management.base import BadArguments, PlainCommand


class Command(PlainCommand):
    help = _(
        "Répète la mise à jour à part, sur une sauvegarde : restaure, migre, compare ce qui était écrit; "
        "dit oui, ou non (statut 1)."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, metavar="FICHIER", help=_("Une sauvegarde, ou le dossier de la plus récente.")
        )
        parser.add_argument(
            "--key", type=Path, metavar="FICHIER", help=_("Fichier qui contient la clé privée.")
        )

    def handle(self, *args, file, key, **options):
        try:
            for said in rehearse(newest(file), keys.identity(key)):
                self.stdout.write(said)
        except OSError as error:
            raise BadArguments(_t("%(file)s ne peut pas être lu.") % {"file": file}) from error
        except (Refused, Missing, Failed) as why:
            raise CommandError(str(why)) from why
