"""The public key that backups are closed with, and the private one that never stays here."""

import getpass
import sys
from pathlib import Path

import pyrage
from django.conf import settings
from django.utils.translation import gettext as _

from harmreduction.backups.container import Refused
from harmreduction.engines import vault

FILE = "backup-recipient.txt"
COMMENT = "#"


def new_pair() -> tuple[str, str]:
    """(public, private) of a fresh pair; the public half is kept in KEYS_DIR for the next backups."""
    private = pyrage.x25519.Identity.generate()
    public = str(private.to_public())
    vault.write(vault.make_private(Path(settings.KEYS_DIR)) / FILE, public + "\n")
    return public, str(private)


def recipient() -> pyrage.x25519.Recipient:
    """BACKUP_RECIPIENT, else the pair last made here. Raises Refused where there is none."""
    kept = Path(settings.KEYS_DIR) / FILE
    text = settings.BACKUP_RECIPIENT or (kept.read_text().strip() if kept.exists() else "")
    if not text:
        raise Refused(
            _("Aucune clé publique : `manage.py backup --new-key` en fait une, ou donnez BACKUP_RECIPIENT.")
        )
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Refused(_("BACKUP_RECIPIENT n’est pas une clé publique age (age1…).")) from None


def one_time() -> pyrage.x25519.Identity:
    """A pair that lives as long as this process: with it, a backup reads back what it wrote."""
    return pyrage.x25519.Identity.generate()


def identity(path: Path | None) -> pyrage.x25519.Identity:
    """The private key from a file, else typed, else read from standard input. Raises Refused."""
    try:
        text = path.read_text() if path else _typed()
        lines = [line.strip() for line in text.splitlines()]
        (found,) = [line for line in lines if line and not line.startswith(COMMENT)]
        return pyrage.x25519.Identity.from_str(found)
    except (OSError, ValueError, pyrage.IdentityError):
        raise Refused(_("Il faut la clé privée de la sauvegarde (AGE-SECRET-KEY-…), seule.")) from None


def _typed() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Clé privée de la sauvegarde : "))
    return sys.stdin.read()
