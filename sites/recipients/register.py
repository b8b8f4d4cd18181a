"""The anonymization register that Québec’s regulation asks for, filled from what the system does.

Regulation A-2.1, r. 0.1: description, purposes, techniques, measures, dates; and the analysis by the three
criteria (individualization, correlation, inference), redone every year and at every new plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, Sum
from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.clockwork.services import now
from sites.keyring.models import KeyCheck
from sites.people.terms import Permission
from sites.places.models import Site
from sites.recipients.models import Recipient, RiskAnalysis
from sites.releases.files import CSV
from sites.releases.models import ExternalFigure, GateLog, LedgerCell, PlanLine, ReleaseFile, Stop
from sites.releases.plan import in_force
from sites.releases.publishing import outside
from sites.releases.released import BY_CODE, PLAN_ORDER
from sites.releases.terms import LATE, NARROWEST, SMALLEST_MEAN
from sites.releases.words import METHOD, REGISTER

A_YEAR = timedelta(days=365)
SOON = timedelta(days=30)
Section = tuple[str, list[str]]


@dataclass(frozen=True)
class Evidence:
    """What the register is filled with: the plan in force, the ledger, and what the gate did."""

    sites: list[Site]
    lines: list[PlanLine]
    cells: int
    releases: int
    first: date | None
    last: date | None
    gate: dict
    stops: int
    external: int
    dead_keys: int
    recipients: list[Recipient]

    @property
    def indicators(self) -> list[str]:
        codes = {line.indicator for line in self.lines if not line.indicator.endswith(LATE)}
        return sorted(codes, key=PLAN_ORDER.__getitem__)

    @property
    def versions(self) -> list[str]:
        return sorted({line.plan_version for line in self.lines})

    @property
    def smallest_mean(self) -> float:
        means = [p["mean"] for line in self.lines if not line.indicator.endswith(LATE) for p in line.parts]
        return min(means, default=0)


def evidence() -> Evidence:
    """Keys, programs and figures of others: of the sites of who asks. The rest: of every site."""
    external = ExternalFigure.objects.count()
    dead_keys = KeyCheck.objects.filter(destroyed_at__isnull=False).count()
    recipients = list(Recipient.objects.filter(revoked_at=None).order_by("kind", "name"))
    # What it took tells of refusals too, so the release builder does not read it.
    took = GateLog.objects.aggregate(programs=Sum("programs"))
    with outside():
        lines = _plan_in_force(now().date())
        files = ReleaseFile.objects.filter(name=CSV)
        built = files.aggregate(first=Min("release_date"), last=Max("release_date"))
        gate = GateLog.objects.aggregate(
            cells=Sum("cells"),
            relations=Max("relations"),
            narrowest=Min("narrowest"),
        )
        return Evidence(
            sites=list(Site.objects.filter(pk__in={line.site_id for line in lines})),
            lines=lines,
            cells=LedgerCell.objects.count(),
            releases=files.count(),
            first=built["first"],
            last=built["last"],
            gate=gate | took,
            stops=Stop.objects.count(),
            external=external,
            dead_keys=dead_keys,
            recipients=recipients,
        )


def _plan_in_force(day: date) -> list[PlanLine]:
    lines: dict[int, list[PlanLine]] = {}
    for line in PlanLine.objects.all():
        lines.setdefault(line.site_id, []).append(line)
    return [
        held.line
        for its in lines.values()
        for versions in in_force(its).values()
        for held in versions
        if held.begins <= day <= held.until
    ]


# --- In words ----------------------------------------------------------------------------
def sections(known: Evidence) -> list[Section]:
    """The register in the language in force."""
    return [
        (_("Description des renseignements anonymisés"), _description(known)),
        (_("Finalités"), _purposes(known.recipients)),
        (_("Techniques"), _techniques(known)),
        (_("Mesures de protection et de sécurité"), _measures()),
        (_("Individualisation : peut-on isoler une personne?"), _individualization(known)),
        (_("Corrélation : peut-on relier des données d’une même personne?"), _correlation(known)),
        (_("Inférence : peut-on déduire quelque chose d’une personne?"), _inference(known)),
        (_("Risque qui reste"), [REGISTER["residual_risk"][_language()]]),
    ]


def _language() -> str:
    return "en" if (translation.get_language() or "fr").startswith("en") else "fr"


def _description(known: Evidence) -> list[str]:
    names = [getattr(BY_CODE[code].told, f"label_{_language()}") for code in known.indicators]
    regions = sorted({site.region_id for site in known.sites})
    return [
        _("Comptes de ce qui se passe dans les services, par site et par période : %(names)s.")
        % {"names": "; ".join(names) or _("rien encore")},
        _("Sites : %(sites)s; régions : %(regions)s; plans de publication en vigueur : %(plans)s.")
        % {"sites": len(known.sites), "regions": len(regions), "plans": ", ".join(known.versions) or "–"},
        _("Publications : %(releases)s, du %(first)s au %(last)s; cellules au registre scellé : %(cells)s.")
        % {"releases": known.releases, "first": known.first or "–", "last": known.last or "–",
           "cells": known.cells},
        _("Aucun renseignement sur une personne, une visite ou un événement ne sort : seulement ces sommes."),
    ]  # fmt: skip


def _purposes(recipients: Iterable[Recipient]) -> list[str]:
    told = [f"{who.name} ({who.get_kind_display()}) : {who.purpose} · {who.basis}" for who in recipients]
    return told or [REGISTER["purposes"][_language()]]


def _techniques(known: Evidence) -> list[str]:
    return [
        METHOD[_language()],
        _(
            "Un chiffre n’est prévu au plan que si sa moyenne est d’au moins %(least)s; la plus "
            "petite est de %(mean)s."
        )
        % {"least": SMALLEST_MEAN, "mean": localize(round(known.smallest_mean, 1))},
        _("Un seul événement ne pèse jamais plus qu’un pas d’arrondi (doses : 9 au plus par événement)."),
    ]


def _measures() -> list[str]:
    return [
        _("Le registre scellé ne peut qu’être complété, par permission de la base et par déclencheur."),
        _(
            "Ce qui bâtit les publications se connecte sous un rôle qui lit le registre et le plan, "
            "et aucun fait."
        ),
        _(
            "Les clés du tirage sont par site et par année, hors de la base et de ses copies, "
            "détruites ensuite."
        ),
        _(
            "Avant chaque scellement, une porte calcule ce qu’un lecteur pourrait déduire de tout ce "
            "qui est publié."
        ),
        _("Chaque remise est écrite au registre des communications avec sa finalité et son fondement."),
        _("Aucun extrait d’événements, nulle part, pour personne."),
    ]


def _individualization(known: Evidence) -> list[str]:
    narrowest = known.gate["narrowest"]
    return [
        _("Aucune ligne ne porte sur une personne; aucune catégorie n’est plus fine que le plan."),
        _(
            "La plus étroite fourchette qu’un lecteur puisse calculer pour une cellule : %(width)s "
            "(au moins %(least)s)."
        )
        % {"width": "–" if narrowest is None else narrowest, "least": NARROWEST},
    ]


def _correlation(known: Evidence) -> list[str]:
    return [
        _("Aucun identifiant ne sort, même codé; les tirages des cellules sont indépendants."),
        _(
            "Les personnes différentes sont comptées par des jetons sans lien avec une visite, "
            "détruits avec leur clé."
        ),
        ngettext(
            "%(n)s clé détruite à ce jour aux sites visibles ici.",
            "%(n)s clés détruites à ce jour aux sites visibles ici.",
            known.dead_keys,
        )
        % {"n": known.dead_keys},
    ]


def _inference(known: Evidence) -> list[str]:
    told = {name: value or 0 for name, value in known.gate.items()}
    return [
        _(
            "La porte a borné %(cells)s cellules, avec %(programs)s programmes linéaires et "
            "%(relations)s relations."
        )
        % told,
        _("Chiffres publiés par d’autres dont elle tient compte : %(external)s. Arrêts : %(stops)s.")
        % {"external": known.external, "stops": known.stops},
        _("Qui sait déjà qu’il est venu lit « de 1 à 4 » dans un 0; il n’apprend rien de quelqu’un d’autre."),
    ]


# --- Signed ------------------------------------------------------------------------------
def in_both(known: Evidence) -> dict[str, list]:
    """{"fr": [[title, [line]]], "en": …}: what is signed."""
    body = {}
    for name, language in (("fr", "fr-ca"), ("en", "en")):
        with translation.override(language):
            body[name] = [[str(title), [str(line) for line in lines]] for title, lines in sections(known)]
    return body


def why_due(versions: Iterable[str]) -> str:
    """Why an analysis must be signed now, or nothing. `versions`: of the plans in force."""
    last, today = RiskAnalysis.objects.first(), now().date()
    if not versions:
        return ""
    if last is None:
        return _("Aucune analyse n’est signée encore.")
    if not last.very_low:
        return _("La dernière analyse demande des mesures.")
    if not set(versions) <= set(last.plan_versions):
        return _("Un plan est entré en vigueur depuis la dernière analyse.")
    if last.next_review <= today + SOON:
        return _("L’analyse est à refaire d’ici le %(day)s.") % {"day": last.next_review}
    return ""


def versions_in_force() -> list[str]:
    with outside():
        return sorted({line.plan_version for line in _plan_in_force(now().date())})


def reminder_for(staff) -> str:
    """What whoever signs reads at the top of their pages when an analysis is due."""
    return why_due(versions_in_force()) if staff.may(Permission.SIGN_REGISTER) else ""
