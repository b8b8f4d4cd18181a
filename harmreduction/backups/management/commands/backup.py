import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from harmreduction.backups import keys
from harmreduction.backups.container import Refused
from harmreduction.backups.making import back_up, forget_older, path_in
from harmreduction.engines.binaries import Missing
from harmreduction.engines.supervisor import Failed
from sites.management.base import BadArguments, PlainCommand


class Command(PlainCommand):
    help = _(
        "Écrit une sauvegarde chiffrée, la relit du disque, la restaure à part et compare chaque ligne. "
        "La clé publique vient de BACKUP_RECIPIENT ou de --new-key."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="?", metavar="FICHIER", help=_("Fichier, ou dossier où le nommer.")
        )
        parser.add_argument(
            "--new-key",
            action="store_true",
            help=_("Fait une paire de clés et montre la clé privée, une seule fois."),
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            metavar="N",
            help=_("Efface ensuite les sauvegardes du dossier plus vieilles que N jours."),
        )

    def handle(self, *args, file, new_key, keep_days, **options):
        if file is None and not new_key:
            raise BadArguments(_t("Nommez un fichier, ou demandez --new-key."))
        if keep_days is not None and keep_days < 1:
            raise BadArguments(_t("--keep-days est un nombre de jours, 1 ou plus."))
        if new_key:
            self.show(*keys.new_pair())
        if file:
            self.make(path_in(file), keep_days)

    def show(self, public: str, private: str) -> None:
        said = [
            _t("La clé privée ci-dessous ouvre les sauvegardes. Elle n’est gardée nulle part ici :"),
            _t("imprimez-la ou mettez-la dans un coffre, loin de cette machine. Sans elle, rien ne revient."),
            private,
            f"BACKUP_RECIPIENT={public}",
        ]
        self.stdout.write("\n".join(said))

    def make(self, path: Path, keep_days: int | None) -> None:
        try:
            with _ending_as_asked():
                made = back_up(path)
        except (Refused, Missing, Failed) as why:
            raise CommandError(str(why)) from why
        for fault in made.differences:
            self.stdout.write(json.dumps(fault, ensure_ascii=False))
        if made.differences:
            raise CommandError(
                _t("La sauvegarde ne se restaure pas à l’identique : elle n’a pas été gardée.")
            )
        about = {"file": made.path, "rows": made.rows, "size": made.size}
        self.stdout.write(
            _t("%(file)s : %(rows)s lignes, %(size)s octets; relue, restaurée et comparée.") % about
        )
        for gone in forget_older(path.parent, keep_days) if keep_days else []:
            self.stdout.write(_t("%(file)s : effacée, trop vieille.") % {"file": gone})


@contextmanager
def _ending_as_asked() -> Iterator[None]:
    """Asked to end by the system, it puts away what it has begun."""
    before = signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
