"""What a restore leaves behind: whether the database may be served, and whether anything is sealed."""

from django.db import connection

from sites.keyring.models import Restoration
from sites.keyring.services import missing_keys

# On the database itself: it is there before the first table, and no backup holds it.
UNFINISHED = "restore not finished"
SAID = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"


def is_unfinished() -> bool:
    """A restore stopped half way: it may differ, and what was destroyed since may be there again."""
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        return cursor.fetchone()[0] == UNFINISHED


def mark_unfinished() -> None:
    """As the owner, before the first row comes back."""
    _say(f"'{UNFINISHED}'")


def mark_finished() -> None:
    _say("null")


def _say(comment: str) -> None:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"comment on database {name} is {comment}")


def came_without_keys() -> bool:
    """The last restore found no keys here, so that missing ones are known and stop nothing but sealing."""
    last = Restoration.objects.order_by("-pk").values_list("sealing", flat=True).first()
    return last is False


def was_restored() -> bool:
    return Restoration.objects.exists()


def keys_are_back() -> None:
    """From now on, a missing key stops the start again."""
    Restoration.objects.filter(sealing=False).update(sealing=True)


def sealing_is_off() -> bool:
    """Until the keys are back, for the sites in sight."""
    return came_without_keys() and bool(missing_keys())
