import json
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, PlainCommand
from sites.reports.signing import Broken, check

NOT_AS_SIGNED = 1
WHY = {
    "not a report": _("ce n’est pas un rapport signé"),
    "fields": _("il y manque des champs, ou il y en a de trop"),
    "dates": _("ses dates ne se lisent pas"),
    "sha256": _("ses nombres ne sont pas ceux de son empreinte"),
    "unsigned": _("cette version a été bâtie sans signature"),
    "signature": _("la signature n’est pas de cette clé, ou le contenu a changé"),
}


class Command(PlainCommand):
    """Needs the file alone: no database, no network, no key of this machine."""

    help = _("Vérifie un rapport signé, hors ligne : son empreinte, puis sa signature.")
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", help=_("Le fichier .json du rapport."))
        parser.add_argument(
            "--fingerprint", metavar="EMPREINTE", help=_("Celle que le site vous a dite de sa clé.")
        )

    def handle(self, *args, file, fingerprint, **options):
        found = _read(file)
        try:
            signer = check(found)
        except Broken as broken:
            why = WHY.get(str(broken), str(broken))
            raise CommandError(
                _t("Pas valable : %(why)s.") % {"why": why}, returncode=NOT_AS_SIGNED
            ) from None
        if fingerprint and fingerprint.replace(" ", "").lower() != signer.replace(" ", ""):
            raise CommandError(
                _t("Valable, mais signé par une autre clé : %(key)s.") % {"key": signer},
                returncode=NOT_AS_SIGNED,
            )
        told = {name: found[name] for name in ("site", "grain", "first", "last", "version")}
        said = _t(
            "Valable : %(site)s, %(grain)s du %(first)s au %(last)s, version %(version)s. Clé : %(key)s"
        )
        return said % (told | {"key": signer})


def _read(name: str) -> object:
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadArguments(_t("%(file)s ne se lit pas.") % {"file": name}) from error
    except (ValueError, RecursionError):
        raise CommandError(
            _t("Pas valable : %(why)s.") % {"why": WHY["not a report"]}, returncode=NOT_AS_SIGNED
        ) from None
