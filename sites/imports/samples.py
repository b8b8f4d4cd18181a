"""A small file of each kind to start from: headings that are recognised, rows that may be imported."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from sites.codes.queries import label
from sites.imports.fields import Register
from sites.naloxone.models import Product
from sites.places.models import Site
from sites.places.queries import last_closed_day

A_WEEK_AGO = timedelta(days=7)


def sample(site: Site, register: Register) -> tuple[list[str], list[tuple]]:
    """(headings, rows) in the language in force; no one’s: made up."""
    day = last_closed_day(site) - A_WEEK_AGO
    return SAMPLES[register.name](day)


def _visits(day: date):
    headings = [
        _("Arrivée"), _("Départ"), _("Substances déclarées"), _("Voie"), _("Genre"),
        _("Âge ou tranche d’âge"), _("Départ vers"),
    ]  # fmt: skip
    return headings, [
        (f"{day} 18:05", "18:50", label("substances", "fentanyl"), label("route", "inj_iv"),
         label("gender", "f"), label("age_band", "30_39"), label("discharge_to", "street")),
        (f"{day} 18:20", "18:45", label("substances", "crack"), label("route", "inh_smoke"),
         label("gender", "m"), label("age_band", "40_49"), ""),
        (f"{day} 20:10", "", "", "", "", "", ""),
    ]  # fmt: skip


def _overdoses(day: date):
    headings = [
        _("Date"), _("Heure"), _("Lieu"), _("Ce que ça semblait être"), _("Ce qui a suivi"), _("911"),
        _("Doses de naloxone"), _("Quelle naloxone"), _("Donnée par"), _("Oxygène"),
    ]  # fmt: skip
    product = Product.objects.naloxone().first()
    return headings, [
        (str(day), "19:30", label("location", "booth"), label("presentation", "opioid_resp_depression"),
         label("outcome", "recov"), label("ems_called", "no"), 1, product.name if product else "",
         label("given_by", "staff_nurse"), _("oui")),
        (str(day), "21:15", label("location", "washroom"), label("presentation", "mixed"),
         label("outcome", "transport"), label("ems_called", "yes"), "", "", "", _("oui")),
    ]  # fmt: skip


def _kits(day: date):
    return [_("Date"), _("Genre de trousse"), _("Nombre"), _("Personnes formées")], [
        (str(day), label("kit_kind", "nasal"), 6, 2),
        (str(day), label("kit_kind", "injectable"), 2, 0),
    ]


def _supplies(day: date):
    headings = [
        _("Date"),
        label("supply", "needle_27g"),
        label("supply", "pipe_straight"),
        label("supply", "water"),
    ]
    return headings, [(str(day), 240, 12, 90), (str(day - timedelta(days=1)), 180, 20, 75)]


def _turn_aways(day: date):
    return [_("Date"), _("Heure"), _("Pourquoi?"), _("Combien de personnes?")], [
        (str(day), "19:40", label("turnaway_reason", "full"), 2),
        (str(day), "", label("turnaway_reason", "route_not_offered"), 1),
    ]


SAMPLES = {
    "visits": _visits,
    "overdoses": _overdoses,
    "kits": _kits,
    "supplies": _supplies,
    "turn-aways": _turn_aways,
}
