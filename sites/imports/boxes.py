"""The rows of a file, sealed piece by piece under a key of that import alone, which dies with them."""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sites.imports.models import Import, ImportPiece
from sites.imports.terms import ROWS_A_BATCH
from sites.keyring.services import destroy, key, mac
from sites.places.models import Site

NONCE = 12


@dataclass(frozen=True)
class FileRow:
    """One row: its number in the file, what it says, and 16 bytes that the same row has in any file.

    Of rows that say the same, the second is told from the first by its place among them.
    """

    number: int
    ident: bytes
    cells: list[str]


def key_name(ref: UUID) -> str:
    return f"import-{ref}"


def identified(site: Site, kind: str, rows: Iterable[tuple[int, list[str]]]) -> Iterator[FileRow]:
    secret, seen = key(site, "handle"), {}
    for number, cells in rows:
        said = mac(secret, "import row|" + json.dumps([kind, *cells], ensure_ascii=False))[:16]
        seen[said] = nth = seen.get(said, 0) + 1
        yield FileRow(number, mac(secret, f"import row|{said.hex()}|{nth}")[:16], cells)


def seal(imported: Import, headings: list[str], rows: Iterable[FileRow]) -> int:
    """Write the pieces; how many rows they hold."""
    _write(imported, 0, headings)
    rows, count, number = iter(rows), 0, 0
    while some := list(islice(rows, ROWS_A_BATCH)):
        number, count = number + 1, count + len(some)
        _write(imported, number, [[row.number, row.ident.hex(), row.cells] for row in some])
    return count


def _write(imported: Import, number: int, content: list) -> None:
    nonce = secrets.token_bytes(NONCE)
    cipher = AESGCM(key(imported.site, key_name(imported.ref)))
    closed = cipher.encrypt(nonce, json.dumps(content, ensure_ascii=False).encode(), _about(imported, number))
    ImportPiece.objects.create(site_id=imported.site_id, imported=imported, number=number, box=nonce + closed)


def _about(imported: Import, number: int) -> bytes:
    return f"{imported.ref}|{number}".encode()


def _open(imported: Import, piece: ImportPiece) -> list:
    box = bytes(piece.box)
    cipher = AESGCM(key(imported.site, key_name(imported.ref)))
    return json.loads(cipher.decrypt(box[:NONCE], box[NONCE:], _about(imported, piece.number)))


def headings_of(imported: Import) -> list[str]:
    piece = imported.pieces.filter(number=0).first()
    return _open(imported, piece) if piece else []


def rows_of(imported: Import, after: int = 0, most: int | None = None) -> Iterator[FileRow]:
    """Rows in their order, without the first `after`; one piece in memory at a time."""
    pieces = imported.pieces.filter(number__gt=after // ROWS_A_BATCH).order_by("number")
    skip, given = after % ROWS_A_BATCH, 0
    for piece in pieces.iterator(chunk_size=1):
        for number, ident, cells in _open(imported, piece)[skip:]:
            if most is not None and given >= most:
                return
            yield FileRow(number, bytes.fromhex(ident), cells)
            given += 1
        skip = 0


def purge(imported: Import) -> None:
    """Forget the file for good: its pieces, and the key that opens any copy of them."""
    imported.pieces.all().delete()
    destroy(imported.site, key_name(imported.ref))
