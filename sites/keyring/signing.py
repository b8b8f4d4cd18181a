"""Signatures of a site's reports: Ed25519, the private half made from a key of this machine."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sites.keyring.services import key

REPORTS = "report-signing"


class Signer:
    """Signs for one site. Raises KeyMissing when its key is lost: nothing is signed with another one."""

    def __init__(self, site):
        self._private = Ed25519PrivateKey.from_private_bytes(key(site, REPORTS))
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = raw.hex()

    def sign(self, content: bytes) -> str:
        return base64.b64encode(self._private.sign(content)).decode()


def fingerprint(public: str) -> str:
    """What two people compare by voice: eight groups of four, from the digest of the public half."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4))


def signed_by(public: str, signature: str, content: bytes) -> bool:
    """Whether the holder of this public half signed these very bytes. Needs no key of ours, nor a network."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            base64.b64decode(signature, validate=True), content
        )
    except (InvalidSignature, ValueError):
        return False
    return True
