"""Whether an upgrade will go: a backup, brought to this version apart, with nothing written changed by it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from harmreduction.backups import container, written
from harmreduction.backups.container import Refused
from harmreduction.backups.dumping import first_error, major, restore
from harmreduction.backups.making import app_version
from harmreduction.backups.restoring import refuse_unfit
from harmreduction.backups.scratch import Scratch, scratch_database

TRACEBACK = b"Traceback (most recent call last):"
NAMED_AT_MOST = 20


def rehearse(path: Path, identity) -> Iterator[str]:
    """Restore, migrate, compare; yields what was done. Raises Refused when it does not go."""
    manifest = container.check(path, identity)
    refuse_unfit(manifest, server=None)
    _refuse_nothing_new(manifest)
    with scratch_database() as scratch:
        _bring_back(path, identity, scratch)
        with psycopg.connect(scratch.superuser) as database:
            reports = written.keep(database)
        yield _("Sauvegarde restaurée à part : %(reports)s rapports.") % {"reports": reports}
        _migrate(scratch)
        yield _("Schéma amené à cette version.")
        with psycopg.connect(scratch.superuser) as database:
            _refuse_changes(database)
    yield _(
        "Oui. Rapports, registre et fichiers publiés sont restés les mêmes, octet pour octet, "
        "et l’empreinte de chaque rapport se recalcule."
    )


def _refuse_nothing_new(manifest: dict) -> None:
    """The release in use, asked about its own backup, would say yes to any upgrade."""
    to_do = set(MigrationLoader(None).disk_migrations) - set(map(tuple, manifest["migrations"]))
    if not to_do and manifest["app_version"] == app_version():
        raise Refused(
            _(
                "Rien à répéter : cette sauvegarde est de cette même version (%(version)s). "
                "Lancez la répétition depuis la nouvelle."
            )
            % {"version": manifest["app_version"]}
        )


def _bring_back(path: Path, identity, scratch: Scratch) -> None:
    """By a login with the rights of the real one: what row security hides from it must stay hidden here."""
    with container.opened(path, identity) as backup, psycopg.connect(scratch.owner) as database:
        restore(scratch.owner, backup.dump(), max(major(database), backup.manifest["pg_dump"]))


def _migrate(scratch: Scratch) -> None:
    """In a process of its own, as the upgrade will; its settings name the scratch database."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"],
        cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": scratch.owner}, capture_output=True,
    )  # fmt: skip
    if done.returncode:
        raise Refused(_("Non. Les migrations s’arrêtent : %s") % _last_error(done.stderr))


def _last_error(said: bytes) -> str:
    """The exception that ended a program, without the frames before it or the details after it."""
    lines = said.rpartition(TRACEBACK)[2].splitlines()
    return first_error(b"\n".join(line for line in lines if not line.startswith(b" ")))


def _refuse_changes(database: psycopg.Connection) -> None:
    wrong = chain(written.changed(database), written.not_following(database))
    if named := list(islice(dict.fromkeys(wrong), NAMED_AT_MOST)):
        raise Refused(_("Non. Ce qui était écrit a changé : %s") % ", ".join(named))
