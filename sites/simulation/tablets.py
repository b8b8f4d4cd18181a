"""Codes by which anyone can try a tablet of the demo: they last for weeks, and a used one is made again."""

from datetime import timedelta

from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.enrolment import HALF, make_code
from sites.people.models import EnrolmentCode
from sites.people.terms import TabletPlace
from sites.places.models import Site
from sites.simulation.towns import BY

LASTS = timedelta(days=60)
# label, place: the first site has several, so that two tablets can meet.
AT_FIRST = [("Accueil", TabletPlace.COUNTER), ("Salle", TabletPlace.ROOM), ("Repos", TabletPlace.ROOM)]


def links(sites: list[Site], url: str, known: list[dict]) -> list[dict]:
    """[{"site", "url"}]: one for each tablet; those of `known` that still let one in are kept."""
    made = []
    for number, site in enumerate(sites):
        wanted = AT_FIRST if number == 0 else AT_FIRST[:1]
        with acting(sites=[site.pk]):
            codes = [c for c in _codes(known, site.code) if _stands(site, c)]
            for label, place in wanted[len(codes) :]:
                codes.append(make_code(site, by=BY, label=label, place=place, valid_for=LASTS))
        made += [{"site": site.code, "url": f"{url}/tablet/#{code}"} for code in codes]
    return made


def _codes(known: list[dict], site: str) -> list[str]:
    return [link["url"].partition("#")[2] for link in known if link["site"] == site]


def _stands(site: Site, code: str) -> bool:
    soon = timezone.now() + timedelta(days=1)
    return EnrolmentCode.objects.at(site).filter(name=code[:HALF], until__gt=soon).exists()
