"""What a day still lacks, as a list a person can work through."""

from collections import Counter
from datetime import datetime

from django.utils.translation import gettext as _

from sites.codes.queries import label
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Site
from sites.reports.terms import Why
from sites.visits.models import Visit


def todo(site: Site, lacks: list[dict]) -> list[dict]:
    """[{"icon", "words", "url", "id", "at", "where"}]: visits and events one by one, the rest by reason."""
    rows = [
        _row("clock", _("Départ non noté"), "visit", visit.ref, visit.arrived_at, _booth(visit))
        for visit in _visits(site, lacks)
    ]
    for event in _events(site, lacks):
        place = label("location", event.location)
        rows.append(
            _row("octagon", _("Surdose présumée à finir"), "overdose", event.ref, event.opened_at, place)
        )
    rest = Counter(lack["why"] for lack in lacks if lack["kind"] in ("record", "dose"))
    return rows + [_row("users", _rest(why, n), "review") for why, n in rest.items()]


def _row(icon: str, words: str, url: str, ref=None, at: datetime | None = None, where="") -> dict:
    return {"icon": icon, "words": words, "url": url, "id": ref, "at": at, "where": where}


def _ids(lacks: list[dict], kind: str) -> list[str]:
    return [lack["id"] for lack in lacks if lack["kind"] == kind]


def _visits(site: Site, lacks: list[dict]):
    visits = Visit.objects.at(site).filter(ref__in=_ids(lacks, "visit"))
    return visits.select_related("booth").order_by("arrived_at")


def _events(site: Site, lacks: list[dict]):
    return OverdoseEvent.objects.at(site).filter(ref__in=_ids(lacks, "event")).order_by("opened_at")


def _booth(visit: Visit) -> str:
    return _("Place %(label)s") % {"label": visit.booth.label} if visit.booth else ""


def _rest(why: str, n: int) -> str:
    return _("Saisies à revoir : %(why)s (%(n)s)") % {"why": Why(why).label, "n": n}
