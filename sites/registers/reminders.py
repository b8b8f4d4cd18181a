"""What the registers ask somebody to do now. A reminder stops nothing: an emergency least of all."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harmreduction.pg.at_once import read
from sites.places.models import Site
from sites.registers.authorisations import Standing, standings_of, what_stands
from sites.registers.incidents import days_known, is_urgent, lacks, newest
from sites.registers.models import ConfidentialityIncident
from sites.registers.training import Due, due_in, table_of, told

# From this many days before an end on, the reminder is pressing.
PRESSING_DAYS = 30


@dataclass(frozen=True)
class Reminder:
    """One thing to do: its words, the page that does it (URL name, and id where it has one)."""

    words: str
    url: str
    pk: int | None = None
    urgent: bool = False


def reminders(site: Site) -> list[Reminder]:
    """The pressing ones first."""
    incidents, *rows = read(newest(site), *what_stands(site), *told(site))
    stand, trained = rows[:3], rows[3:]
    found = [
        *_incidents(incidents),
        *_authorisations(standings_of(site, *stand)),
        *_training(due_in(table_of(site, *trained))),
    ]
    return sorted(found, key=lambda one: not one.urgent)


def _incidents(newest: list[ConfidentialityIncident]) -> list[Reminder]:
    return [
        Reminder(
            _("Incident de confidentialité %(number)s, su depuis %(since)s : %(what)s")
            % {"number": row.number, "since": days(days_known(row)), "what": missing[0]},
            "confidentiality-incident",
            row.number,
            is_urgent(row),
        )
        for row in newest
        if (missing := lacks(row))
    ]


def days(n: int) -> str:
    return ngettext("%(n)s jour", "%(n)s jours", n) % {"n": n}


def _authorisations(standings: list[Standing]) -> list[Reminder]:
    return [
        reminder
        for one in standings
        if one.authorisation.withdrawn_on is None and not one.renewed
        for reminder in (*_end_of(one), *_conditions_of(one))
    ]


def _end_of(one: Standing) -> list[Reminder]:
    if one.ending is None or one.ending.stage is None:
        return []
    words = (
        _("%(paper)s : échue depuis %(days)s")
        if one.ending.days < 0
        else _("%(paper)s : finit dans %(days)s")
    )
    told = words % {"paper": one.authorisation, "days": days(abs(one.ending.days))}
    return [Reminder(told, "authorisation", one.authorisation.pk, one.ending.days <= PRESSING_DAYS)]


def _conditions_of(one: Standing) -> list[Reminder]:
    late = [looked for looked in one.conditions if looked.late] if one.in_force else []
    if not late:
        return []
    broken = any(looked.last and not looked.last.kept for looked in late)
    told = ngettext(
        "%(paper)s : %(n)s condition à vérifier", "%(paper)s : %(n)s conditions à vérifier", len(late)
    ) % {"paper": one.authorisation, "n": len(late)}
    return [Reminder(told, "authorisation", one.authorisation.pk, broken)]


def _training(lacking: list[Due]) -> list[Reminder]:
    return [Reminder(training_words(one), "training", urgent=False) for one in lacking]


def training_words(one: Due) -> str:
    """« Formation naloxone : 2 personnes sans formation à jour, 1 bientôt ». No name: a page has them."""
    parts = []
    if one.lacking:
        n = len(one.lacking)
        parts.append(ngettext("%(n)s personne à former", "%(n)s personnes à former", n) % {"n": n})
    if one.soon:
        n = len(one.soon)
        parts.append(
            ngettext("%(n)s à renouveler d’ici 30 jours", "%(n)s à renouveler d’ici 30 jours", n) % {"n": n}
        )
    return _("Formation, %(course)s : %(what)s") % {"course": one.course.label, "what": ", ".join(parts)}
