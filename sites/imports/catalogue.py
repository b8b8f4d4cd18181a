"""Every kind of register that may be imported, with what its columns are usually called."""

from django.utils.translation import gettext_lazy as _

from sites.imports import told
from sites.imports.fields import AFTER, ANSWER, DAY, HANDLE, MOMENT, NUMBER, TIME, Field, Register
from sites.naloxone.models import Product
from sites.places.models import Booth, Site
from sites.sheets.columns import Options


def _booths(site: Site) -> Options:
    return [(booth.label, booth.label) for booth in Booth.objects.at(site)]


def _products(site: Site) -> Options:
    return [(product.code, product.name) for product in Product.objects.naloxone()]


WHEN = (
    Field("moment", _("Date et heure"), MOMENT, headings=("arrivée", "arrival", "arrival time", "date heure",
          "date/heure", "date et heure", "datetime", "date time", "timestamp", "horodatage", "check-in",
          "heure d'arrivée complète")),
    Field("day", _("Date seule"), DAY, headings=("date", "jour", "day", "service date", "jour de service",
          "date de service", "date d'arrivée", "arrival date")),
    Field("clock", _("Heure seule"), TIME, headings=("heure", "time", "hour", "heure d'arrivée",
          "heure arrivée", "arrivée à", "time in", "arrived at", "heure de début", "start time")),
)  # fmt: skip

