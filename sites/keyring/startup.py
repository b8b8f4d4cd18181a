"""No start without the keys that the database has used (R10): nothing is drawn with another one."""

from collections import Counter

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from harmreduction.pg.scope import acting
from sites.keyring.models import KeyCheck
from sites.keyring.restored import came_without_keys, is_unfinished, keys_are_back
from sites.keyring.services import missing_keys
from sites.places.models import Site


def refuse_without_keys() -> None:
    """Exit with one line that names them. A database that is away is not asked: /readyz tells of it."""
    try:
        if why := _why_not():
            raise SystemExit(why)
    except DatabaseError:
        return
    finally:
        # Whoever imports us may fork: a connection must not be shared.
        connection.close()


def _why_not() -> str:
    with transaction.atomic():
        if is_unfinished():
            return _("La restauration n’est pas finie : recommencez-la dans une base vide.")
        known_to_be_lost = came_without_keys()
    why = wrong_keys()
    if known_to_be_lost and not why:
        with transaction.atomic():
            keys_are_back()
    return "" if known_to_be_lost else why


def wrong_keys() -> str:
    """Which keys are missing, different or shared, in one sentence; empty when all is well."""
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        missing, shared = missing_keys(), _shared()
    said = []
    if missing:
        said.append(_("Clés absentes de cette machine, ou différentes : %s.") % ", ".join(missing))
    if shared:
        said.append(_("La même clé porte plusieurs noms : %s.") % ", ".join(shared))
    return " ".join([*said, _("Remettez celles de KEYS_DIR.")]) if said else ""


def _shared() -> list[str]:
    checks = list(KeyCheck.objects.filter(destroyed_at=None).values_list("name", "digest"))
    times = Counter(digest for _name, digest in checks)
    return sorted(name for name, digest in checks if times[digest] > 1)
