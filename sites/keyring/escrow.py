"""Keys kept apart: sealed in the age format to a public key whose other half lies elsewhere.

Only what must outlive this machine is in such a copy. What is made to die never is: tokens of a day or month,
codes of the trail, texts of a month, boxes of tablets. The key of a year's ledger is, with its last day.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyrage
from django.conf import settings
from django.utils import timezone

from sites.keyring.models import KeyCheck
from sites.keyring.services import digest_of, held_key, is_here, key, name_of, put_back
from sites.places.models import Site

OF_A_SITE, OF_THE_HOUSE = ("handle", "register", "report-signing"), ("register", "trail", "trail-head")
LASTING = re.compile("|".join([*OF_A_SITE, *OF_THE_HOUSE, r"ledger-\d{4}"]))
FORMAT = "scs keys 1"
# The beat that tells when a copy was last made.
EXPORTED = "keys_exported"
# No file of keys comes near this.
MOST_BYTES = 1024 * 1024


class CannotRead(Exception):
    """Not a copy of keys, or closed to another key."""


@dataclass
class Brought:
    """What an import did, by full names of keys."""

    put: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def lasts(check: KeyCheck) -> bool:
    """Whether a key belongs in a copy kept apart."""
    return bool(LASTING.fullmatch(check.name.removeprefix(name_of(check.site, ""))))


def make_lasting(site: Site, *more: str) -> None:
    """What would be made on first use, so that a copy taken today holds all of it."""
    for name in (*OF_A_SITE, *more):
        key(site, name)
    for name in OF_THE_HOUSE:
        key(None, name)


def in_no_copy(last: datetime | None) -> list[str]:
    """Full names of the keys in sight that belong in a copy kept apart, made since the last one was."""
    return [check.name for check in _living() if lasts(check) and (last is None or check.made_at > last)]


def _living() -> list[KeyCheck]:
    return list(KeyCheck.objects.filter(destroyed_at=None).select_related("site").order_by("name"))


def sealed_copy(to: str, until: Callable[[KeyCheck], date | None]) -> tuple[bytes, list[str], date | None]:
    """The copy, the names of its keys, and the day after which it must be destroyed (None: no such key).

    Raises CannotRead for what is no age public key, KeyMissing for a key that is not here.
    """
    try:
        recipient = pyrage.x25519.Recipient.from_str(to.strip())
    except pyrage.RecipientError as error:
        raise CannotRead from error
    kept = [(check, until(check)) for check in _living() if lasts(check)]
    content = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "keys": [
            {"name": check.name, "until": day and day.isoformat(), "key": _text(held_key(check.name))}
            for check, day in kept
        ],
    }
    body = pyrage.encrypt(json.dumps(content).encode(), [recipient], armored=True)
    return body, [check.name for check, _day in kept], min((day for _check, day in kept if day), default=None)


def write_new(path: Path, body: bytes) -> None:
    """A file that only its owner reads. Raises FileExistsError: a copy never takes the place of another."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def new_identity() -> tuple[str, str]:
    """(private half, public half), as age writes them."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _opened(body: bytes, identity: str) -> list[dict]:
    lines = [line.strip() for line in identity.splitlines() if line.strip() and not line.startswith("#")]
    try:
        identities = [pyrage.x25519.Identity.from_str(line) for line in lines]
        content = json.loads(pyrage.decrypt(body, identities))
        if content["format"] != FORMAT:
            raise CannotRead
        return [
            {"name": str(one["name"]), "until": _day(one["until"]), "key": base64.b64decode(one["key"])}
            for one in content["keys"]
        ]
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError, KeyError, TypeError) as error:
        raise CannotRead from error


def bring_back(body: bytes, identity: str) -> Brought:
    """Put the keys of a copy back where the database knows them and they have not died. Raises CannotRead."""
    known = {check.name: check for check in KeyCheck.objects.select_related("site")}
    done, today = Brought(), timezone.now().date()
    for one in _opened(body, identity):
        name, check = one["name"], known.get(one["name"])
        if check is None:
            done.unknown.append(name)
        elif check.destroyed_at or (one["until"] and one["until"] < today):
            done.over.append(name)
        elif digest_of(one["key"]) != check.digest:
            done.different.append(name)
        elif is_here(check):
            done.there.append(name)
        else:
            put_back(name, one["key"])
            done.put.append(name)
    return done


def let_go() -> list[str]:
    """Declare dead the keys that were made to die and are lost: what they closed stays closed for good."""
    lost = [check for check in _living() if not lasts(check) and not is_here(check)]
    KeyCheck.objects.filter(pk__in=[check.pk for check in lost]).update(destroyed_at=timezone.now())
    return [check.name for check in lost]


def is_inside(path: Path) -> bool:
    """Whether a path lies with the keys or the data, where a copy would be lost or stolen with them."""
    here = path.resolve()
    return any(
        here.is_relative_to(Path(folder).resolve()) for folder in (settings.KEYS_DIR, settings.DATA_DIR)
    )


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
