"""What a browser's profile holds, read as whoever seizes the tablet would: raw, and its databases unpacked.

LevelDB keeps its tables in blocks compressed with Snappy and its journal in fragments of 32 KiB; both
formats are described with their sources.
"""

from collections.abc import Iterator
from pathlib import Path

FOOTER = 48
MAGIC = bytes.fromhex("57fb808b247547db")
BLOCK_TRAILER = 5  # one byte says whether it is compressed, four check it
JOURNAL_BLOCK, JOURNAL_HEADER = 32768, 7


def found(folder: Path, needles: list[str]) -> set[str]:
    """Which of these texts can be read anywhere in the folder, as bytes or as UTF-16."""
    spelled = {n: (n.encode(), n.encode("utf-16-le"), n.encode("utf-16-be")) for n in needles}
    hits: set[str] = set()
    for content in contents(folder):
        hits |= {n for n, ways in spelled.items() if n not in hits and any(way in content for way in ways)}
    return hits


def contents(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            raw = path.read_bytes()
            yield raw
            if raw.endswith(MAGIC):
                yield b"".join(_blocks(raw))
            elif path.suffix == ".log":
                yield _journal(raw)


def _blocks(raw: bytes) -> Iterator[bytes]:
    """Every data block of a table, unpacked."""
    at, _size = _varint(raw, len(raw) - FOOTER)  # of the index of the metadata, which is passed over
    at = _after(raw, len(raw) - FOOTER, 2)
    for handle in _values(_block(raw, *_handle(raw, at))):
        yield _block(raw, *_handle(handle, 0))


def _handle(raw: bytes, at: int) -> tuple[int, int]:
    offset, at = _varint(raw, at)
    size, _at = _varint(raw, at)
    return offset, size


def _after(raw: bytes, at: int, count: int) -> int:
    for _ in range(count):
        _value, at = _varint(raw, at)
    return at


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _block(raw: bytes, offset: int, size: int) -> bytes:
    content = raw[offset : offset + size]
    return unsnapped(content) if raw[offset + size] else content


def _values(block: bytes) -> Iterator[bytes]:
    """The values of a block's entries; its tail lists where it may be entered."""
    restarts = int.from_bytes(block[-4:], "little")
    at, end = 0, len(block) - 4 - 4 * restarts
    while at < end:
        _shared, at = _varint(block, at)
        fresh, at = _varint(block, at)
        size, at = _varint(block, at)
        at += fresh
        yield block[at : at + size]
        at += size


def unsnapped(packed: bytes) -> bytes:
    size, at = _varint(packed, 0)
    out = bytearray()
    while at < len(packed):
        tag = packed[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                wide = length - 59
                length = int.from_bytes(packed[at : at + wide], "little")
                at += wide
            out += packed[at : at + length + 1]
            at += length + 1
            continue
        wide = (0, 1, 2, 4)[tag & 3]
        offset = int.from_bytes(packed[at : at + wide], "little")
        length = (tag >> 2) + 1
        if wide == 1:
            offset, length = offset | (tag >> 5) << 8, ((tag >> 2) & 7) + 4
        at += wide
        for _ in range(length):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def _journal(raw: bytes) -> bytes:
    """A journal without the headers of its fragments, so that what they cut is whole again."""
    whole = bytearray()
    for start in range(0, len(raw), JOURNAL_BLOCK):
        block, at = raw[start : start + JOURNAL_BLOCK], 0
        while at + JOURNAL_HEADER < len(block):
            size = int.from_bytes(block[at + 4 : at + 6], "little")
            whole += block[at + JOURNAL_HEADER : at + JOURNAL_HEADER + size]
            at += JOURNAL_HEADER + size
    return bytes(whole)
