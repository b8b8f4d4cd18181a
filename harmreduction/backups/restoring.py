"""Back from a backup, into an empty database: judged before it is touched, whole or not at all."""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from harmreduction.backups import container
from harmreduction.backups.container import Refused
from harmreduction.backups.dumping import restore, url_of
from harmreduction.backups.figures import differences, figures
from harmreduction.pg import access
from harmreduction.pg.scope import acting, as_owner
from sites.keyring.models import Restoration
from sites.keyring.restored import mark_finished, mark_unfinished
from sites.keyring.startup import wrong_keys
from sites.places.models import Site
from sites.releases.refilling import Unreadable, lost_plans, read_releases, refill
from sites.trail.services import note

HOLDS = """
    select count(*) from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
"""


def restore_into_empty(path: Path, identity, ledger: Path | None) -> Iterator[str]:
    """Restore; yields what was done, step by step, for whoever waits. Raises Refused."""
    refuse_what_holds_something()
    manifest = container.check(path, identity)
    refuse_unfit(manifest, connection.pg_version // 10000)
    releases = _published(ledger) if ledger else []
    yield _("Sauvegarde du %(at)s, entière et lisible : %(rows)s lignes.") % _told(manifest)
    _bring_back(path, identity)
    if wrong := list(differences(manifest["tables"], _found())):
        raise Refused(_("Ce qui est revenu diffère de la sauvegarde : %s") % ", ".join(map(_named, wrong)))
    yield _("Chaque ligne de chaque table est revenue telle quelle.")
    yield from _make_ready(manifest, releases)


def _published(folder: Path) -> list:
    try:
        return read_releases(folder)
    except Unreadable as why:
        raise Refused(str(why)) from why


def _told(manifest: dict) -> dict:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return {"at": f"{datetime.fromisoformat(manifest['made_at']):%Y-%m-%d %H:%M} UTC", "rows": rows}


def _named(fault: dict) -> str:
    return f"{fault['table']} ({fault['what']})"


def refuse_what_holds_something() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(HOLDS)
        if cursor.fetchone()[0]:
            raise Refused(
                _(
                    "La base n’est pas vide, et rien n’y a été touché. "
                    "Créez-en une autre, et nommez-la dans DATABASE_URL."
                )
            )


def refuse_unfit(manifest: dict, server: int | None) -> None:
    """A newer version of the software, or of PostgreSQL, wrote what this one would read wrongly."""
    known = set(MigrationLoader(None).disk_migrations)
    if newer := [name for app, name in map(tuple, manifest["migrations"]) if (app, name) not in known]:
        raise Refused(
            _(
                "Cette sauvegarde vient d’une version plus récente (%(version)s, %(migration)s) : "
                "installez-la d’abord."
            )
            % {"version": manifest["app_version"], "migration": newer[-1]}
        )
    if server and server < manifest["postgres"]:
        raise Refused(
            _(
                "Cette sauvegarde vient de PostgreSQL %(theirs)s, ce serveur est %(ours)s : "
                "il en faut un aussi récent."
            )
            % {"theirs": manifest["postgres"], "ours": server}
        )


def _bring_back(path: Path, identity) -> None:
    with as_owner(), connection.cursor() as cursor:
        access.create_roles(cursor)
        mark_unfinished()
    with container.opened(path, identity) as backup:
        client = max(connection.pg_version // 10000, backup.manifest["pg_dump"])
        restore(url_of(settings.DATABASES["default"]), backup.dump(), client)


def _found() -> dict:
    """Row security would hide all from the login that owns the tables: it is lifted for this one look."""
    with psycopg.connect(url_of(settings.DATABASES["default"])) as database:
        for table in access.site_rows():
            database.execute(f'alter table if exists "{table}" no force row level security')
        found = figures(database)
        database.rollback()
    return found


def _purged() -> str:
    """What had been destroyed since goes again before anything is served. Without keys, the start refuses."""
    said = StringIO()
    call_command("purge", stdout=said)
    return said.getvalue().strip()


def _make_ready(manifest: dict, releases: list) -> Iterator[str]:
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        mark = Restoration.objects.create(made_at=datetime.fromisoformat(manifest["made_at"]))
    yield _("Le schéma est celui de cette version.")
    if releases:
        with transaction.atomic(), as_owner(), acting(sites=Site.objects.values_list("pk", flat=True)):
            cells, files = refill(releases)
            lost = lost_plans()
        yield _("Registre complété : %(cells)s cellules et %(files)s fichiers déjà publiés.") % {
            "cells": cells,
            "files": files,
        }
        for site, versions in sorted(lost.items()):
            yield _("Site %(site)s : adoptez de nouveau le plan %(plan)s; d’ici là, rien n’y est scellé.") % {
                "site": site,
                "plan": ", ".join(sorted(versions)),
            }
    sealing = not wrong_keys()
    if sealing:
        yield _purged()
    with transaction.atomic():
        Restoration.objects.filter(pk=mark.pk).update(finished_at=timezone.now(), sealing=sealing)
        note("restored", actor="restore", about="backup", about_id=manifest["made_at"])
        with as_owner():
            mark_finished()
    if not sealing:
        yield _("Les clés ne sont pas sur cette machine : rien n’est scellé avant leur retour dans KEYS_DIR.")
