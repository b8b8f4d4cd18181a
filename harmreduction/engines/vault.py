"""Files in DATA_DIR that nobody else may read."""

import json
import os
import secrets
from pathlib import Path

NAMES = ["superuser", "scs", "scs_dump", "valkey"]


def make_private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write(path: Path, text: str) -> None:
    """All of it or nothing, and never readable by others in between."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def passwords(folder: Path) -> dict[str, str]:
    path = folder / "secrets.json"
    if not path.exists():
        write(path, json.dumps({name: secrets.token_urlsafe(24) for name in NAMES}))
    return json.loads(path.read_text())


def ensure_secret_key(path: Path) -> None:
    if not path.exists():
        write(path, secrets.token_urlsafe(48))
