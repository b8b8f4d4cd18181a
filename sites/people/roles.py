"""Who may do what, as sentences a manager can read."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sites.people.terms import Permission as P


@dataclass(frozen=True)
class Role:
    code: str
    name: Promise | str
    sentence: Promise | str
    permissions: frozenset[P]
    on_site: bool = True
    # Whether a password alone is not enough to sign in.
    two_factors: bool = False


FLOOR = frozenset({P.SIGNED_IN, P.SEE_BOARD, P.RECORD_VISITS, P.RECORD_OVERDOSE})
LEAD = FLOOR | {P.USE_STOCK, P.CORRECT, P.REVIEW}
RUNS_THE_SYSTEM = "sysadmin"
OUTSIDE = frozenset({P.READ_RELEASES, P.DOWNLOAD_RELEASES, P.READ_REGISTERS, P.SEE_KEYS})

ROLES = [
    Role(
        "nurse",
        _("infirmière ou infirmier"),
        _("Accueille, soigne, note les surdoses présumées et compte la naloxone."),
        FLOOR | {P.USE_STOCK, P.CORRECT},
    ),
    Role(
        "worker",
        _("intervenante ou intervenant"),
        _("Accueille, note les visites et les surdoses présumées."),
        FLOOR | {P.USE_STOCK},
    ),
    Role("peer", _("pair aidant ou paire aidante"), _("Accueille et note comme l’équipe."), FLOOR),
    Role(
        "shift_lead",
        _("responsable de quart"),
        _("Fait comme l’équipe, corrige les saisies et règle ce qui attend."),
        LEAD,
    ),
    Role(
        "manager",
        _("gestionnaire"),
        _("Voit les rapports de son site, corrige, propose ce qu’il publie, règle le site et le personnel."),
        LEAD
        | OUTSIDE
        | {P.READ_REPORTS, P.ACT_ON_SIGNALS, P.STATUTORY_RETURN, P.PLAN_RELEASES, P.SET_UP, P.MANAGE_STAFF}
        | {P.KEEP_REGISTERS, P.IMPORT_REGISTERS},
        two_factors=True,
    ),
    Role(
        "privacy_officer",
        _("responsable de la protection des renseignements"),
        _("Lit la piste, tient les registres, inscrit les destinataires; n’ouvre aucune visite."),
        OUTSIDE
        | {P.SIGNED_IN, P.READ_TRAIL, P.MANAGE_RECIPIENTS, P.SIGN_REGISTER, P.KEEP_REGISTERS}
        | {P.MANAGE_RETENTION},
        two_factors=True,
    ),
    Role(
        RUNS_THE_SYSTEM,
        _("administration du système"),
        _("Règle les sites et le personnel; ne voit aucune visite ni aucun rapport interne."),
        frozenset({P.SIGNED_IN, P.SET_UP, P.MANAGE_STAFF, P.SEE_KEYS}),
        two_factors=True,
    ),
    Role(
        "security",
        _("agente ou agent d’accueil"),
        _("Voit le tableau et peut signaler une surdose présumée; ne note pas de visite."),
        frozenset({P.SIGNED_IN, P.SEE_BOARD, P.RECORD_OVERDOSE}),
    ),
    Role(
        "ph_reader",
        _("lectrice ou lecteur de santé publique"),
        _("Lit les rapports anonymisés et rien d’autre."),
        frozenset({P.SIGNED_IN, P.READ_RELEASES, P.DOWNLOAD_RELEASES}),
        on_site=False,
    ),
]
BY_CODE = {role.code: role for role in ROLES}
CHOICES = [(role.code, role.name) for role in ROLES]
