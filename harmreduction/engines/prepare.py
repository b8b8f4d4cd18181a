"""Migrations and demo history, in one process because starting Django takes a second."""

import argparse
import gc
import io
import os
import sys

import django
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

LEDGER = "django_migrations"


def main(args: list[str]) -> None:
    options = parser().parse_args(args)
    gc.disable()  # a process of a few seconds, and collecting is a tenth of them
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
    django.setup()
    known = LEDGER in connection.introspection.table_names()
    call_command("migrate", verbosity=0, interactive=False)
    try:
        call_command("check_keys")
    except CommandError as why:
        sys.exit(str(why))
    if options.foreign and known:
        print("DATABASE_URL names a database that was in use before: no demo history goes into it.")
    elif "load_demo" in get_commands():
        size = {"sites": options.sites, "days": options.days, "seed": options.seed}
        # Who can sign in is told once everything runs.
        call_command("load_demo", **size, stdout=io.StringIO())


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("prepare")
    for name in ("sites", "days", "seed"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--foreign", action="store_true", help="the database is not ours")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
