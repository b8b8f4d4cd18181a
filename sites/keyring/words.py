"""What people typed, sealed under the key of the month of writing, or, where the law has it read for years,
under one that lasts.

`S01-text-2026-11:…` or `S01-register:…`: the name of the key, then in base64url 12 bytes of nonce and
AES-256-GCM ciphertext, which authenticates the name. When the key dies, the text is gone from every copy.
"""

import base64
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.keyring.services import KeyMissing, held_key, key, name_of

PREFIX, LASTING = "text-", "register"
SEALED = re.compile(r"(.{1,60}-(?:text-\d{4}-\d\d|register)):([A-Za-z0-9_-]{38,})")
NONCE = 12


def seal(site, words: str, *, lasting: bool = False) -> str:
    """These words as they are kept: readable for as long as this month’s key lives, or the lasting one.

    `site`: None for what is of none, under the house’s own lasting key.
    """
    name = LASTING if lasting else f"{PREFIX}{timezone.now():%Y-%m}"
    nonce, full = secrets.token_bytes(NONCE), name_of(site, name)
    closed = AESGCM(key(site, name)).encrypt(nonce, words.encode("utf-8", "surrogatepass"), full.encode())
    return f"{full}:{base64.urlsafe_b64encode(nonce + closed).rstrip(b'=').decode()}"


def unseal(kept: str) -> str:
    """The words again; a note that they were destroyed when their key is no longer there."""
    found = SEALED.fullmatch(kept)
    if found is None:
        return kept
    raw = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
    try:
        opened = AESGCM(held_key(found[1])).decrypt(raw[:NONCE], raw[NONCE:], found[1].encode())
    except (KeyMissing, InvalidTag):
        return _("[texte détruit]")
    return opened.decode("utf-8", "surrogatepass")