REGISTERS = {
    register.name: register
    for register in (
        Register(
            "visits",
            _("Visites"),
            _("Une ligne par visite. Il faut la date et l’heure d’arrivée."),
            (
                *WHEN,
                Field("substances", _("Substances déclarées"), codes="substances", many=True, headings=(
                    "substance", "substances", "drogue", "drogues", "drug", "drugs", "produit", "quoi",
                    "substance consommée", "substance used", "drug used"), always=True),
                Field("route", _("Voie"), codes="route", headings=("voie", "route", "mode", "comment",
                    "voie d'administration", "mode de consommation", "method", "route of use"), always=True),
                Field("booth", _("Place"), options=_booths, headings=("place", "booth", "cubicule", "cabine",
                    "station", "no de place", "numéro de place")),
                Field("seated", _("Assise à"), AFTER, headings=("assise à", "heure de place", "seated at",
                    "booth time", "heure d'entrée", "entrée")),
                Field("left", _("Départ"), AFTER, headings=("départ", "sortie", "departure", "left", "exit",
                    "heure de départ", "heure de sortie", "time out", "left at", "departure time", "fin")),
                Field("gender", _("Genre"), codes="gender", headings=("genre", "sexe", "gender", "sex")),
                Field("age_band", _("Âge ou tranche d’âge"), codes="age_band", headings=("âge", "age",
                    "tranche d'âge", "groupe d'âge", "age group", "age band", "age range")),
                Field("discharge_to", _("Départ vers"), codes="discharge_to", headings=("vers", "destination",
                    "suite", "outcome", "discharge", "discharged to", "issue")),
                Field("left_reason", _("Partie sans consommer : pourquoi"), codes="left_reason", headings=(
                    "sans consommer", "raison de départ", "motif de départ", "left without using",
                    "reason for leaving")),
                Field("handle", _("Pseudonyme (haché, jamais gardé en clair)"), HANDLE),
            ),
            told.visits,
            shown=("visit.arrived", "consumption.recorded", "visit.left"),
            beside="arrivals",
        ),
        Register(
            "overdoses",
            _("Surdoses présumées"),
            _("Une ligne par événement. Sans heure, il compte dans son jour de service."),
            (
                *WHEN,
                Field("location", _("Lieu"), codes="location", headings=("lieu", "location", "endroit",
                    "place", "où", "where"), always=True, needed=True),
                Field("presentation", _("Ce que ça semblait être"), codes="presentation", headings=(
                    "présentation", "presentation", "type", "type d'événement", "event type", "nature"),
                    always=True, needed=True),
                Field("outcome", _("Ce qui a suivi"), codes="outcome", headings=("issue", "outcome", "suite",
                    "résultat", "result"), always=True, needed=True),
                Field("ems_called", _("911"), codes="ems_called", headings=("911", "ambulance", "ems",
                    "911 appelé", "911 called", "ems called", "ambulance appelée"), always=True),
                Field("doses", _("Doses de naloxone"), NUMBER, headings=("doses", "naloxone", "nb doses",
                    "nombre de doses", "doses de naloxone", "naloxone doses", "number of doses", "narcan")),
                Field("product", _("Quelle naloxone"), options=_products, headings=("produit", "product",
                    "format", "naloxone product", "type de naloxone"), always=True),
                Field("given_by", _("Donnée par"), codes="given_by", headings=("donnée par", "given by",
                    "par", "administered by", "administrée par"), always=True),
                Field("oxygen", _("Oxygène"), ANSWER, headings=("oxygène", "oxygen", "o2")),
                Field("breaths", _("Ventilation"), ANSWER, headings=("ventilation", "ballon-masque", "bvm",
                    "insufflations", "rescue breaths", "rescue breathing")),
                Field("stimulation", _("Stimulation"), ANSWER, headings=("stimulation", "stim")),
                Field("cpr", _("RCR · DEA"), ANSWER, headings=("rcr", "dea", "cpr", "aed", "cpr/aed",
                    "rcr/dea")),
                Field("substances_believed", _("Substances présumées"), codes="substances", many=True,
                    headings=("substance", "substances", "substance présumée", "suspected substance",
                    "drug")),
                Field("person", _("Qui"), codes="person", headings=("qui", "personne", "person")),
                Field("left", _("Fin"), AFTER, headings=("fin", "end", "heure de fin", "end time", "ended")),
            ),
            told.overdoses,
            shown=("overdose.opened", "overdose.dose"),
            beside="overdose_events",
            day_only=True,
        ),
        Register(
            "kits",
            _("Naloxone remise"),
            _("Une ligne par remise, ou par jour et par genre de trousse. Jamais à qui."),
            (
                *WHEN,
                Field("kit_kind", _("Genre de trousse"), codes="kit_kind", headings=("genre", "type",
                    "trousse", "kit", "kit type", "genre de trousse", "format"), always=True, needed=True),
                Field("count", _("Nombre"), NUMBER, headings=("nombre", "quantité", "count", "quantity",
                    "qty", "kits", "trousses", "nb", "number")),
                Field("form", _("Trousse ou dose seule"), codes="kit_form", headings=("forme", "form"),
                    always=True),
                Field("trained", _("Personnes formées"), NUMBER, headings=("formées", "personnes formées",
                    "trained", "people trained", "formations")),
                Field("recipient", _("À qui, en général"), codes="kit_recipient", headings=("à qui",
                    "recipient", "recipient type"), always=True),
            ),
            told.kits,
            shown=("kit.given",),
            beside="kits_distributed",
            day_only=True,
        ),
        Register(
            "supplies",
            _("Matériel remis"),
            _("Une ligne par remise ou par jour : une colonne par article, ou l’article et son nombre."),
            (
                *WHEN,
                Field("item", _("Article"), codes="supply", headings=("article", "item", "matériel",
                    "supply", "product", "produit"), always=True),
                Field("quantity", _("Nombre"), NUMBER, headings=("nombre", "quantité", "quantity", "qty",
                    "count", "nb", "number", "pieces")),
                Field("for_whom", _("Pour qui"), codes="for_whom", headings=("for whom", "destinataire"),
                    always=True),
                Field("location_kind", _("Où"), codes="location_kind", headings=("où", "lieu", "where",
                    "location"), always=True),
                Field("people", _("Personnes rejointes, environ"), NUMBER, headings=("personnes", "people",
                    "personnes rejointes", "people reached")),
            ),
            told.supplies,
            shown=("supplies.given",),
            beside="handouts",
            day_only=True,
            per_item=True,
        ),
        Register(
            "turn-aways",
            _("Refus à l’entrée"),
            _("Une ligne par motif et par moment ou par jour; le nombre de personnes suffit."),
            (
                *WHEN,
                Field("reason", _("Pourquoi?"), codes="turnaway_reason", headings=("motif", "raison",
                    "reason", "pourquoi"), always=True, needed=True),
                Field("count", _("Combien de personnes?"), NUMBER, headings=("nombre", "personnes", "count",
                    "people", "number", "nb", "combien")),
            ),
            told.turn_aways,
            shown=("turnaway.recorded",),
            beside="turned_away",
            day_only=True,
        ),
    )
}  # fmt: skip
