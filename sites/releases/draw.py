"""The draw of privacy.md R3: a count becomes a multiple of its base once, by a keyed coin."""

import hashlib
import hmac

UNITS = 2**64


def cell_id(site: str, indicator: str, grain: str, first: str, category: str) -> str:
    """Names a cell for ever. The count has no part in it."""
    return f"{site}|{indicator}|{grain}|{first}|{category}"


def coin(key: bytes, plan_version: str, cell: str) -> int:
    """u · 2^64: the first 64 bits of HMAC-SHA256(key, plan_version|cell_id)."""
    return int.from_bytes(hmac.digest(key, f"{plan_version}|{cell}".encode(), hashlib.sha256)[:8])


def drawn(key: bytes, plan_version: str, cell: str, count: int, base: int) -> int:
    """A multiple of `base` next to `count` ≥ 0, unbiased; a multiple stays what it is."""
    if count < 0:
        raise ValueError("a count is never below zero")
    whole, rest = divmod(count, base)
    up = coin(key, plan_version, cell) * base < rest * UNITS
    return base * (whole + up)


def other_neighbour(value: int, count: int, base: int) -> int | None:
    """The multiple on the other side of a count from a drawn value; none of a count that is a multiple."""
    whole, rest = divmod(count, base)
    return None if not rest else base * whole if value > count else base * whole + base


def lower(value: int, base: int) -> int:
    return max(0, value - (base - 1))


def upper(value: int, base: int) -> int:
    return value + base - 1
