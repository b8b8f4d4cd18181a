"""What the worker does for `keyring`."""

from sites.keyring.services import unlink_outlived
from sites.places.each import all_in_sight


def finish_destroying_keys() -> None:
    with all_in_sight():
        unlink_outlived()
