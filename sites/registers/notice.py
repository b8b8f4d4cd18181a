"""Confidentiality incidents on paper: one as it is sent to the Commission, or the whole register."""

from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.paper.typeset import typeset
from sites.places.models import Site
from sites.places.queries import local
from sites.registers.incidents import keep_until, lines
from sites.registers.models import ConfidentialityIncident

TEMPLATE = Path(__file__).parent / "incidents.typ"


def register_pdf(site: Site, incidents: list[ConfidentialityIncident], title: str) -> bytes:
    at = now()
    told = {
        "lang": "en" if (get_language() or "fr").startswith("en") else "fr",
        "date": [at.year, at.month, at.day],
        "title": title,
        "site": f"{site.organisation.name} · {site.name}",
        "made": _("Fait le %(at)s") % {"at": date_format(local(site, at), "SHORT_DATETIME_FORMAT")},
        "page": _("page"),
        "law": _("Règlement sur les incidents de confidentialité (A-2.1, r. 3.1)"),
        "nothing": _("Aucun incident n’est inscrit."),
        "unsaid": _("Rien n’en est dit encore."),
        "to_fill": _("À remplir à la main avant l’envoi"),
        "blanks": [
            _("Numéro d’entreprise du Québec"),
            _("Personne à joindre : fonction, téléphone, courriel"),
            _("Organisme semblable hors du Québec avisé, s’il y a lieu"),
        ],
        "alone": len(incidents) == 1,
        "incidents": [_told(site, one) for one in incidents],
    }
    return typeset(TEMPLATE, told, at)


def _told(site: Site, one: ConfidentialityIncident) -> dict:
    stated = date_format(local(site, one.stated_at), "SHORT_DATETIME_FORMAT")
    return {
        "name": _("Incident %(site)s-%(number)s") % {"site": site.code, "number": one.number},
        "stated": _(
            "Version %(version)s, inscrite le %(at)s par %(by)s; à garder au moins jusqu’au %(until)s"
        )
        % {"version": one.version, "at": stated, "by": one.stated_by, "until": keep_until(one.discovered_on)},
        "items": [
            {"title": title, "lines": [[line.label, line.value] for line in its]} for title, its in lines(one)
        ],
    }
