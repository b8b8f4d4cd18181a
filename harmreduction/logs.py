"""What a line of the log may hold: our own words; of others their place; no value, body or address."""

import logging
import time
import traceback
from pathlib import Path

from gunicorn.glogging import Logger

OURS = "scs."
ROOT = Path(__file__).parents[1]  # as frames call it, whatever links lead there
EVERY_STATEMENT = ROOT / "harmreduction" / "pg"  # passes there, so that it tells no place
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
    """Where it was raised; where that is a library's, also which line of ours led there."""
    kind, _error, trace = raised
    frames = traceback.extract_tb(trace)
    if not frames:
        return kind.__name__
    line, ours = f"{kind.__name__} at {_place(frames[-1])}", [one for one in frames if _is_ours(one)]
    return f"{line} under {_place(ours[-1])}" if ours and ours[-1] is not frames[-1] else line


def _is_ours(frame: traceback.FrameSummary) -> bool:
    path = Path(frame.filename)
    if path.is_relative_to(EVERY_STATEMENT) or not path.is_relative_to(ROOT):
        return False
    return path.relative_to(ROOT).parts[0] in ("harmreduction", "sites")


def _place(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno}"
