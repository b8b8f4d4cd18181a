"""Confidentiality incidents as they stand: the newest statement of each, what it lacks, what changed."""

from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sites.places.models import Site
from sites.places.queries import service_date, today
from sites.registers.models import ConfidentialityIncident
from sites.registers.terms import DEFERRED_DAYS, KEPT_YEARS, Likelihood, Sensitivity

ABOUT_THE_STATEMENT = {"id", "site", "number", "version", "stated_at", "stated_by", "why"}
FIELDS = [
    field.name for field in ConfidentialityIncident._meta.concrete_fields
    if field.name not in ABOUT_THE_STATEMENT
]  # fmt: skip
# What the page lists under which heading, in the order of the regulation.
ITEMS: list[tuple[Promise, list[str]]] = [
    (gettext_lazy("1. Renseignements touchés"), ["information"]),
    (gettext_lazy("2. Circonstances"), ["circumstances", "cause"]),
    (gettext_lazy("3. Quand c’est arrivé"), ["occurred_from", "occurred_until", "occurred_words"]),
    (gettext_lazy("4. Quand on l’a su"), ["discovered_on"]),
    (gettext_lazy("5. Personnes touchées"), ["persons", "persons_in_quebec", "persons_words"]),
    (
        gettext_lazy("6. Risque de préjudice sérieux"),
        ["sensitivity", "consequences", "likelihood", "risk", "officer_consulted_on", "serious"],
    ),
    (
        gettext_lazy("7. Avis donnés"),
        [
            "commission_told_on", "minister_told_on", "persons_told_on", "persons_told_how",
            "public_notice_on", "public_notice_why", "others_told",
        ],
    ),
    (gettext_lazy("8. Mesures"), ["measures", "measures_coming"]),
]  # fmt: skip


def newest(site: Site) -> QuerySet[ConfidentialityIncident]:
    """Each incident of the site as it is stated now, the latest first."""
    every = ConfidentialityIncident.objects.at(site).select_related("site")
    return every.order_by("-number", "-version").distinct("number")


def versions(site: Site, number: int) -> list[ConfidentialityIncident]:
    """Everything stated of one incident, the newest first; empty when there is none."""
    rows = ConfidentialityIncident.objects.at(site).filter(number=number)
    return list(rows.select_related("site").order_by("-version"))


# --- What is still to be done ------------------------------------------------------------
def lacks(incident: ConfidentialityIncident) -> list[str]:
    """What the law still asks for, in words; empty when the entry is complete."""
    missing = []
    if incident.occurred_from is None and not incident.occurred_words:
        missing.append(_("dire quand c’est arrivé, au moins à peu près"))
    if incident.persons is None and not incident.persons_words:
        missing.append(_("dire combien de personnes sont touchées, au moins à peu près"))
    if incident.serious is None:
        missing.append(_("évaluer le risque de préjudice sérieux"))
    if incident.serious:
        missing += _untold(incident)
    if not incident.measures:
        missing.append(_("dire les mesures prises"))
    return missing


def _untold(incident: ConfidentialityIncident) -> list[str]:
    missing = []
    if incident.commission_told_on is None:
        missing.append(_("aviser la Commission d’accès à l’information"))
    if not _persons_told(incident):
        missing.append(_persons_to_tell(incident))
    return missing


def _persons_told(incident: ConfidentialityIncident) -> bool:
    return bool(incident.persons_told_on or incident.public_notice_on)


def _persons_to_tell(incident: ConfidentialityIncident) -> str:
    if not incident.persons_told_how:
        return _("aviser les personnes touchées, ou dire pourquoi pas encore")
    n = _days_stated(incident)
    words = ngettext(
        "aviser les personnes touchées (reporté il y a %(n)s jour)",
        "aviser les personnes touchées (reporté il y a %(n)s jours)",
        n,
    )
    return words % {"n": n}


def _is_deferred(incident: ConfidentialityIncident) -> bool:
    """Why the persons are not told yet was said, or said again, lately: no reason lasts by itself."""
    return bool(incident.persons_told_how) and _days_stated(incident) <= DEFERRED_DAYS


def _days_stated(incident: ConfidentialityIncident) -> int:
    return (today(incident.site) - service_date(incident.site, incident.stated_at)).days


def is_urgent(incident: ConfidentialityIncident) -> bool:
    """Nobody has judged the risk, or it is serious and someone who must be told is not, without a reason."""
    if not incident.serious:
        return incident.serious is None
    persons_wait = not (_persons_told(incident) or _is_deferred(incident))
    return incident.commission_told_on is None or persons_wait


def days_known(incident: ConfidentialityIncident) -> int:
    return (today(incident.site) - incident.discovered_on).days


def keep_until(discovered_on: date) -> date:
    """The first day on which the entry may be destroyed."""
    try:
        return discovered_on.replace(year=discovered_on.year + KEPT_YEARS)
    except ValueError:  # found out on 29 February
        return date(discovered_on.year + KEPT_YEARS, 3, 1)


# --- The risk ----------------------------------------------------------------------------
def looks_serious(sensitivity: str, consequences: list[str], likelihood: str) -> bool | None:
    """What three answers point to; None while one is missing. A person concludes, not this."""
    if not (sensitivity and likelihood):
        return None
    grave = sensitivity == Sensitivity.HIGH or len(consequences) > 1
    possible = likelihood != Likelihood.LOW
    both_middling = sensitivity != Sensitivity.LOW and likelihood == Likelihood.HIGH
    return bool(consequences) and ((grave and possible) or both_middling)


def pointer(incident: ConfidentialityIncident) -> str:
    """What the three answers point to, in one sentence."""
    found = looks_serious(incident.sensitivity, incident.consequences, incident.likelihood)
    if found is None:
        return ""
    if found:
        return _("Ces réponses vont vers un risque sérieux : à vous de conclure, et de dire pourquoi.")
    return _("Ces réponses ne vont pas vers un risque sérieux : à vous de conclure, et de dire pourquoi.")


# --- In words ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One field of a statement as it is read."""

    name: str
    label: str
    value: str


def told(incident: ConfidentialityIncident, name: str) -> str:
    value = getattr(incident, name)
    if name == "consequences":
        labels = dict(incident._meta.get_field(name).base_field.flatchoices)
        return "; ".join(str(labels[code]) for code in value)
    if name == "serious":
        return "" if value is None else _("oui") if value else _("non")
    if name in ("sensitivity", "likelihood"):
        return str(getattr(incident, f"get_{name}_display")()) if value else ""
    return "" if value is None else str(value)


def label_of(name: str) -> str:
    """Without the number, which the heading bears."""
    words = str(ConfidentialityIncident._meta.get_field(name).verbose_name)
    return words[3:] if words[:1].isdigit() else words


def lines(incident: ConfidentialityIncident) -> list[tuple[str, list[Line]]]:
    """The eight items, each with what is said of it."""
    return [
        (str(title), [Line(n, label_of(n), told(incident, n)) for n in names if told(incident, n)])
        for title, names in ITEMS
    ]


def amended(
    newest: ConfidentialityIncident, read: ConfidentialityIncident, typed: ConfidentialityIncident
) -> ConfidentialityIncident:
    """The newest statement with what was typed over the one that was read."""
    both = copy(newest)
    for name in FIELDS:
        if getattr(typed, name) != getattr(read, name):
            setattr(both, name, getattr(typed, name))
    return both


def changes(before: ConfidentialityIncident, after: ConfidentialityIncident) -> list[tuple[str, str, str]]:
    """[(label, before, after)] of what an amendment changed."""
    return [
        (label_of(name), told(before, name), told(after, name))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
