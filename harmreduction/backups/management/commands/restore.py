import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from harmreduction.backups import keys
from harmreduction.backups.container import Refused
from harmreduction.backups.restoring import refuse_what_holds_something, restore_into_empty
from harmreduction.engines.binaries import Missing
from sites.keyring.startup import wrong_keys
from sites.management.base import BadArguments, PlainCommand
from sites.oversight.database import database_faults
from sites.releases.refilling import Unreadable


class Command(PlainCommand):
    help = _(
        "Restaure une sauvegarde dans une base vide, puis vérifie tout. La clé privée vient de --key, "
        "sinon elle est demandée, ou lue de l’entrée standard."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER", help=_("La sauvegarde."))
        parser.add_argument(
            "--into-empty",
            action="store_true",
            help=_("Obligatoire : la base nommée par DATABASE_URL est vide."),
        )
        parser.add_argument(
            "--key", type=Path, metavar="FICHIER", help=_("Fichier qui contient la clé privée.")
        )
        parser.add_argument(
            "--ledger",
            type=Path,
            metavar="DOSSIER",
            help=_("Publications déjà faites, comme `release --out` les écrit."),
        )

    def handle(self, *args, file, into_empty, key, ledger, **options):
        if not into_empty:
            raise BadArguments(_t("Ajoutez --into-empty : une restauration n’écrit que dans une base vide."))
        try:
            refuse_what_holds_something()
            with file.open("rb"):
                pass
            for said in restore_into_empty(file, keys.identity(key), ledger):
                self.stdout.write(said)
        except OSError as error:
            raise BadArguments(
                _t("%(file)s ne peut pas être lu.") % {"file": error.filename or file}
            ) from error
        except (Refused, Missing, Unreadable) as why:
            raise CommandError(str(why)) from why
        self.verify()

    def verify(self) -> None:
        """All of it where the keys are; else what can be told without them."""
        if not wrong_keys():
            call_command("verify", stdout=self.stdout)
            return
        with transaction.atomic():
            faults = list(database_faults())
        for fault in faults:
            self.stdout.write(json.dumps(fault, ensure_ascii=False))
        if faults:
            raise CommandError(_t("%(count)s fautes.") % {"count": len(faults)})
        self.stdout.write(
            _t("Droits et contraintes vérifiés; `manage.py verify` dira le reste quand les clés seront là.")
        )
