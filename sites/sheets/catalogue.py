"""Every sheet that can be printed blank, and typed in afterwards in the same order."""

from django.utils.translation import gettext_lazy as _

from sites.codes.queries import choices, in_force
from sites.naloxone.models import Product
from sites.naloxone.queries import lots_on_hand
from sites.naloxone.terms import ProductKind
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import today
from sites.sheets import told
from sites.sheets.columns import ANSWER, DAY, NUMBER, TEXT, TIME, Column, Options, Sheet
from sites.supplies.terms import DIRECTIONS
from sites.visits.queries import booths

NOT_BY_HAND = {"vitals", "response_end"}


def _booths(site: Site) -> Options:
    return [(booth.label, booth.label) for booth in booths(site)]


def _gestures(site: Site) -> Options:
    """Steps, measures and doses in one list, as they are written in one column."""
    day = today(site)
    steps = [(f"{told.STEP}:{c}", w) for c, w in choices("step", day) if c not in NOT_BY_HAND]
    measures = [(f"{told.MEASURE}:{c}", w) for c, w in choices("measure", day)]
    given = Product.objects.filter(kind=ProductKind.NALOXONE)
    doses = [(f"{told.DOSE}:{p.code}", p.name) for p in given if in_force(p, day)]
    return steps + measures + doses


def _exchanges(site: Site) -> Options:
    return [(kind, str(direction.label).capitalize()) for kind, direction in DIRECTIONS.items()]


def _lots(site: Site) -> Options:
    """Lots of naloxone that a dose may be taken from."""
    return [
        (str(row.lot.ref), f"{row.lot.lot_code} · {row.lot.product.name}")
        for row in lots_on_hand(site)
        if row.lot.product.kind == ProductKind.NALOXONE and not row.expired
    ]


def _to_count(site: Site) -> list[tuple[str, list[str]]]:
    """Every lot with something in it, as the shelf shows it; what is expected is not told."""
    return [
        (
            str(row.lot.ref),
            [row.lot.product.name, row.lot.lot_code, row.lot.expiry.isoformat() if row.lot.expiry else "–"],
        )
        for row in lots_on_hand(site)
        if row.units
    ]


AT = Column("time", _("Heure"), TIME, needed=True, width=2)

SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "visits",
            _("Visites"),
            _("Une ligne par personne. Jamais de nom ni de pseudonyme sur papier."),
            (
                Column("time", _("Arrivée"), TIME, needed=True),
                Column("substances", _("Quoi?"), codes="substances", many=True, width=5),
                Column("route", _("Comment?"), codes="route", width=3),
                Column("booth", _("Place"), options=_booths, width=1),
                Column("seated", _("Assise à"), TIME),
                Column("left", _("Départ à"), TIME),
                Column("discharge_to", _("Vers"), codes="discharge_to", width=3),
                Column("left_reason", _("Sans consommer : pourquoi"), codes="left_reason", width=3),
                Column("age_band", _("Âge"), codes="age_band"),
                Column("gender", _("Genre"), codes="gender"),
            ),
            told.visits,
            rows=12,
            wide=True,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "overdose",
            _("Surdose présumée"),
            _("Respirer d’abord : le papier attend. Une feuille par événement, une ligne par geste."),
            (
                AT,
                Column("what", _("Geste, mesure ou dose"), options=_gestures, needed=True, width=5),
                Column("value", _("Valeur"), TEXT, width=2),
                Column("given_by", _("Donnée par"), codes="given_by", width=3),
                Column("lot", _("Lot"), options=_lots, width=3),
            ),
            told.overdose,
            head=(
                Column("time", _("Début"), TIME, needed=True),
                Column("location", _("Lieu"), codes="location", needed=True, width=3),
                Column("booth", _("Place"), options=_booths),
                Column("presentation", _("Ce que ça semblait être"), codes="presentation", width=4),
                Column(
                    "substances_believed", _("Substances présumées par l’équipe"), codes="substances",
                    many=True, width=4,
                ),
                Column("endpoint_rr", _("Respirations à la fin"), TEXT),
                Column("endpoint_spo2", _("SpO₂ à la fin"), TEXT),
                Column("endpoint_awake", _("Éveillée à la fin"), codes="endpoint_awake"),
                Column("outcome", _("Ce qui a suivi"), codes="outcome", width=4),
                Column("ems_called", _("911"), codes="ems_called"),
                Column("ended", _("Fin"), TIME),
            ),
            rows=14,
            permission=Permission.RECORD_OVERDOSE,
        ),
        Sheet(
            "turn-aways",
            _("Refus à l’entrée"),
            _("Une ligne par motif et par moment; le nombre de personnes suffit."),
            (
                AT,
                Column("reason", _("Pourquoi?"), codes="turnaway_reason", needed=True, width=6),
                Column("count", _("Combien de personnes?"), NUMBER, needed=True, width=3),
            ),
            told.turn_aways,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "services",
            _("Services et références"),
            _("Donné ici, référé sur place ou ailleurs : les trois se comptent à part."),
            (
                AT,
                Column("kind", _("Quel service?"), codes="service", needed=True, width=5),
                Column("placement", _("Où?"), codes="placement", needed=True, width=4),
                Column("count", _("Combien de fois?"), NUMBER, width=2),
                Column("accepted", _("Acceptée"), ANSWER, width=2),
            ),
            told.services,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "drug-checks",
            _("Analyses de substances"),
            _("Une bandelette ne répond que pour une substance : ce n’est pas une composition."),
            (
                AT,
                Column("method", _("Méthode"), codes="check_method", needed=True, width=4),
                Column("expected", _("Attendu par la personne"), codes="substances", many=True, width=4),
                Column("detected", _("Trouvé par l’analyse"), codes="substances", many=True, width=4),
                Column("also_detected", _("Trouvé aussi"), codes="adulterant", many=True, width=3),
                Column("sample", _("Échantillon"), codes="sample_outcome", width=3),
            ),
            told.checks,
            wide=True,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "supplies",
            _("Échange de matériel"),
            _("Une ligne par article; sans heure, l’article va avec la ligne d’avant. À qui : jamais."),
            (
                Column("time", _("Heure"), TIME, width=2),
                Column("act", _("Remis, rapporté, ramassé"), options=_exchanges, width=3),
                Column("item", _("Article"), codes="supply", needed=True, width=5),
                Column("quantity", _("Nombre"), NUMBER, needed=True, width=2),
                Column("for_whom", _("Pour qui"), codes="for_whom", width=3),
            ),
            told.supplies,
            rows=13,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "naloxone-given",
            _("Naloxone remise"),
            _("Ce qui part avec quelqu’un; jamais à qui."),
            (
                AT,
                Column("kit_kind", _("Genre de trousse"), codes="kit_kind", needed=True, width=4),
                Column("count", _("Nombre"), NUMBER, needed=True),
                Column("trained", _("Personnes formées"), NUMBER, width=3),
            ),
            told.kits,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "stock-count",
            _("Compte du stock"),
            _("Compter sans voir l’attendu. Une case vide n’a pas été comptée : elle ne vaut pas zéro."),
            (Column("quantity", _("Quantité comptée"), NUMBER, width=3),),
            told.counts,
            head=(Column("time", _("Heure du compte"), TIME, needed=True),),
            fixed=_to_count,
            fixed_words=(_("Produit"), _("Lot"), _("Expiration")),
            permission=Permission.USE_STOCK,
        ),
        Sheet(
            "breaches",
            _("Manquements aux règles"),
            _("Une suspension a une fin. Jamais de nom sur papier."),
            (
                AT,
                Column("code", _("Quelle règle?"), codes="breach", needed=True, width=4),
                Column("action", _("Mesure"), codes="breach_action", needed=True, width=4),
                Column("until", _("Jusqu’au"), DAY, width=3),
                Column("appeal", _("Révision expliquée"), ANSWER),
            ),
            told.breaches,
            permission=Permission.RECORD_VISITS,
        ),
        Sheet(
            "incidents",
            _("Incidents"),
            _("Avertir l’autorité dans le délai du site, feuille ou pas."),
            (
                AT,
                Column("kind", _("Que s’est-il passé?"), codes="incident", needed=True, width=4),
                Column("location", _("Lieu"), codes="location", width=3),
                Column("ems_called", _("911"), codes="ems_called"),
                Column("notes", _("Précisions, sans nommer personne"), TEXT, width=7),
            ),
            told.incidents,
            rows=8,
            wide=True,
            permission=Permission.RECORD_VISITS,
        ),
    )
}  # fmt: skip
