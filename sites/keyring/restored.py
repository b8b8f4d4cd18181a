"""What a restore leaves behind: whether the database may be served, and whether anything is sealed."""

from sites.keyring.models import Restoration
from sites.keyring.services import missing_keys


def is_unfinished() -> bool:
    """A restore stopped half way: what must be destroyed before anything is served may still be there."""
    return Restoration.objects.filter(finished_at=None).exists()


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
