"""Where database, queue and secret are: the environment first, else what runs on DATA_DIR."""

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINES = "engines.json"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file


def data_dir() -> Path:
    return ROOT / (os.environ.get("DATA_DIR") or ".data")


def database_url() -> str | None:
    return os.environ.get("DATABASE_URL") or running().get("database_url")


def redis_url() -> str | None:
    return os.environ.get("REDIS_URL") or running().get("redis_url")


def secret_key() -> str | None:
    return os.environ.get("SECRET_KEY") or read(data_dir() / SECRET_KEY)


def running() -> dict:
    """The engines that run on DATA_DIR now, {} when none do."""
    return json.loads(read(data_dir() / ENGINES) or "{}")


def read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return None
