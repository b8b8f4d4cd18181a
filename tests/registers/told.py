"""One of each thing in the registers of a site."""

from datetime import timedelta

from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import today
from sites.registers import services
from sites.registers.models import Authorisation, Condition, ConditionCheck, ConfidentialityIncident
from sites.registers.terms import Course, Paper, Rhythm


def an_incident(site: Site, words: str = "Une feuille du comptoir a été oubliée dehors.", **more):
    said = {
        "information": "Des comptes écrits à la main, sans pseudonyme.",
        "circumstances": words,
        "discovered_on": today(site) - timedelta(days=3),
    }
    return services.open_incident(ConfidentialityIncident(**said | more), site=site, by="s01-05")


def an_authorisation(site: Site, *, ends_in: int | None = 200, began: int = 400, kind=Paper.FEDERAL):
    day = today(site)
    row = Authorisation(
        kind=kind, number="SC-2026-7", issuer="Santé Canada", starts_on=day - timedelta(days=began),
        ends_on=None if ends_in is None else day + timedelta(days=ends_in),
    )  # fmt: skip
    return services.keep_authorisation(row, site=site, what=[], by="s01-05")


def a_condition(authorisation: Authorisation, rhythm=Rhythm.QUARTER, since: int = 0) -> Condition:
    row = Condition(words="Tenir la liste du personnel à jour.", role="manager", rhythm=rhythm)
    made = services.add_condition(row, authorisation=authorisation, by="s01-05")
    Condition.objects.filter(pk=made.pk).update(since=made.since - timedelta(days=since))
    made.refresh_from_db()
    return made


def a_check(condition: Condition, *, ago: int = 0, kept: bool = True) -> ConditionCheck:
    row = ConditionCheck(on=today(condition.site) - timedelta(days=ago), kept=kept, evidence="Liste relue.")
    return services.check_condition(row, condition=condition, by="s01-05")


def a_training(site: Site, staff: Staff, *, expires_in: int | None, course=Course.NALOXONE):
    day = today(site)
    expires = None if expires_in is None else day + timedelta(days=expires_in)
    return services.add_training(
        site, staff, course, done_on=day - timedelta(days=300), expires_on=expires, evidence="", by="s01-05"
    )


def of_the_registers(site: Site) -> None:
    an_incident(site)
    a_check(a_condition(an_authorisation(site)))
    services.set_course(site, Course.NALOXONE, roles=["nurse"], months=24, by="s01-05")
    a_training(site, Staff.objects.get(code=f"{site.code.lower()}-01"), expires_in=20)
