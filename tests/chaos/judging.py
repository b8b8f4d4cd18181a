"""What is there once all is calm, against what was acknowledged and told: one finding a line, as JSON.

Reads {"receipts": {id: status}, "sites": {code: {"adds_up", "kinds", "lots"}}} from standard input.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
django.setup()

from django.apps import apps  # noqa: E402 - models are read after the set-up
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402

from harmreduction.pg.scope import acting  # noqa: E402
from sites.indicators.models import DailyCount  # noqa: E402
from sites.indicators.terms import ALL  # noqa: E402
from sites.naloxone.models import StockMovement  # noqa: E402
from sites.places.models import Site  # noqa: E402
from sites.records.models import Record  # noqa: E402
from sites.records.stories import KINDS, Fact, story_of  # noqa: E402
from sites.trail.models import TrailEntry  # noqa: E402

# What is folded from records and nothing else.
FOLDED = {
    "Visit", "BoothStay", "Consumption", "TurnAway", "OverdoseEvent", "ResponseStep", "NaloxoneDose", "Lot",
    "StockMovement", "KitGiven", "KitUsed", "SupplyAct", "SupplyLine",
}  # fmt: skip
TAKEN = {"created", "duplicate", "held"}
SHOWN = 5


def main() -> int:
    told = json.load(sys.stdin)
    with transaction.atomic():
        sites = list(Site.objects.filter(code__in=told["sites"]))
        with acting(sites=[site.pk for site in sites]):
            for finding in [*of_all(told["receipts"]), *of_sites(sites, told["sites"])]:
                print(json.dumps(finding, default=str))
            transaction.set_rollback(True)
    return 0


def finding(name: str, wrong: list) -> dict:
    """{"name", "wrong", "some"}: how many are wrong, and a few of them."""
    return {"name": name, "wrong": len(wrong), "some": wrong[:SHOWN]}


# --- Of every record ---------------------------------------------------------------------
def of_all(receipts: dict[str, str]) -> Iterator[dict]:
    stored = {str(one): status for one, status in Record.objects.values_list("record_id", "status")}
    yield finding("acknowledged and lost", [one for one in receipts if one not in stored])
    yield finding("stored and never sent", [one for one in stored if one not in receipts])
    yield finding("stored and not applied", [one for one, status in stored.items() if status != "created"])
    yield finding("told something else", [(i, s) for i, s in receipts.items() if s not in TAKEN])
    yield finding("facts without a row of the trail", trail_differs())


def trail_differs() -> list:
    """By site, kind and subject: one row of the trail a record that was applied, no other."""
    facts = Record.objects.filter(status="created").order_by()
    said = TrailEntry.objects.filter(action__in=[*KINDS, "record.corrected", "record.voided"]).order_by()
    ours = facts.values_list("site_id", "kind", "subject").annotate(n=Count("id"))
    theirs = said.values_list("site_id", "action", "about_id").annotate(n=Count("id"))
    return sorted({(site, kind, str(subject), n) for site, kind, subject, n in ours} ^ set(theirs), key=repr)


# --- Of each site ------------------------------------------------------------------------
def of_sites(sites: list[Site], told: dict) -> Iterator[dict]:
    for site in sites:
        one = told[site.code]
        kinds = Counter(Record.objects.at(site).values_list("kind", flat=True))
        yield finding(f"{site.code}: records of a kind", differing(one["kinds"], kinds))
        yield finding(
            f"{site.code}: daily counts", differing(one["adds_up"], daily_counts(site, one["adds_up"]))
        )
        yield finding(f"{site.code}: units of a lot", differing(one["lots"], on_hand(site)))
        yield finding(f"{site.code}: rows that are not the fold of their records", refolded(site))


def differing(expected: dict, found: dict) -> list:
    names = expected.keys() | found.keys()
    return [
        (n, expected.get(n, 0), found.get(n, 0))
        for n in sorted(names)
        if expected.get(n, 0) != found.get(n, 0)
    ]


def daily_counts(site: Site, names) -> dict[str, int]:
    rows = DailyCount.objects.at(site).filter(indicator__in=list(names), category=ALL).order_by()
    return {name: int(value) for name, value in rows.values_list("indicator").annotate(Sum("value"))}


def on_hand(site: Site) -> dict[str, int]:
    rows = StockMovement.objects.at(site).order_by().values_list("lot_ref").annotate(Sum("units"))
    return {str(lot): units for lot, units in rows}


def refolded(site: Site) -> list:
    """Fold every story once more: what changes was not what its records say."""
    before = rows_of(site)
    told = Record.objects.at(site).filter(status="created", kind__in=KINDS).order_by()
    told = told.values_list("kind", "subject").distinct()
    stories = {(subject, KINDS[kind].story.name): KINDS[kind].story for kind, subject in told}
    for (subject, _name), story in stories.items():
        story.refresh(Fact(site, subject, None), story_of(site, subject))
    after = rows_of(site)
    return sorted(set(before.items()) ^ set(after.items()))


def rows_of(site: Site) -> Counter:
    """(table, row) → how often; without numbers that a fold may give anew."""
    found: Counter = Counter()
    for model in (m for m in apps.get_app_config("scs").get_models() if m.__name__ in FOLDED):
        listed = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if is_told(field))
        query = f'select row({listed})::text from "{model._meta.db_table}" where site_id = %s'  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, [site.pk])
            found.update((model.__name__, row) for (row,) in cursor.fetchall())
    return found


def is_told(field) -> bool:
    return not field.primary_key and not (field.is_relation and field.related_model.__name__ in FOLDED)


if __name__ == "__main__":
    sys.exit(main())
