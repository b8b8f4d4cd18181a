import json
from collections.abc import Iterator
from dataclasses import asdict

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.audit.services import audit_faults
from sites.keyring.services import outlived
from sites.keyring.startup import wrong_keys
from sites.management.base import SiteCommand
from sites.oversight.database import database_faults
from sites.oversight.verifying import trail_faults
from sites.retention.certificates import certificate_faults
from sites.retention.mirror import behind


def keys_faults() -> Iterator[dict]:
    if why := wrong_keys():
        yield {"check": "keys", "what": why}


def chain_faults() -> Iterator[dict]:
    for fault in trail_faults():
        yield {"check": "trail"} | asdict(fault)


def destruction_faults() -> Iterator[dict]:
    yield from certificate_faults()
    for site in behind():
        yield {"check": "certificate", "site": site, "what": "older than the last destruction"}
    for name in outlived():
        yield {"check": "certificate", "key": name, "what": "destroyed and still here"}


# Keys first: without them the trail cannot be read.
CHECKS = [keys_faults, database_faults, chain_faults, destruction_faults, audit_faults]


class Command(SiteCommand):
    help = _("Prouve que la base est comme elle a été écrite; une ligne JSON par faute, statut 1.")

    def run(self, **options):
        found = 0
        for check in CHECKS:
            with transaction.atomic():
                for fault in check():
                    found += 1
                    self.stdout.write(json.dumps(fault, ensure_ascii=False))
            if found and check is keys_faults:
                break
        if found:
            raise CommandError(_t("%(count)s fautes.") % {"count": found})
        return _t("Rien à signaler.")
