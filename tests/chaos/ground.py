"""Two sites with staff and tablets, before anything dies.

Prints [{token, by, site, booth, lot, key, unlock}]; the last has no booth.
"""

import json
import os
import sys
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
django.setup()

from django.db import transaction  # noqa: E402 - models are read after the set-up

from harmreduction.pg.scope import acting  # noqa: E402
from sites.keyring.boxes import public_key  # noqa: E402
from sites.people.devices import enrol  # noqa: E402
from sites.people.models import Staff  # noqa: E402
from sites.people.proofs import unlock  # noqa: E402
from tests.factories import make_site  # noqa: E402

SITES = ("S01", "S02")
BOOTHS = ("1", "2", "3", "4")


def main() -> int:
    with transaction.atomic():
        sites = [make_site(code) for code in SITES]
        with acting(sites=[site.pk for site in sites]):
            told = [a_tablet(site, booth) for booth in BOOTHS for site in sites]
            told.append(a_tablet(sites[0], ""))
    print(json.dumps(told))
    return 0


def a_tablet(site, booth: str) -> dict:
    device, token = enrol(site, f"Booth {booth}")
    by = f"{site.code.lower()}-01"
    _held, proof = unlock(device, Staff.objects.get(code=by))
    return {
        "token": token,
        "by": by,
        "site": site.code,
        "booth": booth,
        "lot": str(uuid.uuid4()),
        "key": public_key(site),
        "unlock": proof,
    }


if __name__ == "__main__":
    sys.exit(main())
