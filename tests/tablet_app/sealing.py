"""What sites/static/sites/tablet/seal.js does, written once more from the API's own description."""

import base64
import json
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def seal(key: dict, record: dict, **beside) -> dict:
    """A record of tests.factories.record as a tablet sends it; `beside` goes in with it (pin, unlock)."""
    inner = {name: record[name] for name in ("kind", "occurred_at", "entered_at", "by", "data")} | beside
    return closed(key, record["id"], json.dumps(inner).encode(), seq=record["seq"])


def closed(key: dict, record_id: str, content: bytes, *, seq: int = 1) -> dict:
    theirs = _bytes(key["public"])
    ours = ec.generate_private_key(ec.SECP256R1())
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    cipher = AESGCM(HKDF(SHA256(), length=32, salt=point + theirs, info=b"scs box 1").derive(shared))
    nonce = os.urandom(12)
    box = point + nonce + cipher.encrypt(nonce, content, f"{key['id']}|{record_id}".encode())
    return {"id": record_id, "seq": seq, "key_id": key["id"], "sealed": text(box)}


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(shown: str) -> bytes:
    return base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
