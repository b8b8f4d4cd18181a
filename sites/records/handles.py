"""A handle is replaced by its keyed code before anything is stored (privacy.md H1)."""

import math
import unicodedata
from collections.abc import Mapping

from sites.keyring.services import key, mac
from sites.places.models import Site
from sites.records.forms import storable_text

MAX_DEPTH = 6
MAX_HANDLE = 60
MAX_KEPT = 2000
HANDLE = "handle"


def normalised(handle: str) -> str:
    """Letters and digits alone, upper case: what someone types twice alike."""
    folded = unicodedata.normalize("NFKD", handle).upper()
    return "".join(ch for ch in folded if ch.isalnum())


def handle_code(site: Site, handle: str) -> bytes:
    """32 bytes: HMAC-SHA256 under the site's key, which is not in the database."""
    return mac(key(site, "handle"), normalised(handle))


def is_handle(name: object) -> bool:
    return normalised(str(name)[:80]).startswith(HANDLE.upper())


def storable(value, depth: int = 0):
    """The value without any handle, with only what the database can hold."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {storable(str(k)[:80]): storable(v, depth + 1) for k, v in value.items() if not is_handle(k)}
    if isinstance(value, list):
        return [storable(v, depth + 1) for v in value]
    if isinstance(value, str):
        return storable_text(value, MAX_KEPT)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def kept_data(data: dict, known: set[str], lines: Mapping[str, set[str]] | None = None) -> dict:
    """What is kept of data that was not applied: known keys only, never a handle.

    `lines`: of each key that holds a list of objects, the keys known in them.
    """
    kept = {k: storable(v) for k, v in data.items() if k in known and not is_handle(k)}
    for name, inside in (lines or {}).items():
        if isinstance(kept.get(name), list):
            kept[name] = [kept_data(one, inside) for one in kept[name] if isinstance(one, dict)]
    return kept
