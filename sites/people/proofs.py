"""Whether what came with a record shows that its author wrote it."""

from dataclasses import dataclass

from sites.people.models import Device
from sites.places.models import Site


@dataclass(frozen=True)
class Proof:
    """What a tablet seals beside a record: the PIN typed while offline, or the unlock it was given."""

    pin: str | None = None
    unlock: str | None = None


def proven(site: Site, device: Device | None, code: str, proof: Proof) -> bool:
    """A record that comes without a proof is believed (design §6); a proof that fails is not."""
    return proof.pin is None and proof.unlock is None
