import json
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, PlainCommand
from sites.retention.certificates import Broken, check

WHY = {
    "not a certificate": _("ce n’est pas un certificat de destruction"),
    "fields": _("il y manque des champs, ou il y en a de trop"),
    "signature": _("la signature n’est pas de cette clé, ou le contenu a changé"),
}


class Command(PlainCommand):
    """Needs the file alone: no database, no network, no key of this machine."""

    help = _("Vérifie un certificat de destruction signé, hors ligne.")
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", help=_("Le fichier .json du certificat."))

    def handle(self, *args, file, **options):
        try:
            found = json.loads(Path(file).read_text(encoding="utf-8"))
            signer = check(found)
        except (OSError, UnicodeDecodeError) as error:
            raise BadArguments(_t("%(file)s ne se lit pas.") % {"file": file}) from error
        except (ValueError, RecursionError):
            raise CommandError(_t("Pas valable : %(why)s.") % {"why": WHY["not a certificate"]}) from None
        except Broken as broken:
            raise CommandError(_t("Pas valable : %(why)s.") % {"why": WHY[str(broken)]}) from None
        told = {name: found[name] for name in ("organisation", "site", "number")} | {"key": signer}
        said = _t("Valable : %(organisation)s, %(site)s, certificat %(number)s. Clé : %(key)s")
        return said % told
