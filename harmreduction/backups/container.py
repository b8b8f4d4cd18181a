"""A backup file: a tar archive inside the age format. `age -d -i KEY FILE | tar x` opens it without us.

manifest.json  what the dump holds, so that whoever restores it can compare
dump.00000 …   pg_dump's custom format, in pieces; `cat dump.*` is the dump
end.json       {"bytes", "sha256"} of the whole dump

Nothing but age's own header is in clear: it names no one, not even the public key.
"""

import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.utils.translation import gettext as _

PIECE = 4 * 1024 * 1024
MANIFEST, END, DUMP = "manifest.json", "end.json", "dump."
AGE = b"age-encryption.org/v1\n"
END_OF_TAR = bytes(2 * tarfile.BLOCKSIZE)
FORMAT = 1


class Refused(Exception):
    """A file that is not restored; says why in one line."""


# --- Writing -----------------------------------------------------------------------------
class Reading(io.RawIOBase):
    """What an iterator yields, as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]):
        self.pieces, self.left = pieces, b""
        self.why: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self.left and (piece := next(self.pieces, b"")):
                self.left = piece
        except BaseException as why:
            self.why = why  # what reads us wraps it in words of its own
            raise
        said, self.left = self.left[:size], self.left[size:]
        return said


def write(sink: BinaryIO, recipients: list, manifest: dict, dump: BinaryIO) -> None:
    """Encrypt a manifest and a dump that is being written, in flat memory. What the dump raises is raised."""
    reading = Reading(_archive(manifest, dump))
    try:
        pyrage.encrypt_io(reading, sink, recipients)
    except (pyrage.EncryptError, OSError) as error:
        raise reading.why or error from None


def _archive(manifest: dict, dump: BinaryIO) -> Iterator[bytes]:
    yield _member(MANIFEST, json.dumps({"format": FORMAT, **manifest}).encode())
    digest, size, number = sha256(), 0, 0
    while piece := dump.read(PIECE):
        digest.update(piece)
        size += len(piece)
        yield _member(f"{DUMP}{number:05}", piece)
        number += 1
    yield _member(END, json.dumps({"bytes": size, "sha256": digest.hexdigest()}).encode())
    yield END_OF_TAR


def _member(name: str, body: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(body), 0o600
    return info.tobuf() + body + bytes(-len(body) % tarfile.BLOCKSIZE)


# --- Reading -----------------------------------------------------------------------------
class Backup:
    """An open backup: its manifest, then its dump. What was read is only proven at the end of `dump`."""

    def __init__(self, archive: tarfile.TarFile):
        self._members = ((member.name, archive.extractfile(member).read()) for member in archive)
        name, body = next(self._members, ("", b""))
        if name != MANIFEST:
            raise Refused(_("Ce fichier n’est pas une sauvegarde de ce logiciel."))
        self.manifest = json.loads(body)
        if self.manifest["format"] != FORMAT:
            raise Refused(_("Cette sauvegarde vient d’une version plus récente du logiciel."))

    def dump(self) -> Iterator[bytes]:
        digest, size, end = sha256(), 0, None
        for name, body in self._members:
            if name == END:
                end = json.loads(body)
            else:
                digest.update(body)
                size += len(body)
                yield body
        if end != {"bytes": size, "sha256": digest.hexdigest()}:
            raise Refused(damaged())


def damaged() -> str:
    return _("La sauvegarde est incomplète ou abîmée. La base n’a pas été touchée; essayez une autre copie.")


@contextmanager
def opened(path: Path, identity) -> Iterator[Backup]:
    """Decrypt in a thread beside the reader. Raises Refused for whatever is not a whole backup of ours."""
    with path.open("rb") as file:
        if file.read(len(AGE)) != AGE:
            raise Refused(_("Ce fichier n’est pas une sauvegarde chiffrée au format age."))
    source, sink = os.pipe()
    failed: list[Exception] = []
    thread = threading.Thread(target=_decrypt, args=(path, sink, identity, failed), daemon=True)
    thread.start()
    try:
        with os.fdopen(source, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            yield Backup(archive)
            while plain.read(PIECE):  # the last bytes are what proves the ones before
                pass
    except (tarfile.TarError, ValueError, KeyError, EOFError, AttributeError) as error:
        thread.join()
        raise Refused(_why(failed)) from error
    thread.join()
    if failed:
        raise Refused(_why(failed))


def _decrypt(path: Path, sink: int, identity, failed: list[Exception]) -> None:
    with path.open("rb") as file, suppress(BrokenPipeError), os.fdopen(sink, "wb") as plain:
        try:
            pyrage.decrypt_io(file, plain, [identity])
        except (pyrage.DecryptError, OSError) as error:
            failed.append(error)


def _why(failed: list[Exception]) -> str:
    if failed and "No matching keys" in str(failed[0]):
        return _("Cette clé n’ouvre pas cette sauvegarde. La base n’a pas été touchée.")
    return damaged()


def check(path: Path, identity) -> dict:
    """Read a whole backup and answer its manifest. Raises Refused, before anything was restored from it."""
    with opened(path, identity) as backup:
        for _piece in backup.dump():
            pass
        return backup.manifest
