from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.clockwork.services import beat
from sites.keyring import escrow
from sites.keyring.services import KeyMissing
from sites.management.base import BadArguments, SiteCommand
from sites.releases.keys import last_day
from sites.trail.services import note

BY = "manage.py"


class Command(SiteCommand):
    help = _("Met les clés durables à l’abri sous une clé publique (format age), ou les rapporte.")

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        act = acts.add_parser("identity", help=str(_("Fait une paire; la moitié privée se garde ailleurs.")))
        act.add_argument("file", type=Path, help=str(_("Où écrire la moitié privée.")))
        act = acts.add_parser("export", help=str(_("Scelle les clés durables dans un nouveau fichier.")))
        act.add_argument("file", type=Path)
        act.add_argument("--to", required=True, metavar="age1…", help=str(_("La moitié publique.")))
        act = acts.add_parser(
            "import", help=str(_("Remet les clés d’un tel fichier, si la base les connaît."))
        )
        act.add_argument("file", type=Path)
        act.add_argument(
            "--identity", type=Path, required=True, help=str(_("Le fichier de la moitié privée."))
        )
        act.add_argument(
            "--let-go", action="store_true",
            help=str(_("Déclare détruites les clés passagères perdues : ce qu’elles fermaient le reste.")),
        )  # fmt: skip

    def run(self, *, act, file, **options):
        return getattr(self, f"_{act}")(file, **options)

    def _identity(self, file, **options):
        private, public = escrow.new_identity()
        _write(file, f"# {public}\n{private}\n".encode())
        return _t("Moitié publique : %s") % public

    @transaction.atomic
    def _export(self, file, *, to, **options):
        try:
            body, names, until = escrow.sealed_copy(to, last_day)
        except escrow.CannotRead as error:
            raise BadArguments(_t("Ce n’est pas une clé publique age (age1…).")) from error
        except KeyMissing as missing:
            raise BadArguments(_t("La clé %s n’est pas sur cette machine.") % missing) from missing
        beat(escrow.EXPORTED)
        note("keys exported", actor=BY, about="key", about_id=len(names))
        _write(file, body)
        said = _t("%(count)s clés : %(names)s.") % {"count": len(names), "names": ", ".join(names)}
        if until is None:
            return said
        return said + " " + _t("À refaire, puis détruire ce fichier, au plus tard le %s.") % until.isoformat()

    @transaction.atomic
    def _import(self, file, *, identity, let_go, **options):
        try:
            with file.open("rb") as body, identity.open() as private:
                done = escrow.bring_back(body.read(escrow.MOST_BYTES), private.read(escrow.MOST_BYTES))
        except (OSError, UnicodeDecodeError, escrow.CannotRead) as error:
            raise BadArguments(_t("Ce fichier ne s’ouvre pas avec cette identité.")) from error
        gone = escrow.let_go() if let_go else []
        note("keys imported", actor=BY, about="key", about_id=len(done.put), why=", ".join(gone)[:200])
        said = [
            (_t("Remises : %s."), done.put),
            (_t("Déjà là : %s."), done.there),
            (_t("Mortes, laissées de côté : %s."), done.over),
            (_t("Inconnues de cette base : %s."), done.unknown),
            (_t("Autres que celles de cette base, laissées de côté : %s."), done.different),
            (_t("Déclarées détruites : %s."), gone),
        ]
        return "\n".join(words % ", ".join(names) for words, names in said if names) or _t("Rien à remettre.")


def _write(file: Path, body: bytes) -> None:
    if escrow.is_inside(file):
        raise BadArguments(
            _t("Pas dans le dossier des clés ni des données : ailleurs, et mieux sur un autre support.")
        )
    try:
        escrow.write_new(file, body)
    except FileExistsError as error:
        raise BadArguments(_t("Ce fichier existe déjà : %s") % file) from error
    except OSError as error:
        raise BadArguments(_t("Impossible d’écrire %s.") % file) from error
