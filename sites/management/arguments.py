"""Arguments of the commands: what is wrong is said in one line, with exit status 2."""

import re
from argparse import ArgumentTypeError
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser


class OneLineParser(CommandParser):
    def error(self, message):
        if not self.called_from_command_line:
            raise CommandError(message, returncode=2)
        self.exit(2, f"{message}\n")


class Command(BaseCommand):
    """A command whose refusals are one line on stderr and exit status 2."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = OneLineParser
        return parser


def refuse(why: object) -> CommandError:
    return CommandError(str(why), returncode=2)


def positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day (YYYY-MM-DD)") from error


def clock(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ArgumentTypeError(f"{text!r} is not a time (HH:MM)")
    return time(int(found[1]), int(found[2]))


def hours(text: str) -> tuple[time, time]:
    opens, dash, closes = text.partition("-")
    if not dash:
        raise ArgumentTypeError(f"{text!r} is not an opening (14:00-02:00)")
    span = clock(opens), clock(closes)
    if span[0] == span[1]:
        raise ArgumentTypeError(f"{text!r} opens and closes at the same time")
    return span


def zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArgumentTypeError(f"{text!r} is not a time zone (America/Toronto)") from error
    return text
