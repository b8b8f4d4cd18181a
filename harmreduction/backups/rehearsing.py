"""Whether an upgrade will go: last night's backup, brought to this version apart, with no report changed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg.rows import dict_row

from harmreduction.backups import container
from harmreduction.backups.container import Refused
from harmreduction.backups.dumping import first_error, major, restore
from harmreduction.backups.restoring import refuse_unfit
from harmreduction.backups.scratch import Scratch, scratch_database
from sites.reports.rows import period_sha256, report_sha256

DAYS = """
    select r.id, s.code site, r.service_date, r.version, r.indicators, r.sha256, r::text as whole
    from scs_dailyreport r join scs_site s on s.id = r.site_id order by r.id
"""
PERIODS = """
    select r.id, s.code site, r.grain, r.first, r.last, r.version, r.indicators, r.sha256, r::text as whole
    from scs_periodreport r join scs_site s on s.id = r.site_id order by r.id
"""
AT_ONCE = 200
Key = tuple[str, int]


def rehearse(path: Path, identity) -> Iterator[str]:
    """Restore, migrate, compare; yields what was done. Raises Refused when it does not go."""
    manifest = container.check(path, identity)
    refuse_unfit(manifest, server=None)
    with scratch_database() as scratch:
        _bring_back(path, identity, scratch)
        before = dict(_reports(scratch))
        yield _("Sauvegarde restaurée à part : %(reports)s rapports.") % {"reports": len(before)}
        _migrate(scratch)
        yield _("Schéma amené à cette version.")
        if wrong := [name for name, said in _compared(before, dict(_reports(scratch))) if said]:
            raise Refused(_("Non. Ces rapports ne sont plus les mêmes : %s") % ", ".join(wrong))
    yield _("Oui. Chaque rapport est resté le même, octet pour octet, et son empreinte se recalcule.")


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
        raise Refused(_("Non. Les migrations s’arrêtent : %s") % first_error(done.stderr.splitlines()[-1]))


def _reports(scratch: Scratch) -> Iterator[tuple[Key, tuple[str, bool]]]:
    """(table, id) → its text as stored, and whether its hash follows from what it says."""
    with psycopg.connect(scratch.superuser, row_factory=dict_row) as database:
        for table, question, hashed in (("day", DAYS, _of_day), ("period", PERIODS, _of_period)):
            with database.cursor(name=table) as cursor:
                cursor.itersize = AT_ONCE
                for row in cursor.execute(question):
                    yield (table, row["id"]), (row["whole"], hashed(row) == row["sha256"])


def _of_day(row: dict) -> str:
    return report_sha256(row["site"], row["service_date"], row["version"], row["indicators"])


def _of_period(row: dict) -> str:
    span = (row["grain"], row["first"], row["last"])
    return period_sha256(row["site"], span, row["version"], row["indicators"])


def _compared(before: dict, after: dict) -> Iterator[tuple[str, str]]:
    """(name, what is wrong with it) of each report; nothing is wrong with one that says the same."""
    for key in sorted(before.keys() | after.keys()):
        then, now = before.get(key), after.get(key)
        same = then is not None and now is not None and then[0] == now[0] and now[1]
        yield f"{key[0]} {key[1]}", "" if same else "changed"
