"""What a line of the log may hold: our own words; of others their place; no value, body or address."""

import logging
import time
import traceback
from pathlib import Path

from gunicorn.glogging import Logger

OURS = "scs."
UTC = "%Y-%m-%dT%H:%M:%SZ"


class Gunicorn(Logger):
    """The web server's own faults, in the same shape: it would quote addresses and paths."""

    def _set_handler(self, log, output, _format, stream=None):
        super()._set_handler(log, output, Line(), stream)


class Line(logging.Formatter):
    """`time LEVEL logger message`. A message of ours is written as it is: its author kept values out of it.

    Of anyone else's only the words that stand in their code are written, with the place; of an exception
    its kind and where it was raised, for what it says may quote what was typed.
    """

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage() if record.name.startswith(OURS) else _words(record)
        line = f"{self.formatTime(record, UTC)} {record.levelname} {record.name} {said}"
        return f"{line} {_where(record.exc_info)}" if record.exc_info and record.exc_info[0] else line


def _words(record: logging.LogRecord) -> str:
    """The pattern when values were given beside it; without any, values may stand in it."""
    place = f"{record.module}:{record.lineno}"
    return f"{place} {record.msg}" if record.args and isinstance(record.msg, str) else place


def _where(raised: tuple) -> str:
    kind, _error, trace = raised
    *_before, last = [None, *traceback.extract_tb(trace)]
    return f"{kind.__name__} at {Path(last.filename).name}:{last.lineno}" if last else kind.__name__
