"""What the product's commands share: one clear line for bad arguments, the sites in sight, the clock."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from harmreduction.pg.scope import acting
from sites.clockwork.services import ClockWentBack, replaying
from sites.places.models import Site

BAD_ARGUMENTS_STATUS = 2


class BadArguments(CommandError):
    """One line for the person who typed the command; exit status 2."""

    def __init__(self, message: str):
        super().__init__(message, returncode=BAD_ARGUMENTS_STATUS)


class PlainCommand(BaseCommand):
    """A command that tells its help in the language in force, and in one line what was typed wrong."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = str(self.help)
        parser.error = partial(refuse, parser)
        return parser


class SiteCommand(PlainCommand):
    """A command over sites. Subclasses write `run(**options)`; every site is in sight of what it opens."""

    def handle(self, *args, **options):
        with sites_in_sight(), clock(options.get("as_of")):
            return self.run(**options)

    def run(self, **options) -> str | None:
        raise NotImplementedError

    @staticmethod
    def add_site(parser, **more) -> None:
        parser.add_argument("--site", metavar="CODE", help=_("Code du site."), **more)

    @staticmethod
    def add_day(parser, *names: str, **more) -> None:
        for name in names or ("--day",):
            parser.add_argument(
                name, type=day, metavar="DATE", help=_("Jour de service, AAAA-MM-JJ."), **more
            )

    @staticmethod
    def add_as_of(parser) -> None:
        parser.add_argument(
            "--as-of", type=instant, metavar="ISO", help=_("Faire comme si l’horloge disait cet instant.")
        )


def refuse(parser: CommandParser, message: str) -> NoReturn:
    """Argparse prints the whole usage before what is wrong; this is the line alone."""
    if not parser.called_from_command_line:
        raise BadArguments(message)
    print(f"{parser.prog}: {message}", file=sys.stderr)
    sys.exit(BAD_ARGUMENTS_STATUS)


@contextmanager
def sites_in_sight() -> Iterator[None]:
    with transaction.atomic():
        sites = list(Site.objects.values_list("pk", flat=True))
    with acting(sites=sites):
        yield


@contextmanager
def clock(as_of: datetime | None) -> Iterator[None]:
    """The clock in force. It is set in a short transaction of its own, so that long work needs none."""
    with ExitStack() as stack:
        try:
            with transaction.atomic():
                stack.enter_context(replaying(as_of))
        except ClockWentBack as error:
            raise BadArguments(
                _("L’historique a déjà été rejoué jusqu’à %(latest)s : cet instant est plus tôt.")
                % {"latest": error.args[0].isoformat()}
            ) from error
        yield


def day(text: str) -> date:
    """A date as typed; argparse says what is wrong with it in one line."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(text)
    return found


def instant(text: str) -> datetime:
    """An ISO instant with its offset."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found


def the_site(code: str) -> Site:
    found = Site.objects.filter(code=code).first()
    if found is None:
        raise BadArguments(_("Aucun site n’a le code %(code)s.") % {"code": code})
    return found


def dumped(value) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
