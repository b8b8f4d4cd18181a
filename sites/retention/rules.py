"""How long each category is kept, why, and what then happens. Declared here and nowhere else."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sites.holds import services as holds

TRAIL = "trail"
PURPOSE = _(
    "Loi sur la protection des renseignements personnels dans le secteur privé (P-39.1), art. 23 : détruire "
    "quand la fin est accomplie."
)
EXEMPTION = _(
    "P-39.1, art. 23; dossiers que l’exemption (LRCDAS, art. 56.1) fait tenir à la disposition de "
    "l’inspection, selon la lettre."
)
LOGS = _("LRSSS, art. 90 : journaliser et surveiller les accès; P-39.1, art. 23.")
BREACHES = _("P-39.1, art. 3.8, et règlement A-2.1, r. 3.1 : au moins cinq ans depuis la découverte.")
DISCLOSED = _("LRSSS, art. 265 : registre des communications.")
PROMISE = _("Promesse faite aux personnes : personne ne peut être reconnu ensuite. P-39.1, art. 23.")


@dataclass(frozen=True)
class Rule:
    """A category: months kept (as signed, within `low` and `high`), what is destroyed, what stays.

    `counted`: daily counts are made of it, so that its destroyed days are not counted again.
    """

    code: str
    name: Promise | str
    goes: Promise | str
    law: Promise | str
    months: int
    low: int
    high: int
    counted: bool = True


@dataclass(frozen=True)
class Fixed:
    """What goes by itself, in every installation, by no one's signature; only a hold stops it."""

    code: str
    name: Promise | str
    goes: Promise | str
    after: Promise | str
    law: Promise | str = PROMISE


RULES = [
    Rule(
        "visits", _("Visites et refus à la porte"),
        _("Saisies, visites, places occupées et consommations sont supprimées; les comptes du jour restent."),
        EXEMPTION, 24, 12, 60,
    ),
    Rule(
        "overdoses", _("Surdoses présumées"),
        _("Saisies, gestes, doses et avis aux autorités sont supprimés; les comptes du jour restent."),
        EXEMPTION, 24, 24, 84,
    ),
    Rule(
        "counter", _("Services, matériel et trousses remis"),
        _("Saisies et lignes remises ou rapportées sont supprimées; les comptes du jour restent."),
        EXEMPTION, 24, 12, 60,
    ),
    Rule(
        "checks", _("Analyses de substances"),
        _("Saisies et résultats sont supprimés; les comptes du jour restent."), EXEMPTION, 24, 12, 60,
    ),
    Rule(
        "incidents", _("Incidents, mesures et substances laissées"),
        _("Saisies et fiches sont supprimées; les comptes du jour restent."), EXEMPTION, 24, 24, 84,
    ),
    Rule(
        "shifts", _("Remarques, alertes de soins et passages de quart"),
        _("Saisies et fiches sont supprimées."), PURPOSE, 24, 12, 60,
    ),
    Rule(
        "stock", _("Lots et mouvements de stock"),
        _("L’histoire d’un lot vide est supprimée en entier; un lot où il reste quelque chose attend."),
        EXEMPTION, 36, 24, 84,
    ),
    Rule(
        "people", _("Personnes qui ont accepté d’être reconnues"),
        _("Code et ententes sont supprimés, comptés depuis la dernière entente ou visite reliée."),
        PURPOSE, 24, 12, 60,
    ),
    Rule(
        "aside", _("Saisies refusées, en attente ou mises de côté"),
        _("Supprimées, réglées ou non, comptées depuis leur réception."), PURPOSE, 24, 12, 60,
    ),
    Rule(
        "texts", _("Notes, remarques et raisons tapées"),
        _("La clé du mois d’écriture est détruite : le texte ne se lit plus, même dans une copie."),
        PURPOSE, 12, 1, 24, counted=False,
    ),
    Rule(
        "access", _("Déverrouillages et codes d’inscription des tablettes"), _("Supprimés."),
        LOGS, 12, 6, 24, counted=False,
    ),
    Rule(
        "leavers", _("Noms affichés du personnel parti"),
        _(
            "Le nom fait place au code, que la piste et les signatures gardent. Mot de passe, code de "
            "tablette, second facteur et sessions sont partis dès la fermeture du compte."
        ),
        EXEMPTION, 24, 12, 60, counted=False,
    ),
    Rule(
        "signals", _("Signaux, alertes et qui les a lues"), _("Supprimés."),
        PURPOSE, 24, 12, 60, counted=False,
    ),
    Rule(
        "review", _("Ce qui était à revoir et qui l’a dit juste"), _("Supprimé."),
        PURPOSE, 24, 12, 60, counted=False,
    ),
    Rule(
        TRAIL, _("Piste : qui a fait ou regardé quoi"),
        _(
            "Lignes supprimées par jours entiers, les plus vieilles d’abord, jamais avant la plus longue des "
            "autres durées. Une ancre signée reste, d’où la chaîne se vérifie."
        ),
        LOGS, 84, 60, 120, counted=False,
    ),
    Rule(
        "breaches", _("Registre des incidents de confidentialité"),
        _("Lignes supprimées, comptées depuis la découverte."), BREACHES, 84, 60, 120, counted=False,
    ),
    Rule(
        "disclosures", _("Registre des communications"), _("Lignes supprimées."),
        DISCLOSED, 84, 60, 120, counted=False,
    ),
]  # fmt: skip

FIXED = [
    Fixed(
        "handles", _("Pseudonymes"), _("Jamais écrits; le code gardé avec la visite s’efface à sa fin."),
        _("au départ"),
    ),
    Fixed(
        holds.LINKS, _("Lien d’une visite à une personne"), _("Le lien est coupé; la visite reste."),
        _("35 jours après le mois scellé"),
    ),
    Fixed(
        holds.TOKENS, _("Jetons des personnes différentes"), _("Jetons et clé détruits; le compte reste."),
        _("48 heures après le jour ou le mois"),
    ),
    Fixed(
        holds.MARKS, _("Code d’une personne dans la piste"),
        _("La clé du mois est détruite; la piste reste."),
        _("35 jours après le mois"),
    ),
    Fixed(
        holds.SUSPENSIONS, _("Personne visée par une mesure ou une alerte"),
        _("Le lien est coupé; la mesure ou l’alerte reste."),
        _("à la fin de la mesure ou de l’alerte"),
    ),
    Fixed(
        holds.BOXES, _("Clés des saisies scellées par les tablettes"), _("La clé remplacée est détruite."),
        _("90 jours après la suivante"), PURPOSE,
    ),
    Fixed(
        "sessions", _("Sessions du personnel"), _("Supprimées; l’ouverture reste dans la piste."),
        _("12 heures au plus"), LOGS,
    ),
]  # fmt: skip

BY_CODE = {rule.code: rule for rule in RULES}
CATEGORIES = {one.code: one.name for one in [*RULES, *FIXED] if one.code not in ("handles", "sessions")}
