"""Every kind of item that needs a person, declared once: why it matters, what to do, which rows it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sites.logbook.queries import untold_rows
from sites.overdoses.deaths import undeclared_events
from sites.overdoses.models import NaloxoneDose, OverdoseEvent
from sites.overdoses.terms import SITE_GIVERS
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import day_bounds, today
from sites.records.models import Record
from sites.records.queries import imported, kept, to_confirm
from sites.records.terms import Status
from sites.review.models import Finding, Seen
from sites.review.terms import K
from sites.visits.models import Visit

Rows = Callable[[Site], QuerySet]


@dataclass(frozen=True)
class Kind:
    """`rows`: what waits at a site now; `ref`, `at` and `day` name their columns.

    `permission` is what it takes to solve one. With `may_be_right`, a person may say that it is right as it
    is. `lacks`: what a report says of a day that has one, ("visit", "open").
    """

    code: K
    why: Promise | str
    act: Promise | str
    rows: Rows
    ref: str = "ref"
    at: str = "at"
    day: str = "service_date"
    permission: Permission = Permission.REVIEW
    may_be_right: bool = False
    lacks: tuple[str, str] | None = None

    @property
    def words(self) -> str:
        return str(self.code.label)


# --- Rows -------------------------------------------------------------------------------
def _left_open(site: Site) -> QuerySet:
    """Of the days before: who is here today is no oversight."""
    begins = day_bounds(site, today(site))[0]
    return Visit.objects.at(site).filter(ended_at__isnull=True, arrived_at__lt=begins)


def _unfinished(site: Site) -> QuerySet:
    return OverdoseEvent.objects.at(site).filter(closed_at__isnull=True)


def _kept(status: Status) -> Rows:
    return lambda site: kept(site).filter(status=status)


def _without_lot(site: Site) -> QuerySet:
    """Doses that drew from no stock, unless someone said that none was to be drawn from, or a past register
    tells them.
    """
    right = Seen.objects.at(site).filter(kind=K.NO_LOT, ref=OuterRef("record_id"), taken_back_at__isnull=True)
    doses = NaloxoneDose.objects.at(site).filter(given_by__in=sorted(SITE_GIVERS), lot_ref__isnull=True)
    return doses.filter(~Exists(right)).exclude(imported("record_id", "record_id"))


def _found(kind: K) -> Rows:
    """What looks found, but for stories told further since: the next look says what is left of those."""

    def rows(site: Site) -> QuerySet:
        told = Record.objects.at(site).filter(
            subject=OuterRef("subject"), received_at__gt=OuterRef("looked_at"), status=Status.CREATED
        )
        return Finding.objects.at(site).filter(~Exists(told), kind=kind, seen=False)

    return rows


# --- The registry -----------------------------------------------------------------------
_AGAIN = _("Le rapport du jour compte sans elle.")

KINDS: dict[str, Kind] = {
    kind.code.value: kind
    for kind in (
        Kind(
            K.DEATH,
            _("Une autorité attend d’être avertie, souvent dans un délai fixé par la loi."),
            _("L’avertir, puis noter « Déclaré » avec le numéro de dossier."),
            undeclared_events,
            at="closed_at",
        ),
        Kind(
            K.INCIDENT,
            _("Ce genre d’incident se dit à une autorité, dans un délai."),
            _("Ouvrir l’incident et y noter qui a été averti."),
            untold_rows,
        ),
        Kind(
            K.EVENT,
            _("Sans ses réponses, l’événement n’est dans aucun compte de surdoses."),
            _("Ouvrir l’événement et répondre aux quatre questions."),
            _unfinished,
            at="opened_at",
            lacks=("event", "open"),
        ),
        Kind(
            K.VISIT,
            _("La personne compte comme encore à l’intérieur; la durée de sa visite manque."),
            _("Ouvrir la visite et noter le départ à l’heure où il a eu lieu, à peu près."),
            _left_open,
            at="arrived_at",
            lacks=("visit", "open"),
        ),
        Kind(
            K.CONFLICT,
            _("Deux saisies disent autre chose de la même chose; une seule compte."),
            _("Comparer les deux et choisir."),
            _kept(Status.CONFLICT),
            ref="record_id",
            at="occurred_at",
            lacks=("record", "conflict"),
        ),
        Kind(
            K.INVALID,
            _AGAIN,
            _("Reprendre la saisie si elle est juste maintenant, la noter autrement, ou la classer."),
            _kept(Status.INVALID),
            ref="record_id",
            at="occurred_at",
            lacks=("record", "invalid"),
        ),
        Kind(
            K.HELD,
            _("Elle parle d’une visite ou d’un événement qu’aucune tablette n’a encore envoyé."),
            _("Chercher la tablette qui n’a pas envoyé; classer si elle ne reviendra pas."),
            _kept(Status.HELD),
            ref="record_id",
            at="occurred_at",
            lacks=("record", "held"),
        ),
        Kind(
            K.QUARANTINED,
            _("Venue d’une tablette révoquée, d’une personne inconnue, ou scellée sous une autre clé."),
            _("Demander qui l’a notée; la reprendre ou la classer."),
            _kept(Status.QUARANTINED),
            ref="record_id",
            at="occurred_at",
            lacks=("record", "quarantined"),
        ),
        Kind(
            K.AUTHOR,
            _("Elle compte, mais personne n’a encore dit l’avoir notée."),
            _("Dire de qui elle est, ou l’annuler si elle n’est pas de nous."),
            to_confirm,
            ref="record_id",
            at="occurred_at",
            lacks=("record", "to_confirm"),
        ),
        Kind(
            K.NO_LOT,
            _("La dose n’est sortie d’aucun stock : le stock dit plus qu’il n’y a, un rappel l’oublierait."),
            _("Corriger la dose et choisir le lot, ou dire pourquoi il n’y en a pas."),
            _without_lot,
            ref="record_id",
            day="event__service_date",
            may_be_right=True,
            lacks=("dose", "no_lot"),
        ),
        Kind(
            K.NO_ENDPOINT,
            _("On ne sait pas comment la personne allait à la fin : l’événement est compté incomplet."),
            _("Corriger la fin de l’événement si quelqu’un s’en souvient; sinon, le dire."),
            _found(K.NO_ENDPOINT),
            may_be_right=True,
        ),
        Kind(
            K.BELOW_ZERO,
            _("Il est sorti plus que ce qui est entré : une réception manque, ou le lot est le mauvais."),
            _("Compter le lot, noter la réception oubliée, ou corriger le mouvement."),
            _found(K.BELOW_ZERO),
            permission=Permission.USE_STOCK,
        ),
        Kind(
            K.IMPLAUSIBLE,
            _("C’est rare : peut-être un mauvais bouton, un départ oublié ou un chiffre de trop."),
            _("Ouvrir et corriger avec une raison, ou dire que c’est juste."),
            _found(K.IMPLAUSIBLE),
            permission=Permission.CORRECT,
            may_be_right=True,
        ),
        Kind(
            K.CLOCK,
            _("L’heure de ces saisies a été remise à celle du serveur; celle de la tablette reste fausse."),
            _("Mettre la tablette à l’heure, automatique si possible; regarder si les heures ont du sens."),
            _found(K.CLOCK),
            may_be_right=True,
        ),
        Kind(
            K.BACKDATED,
            _("Le rapport de ce jour était peut-être déjà lu : ses chiffres ont changé depuis."),
            _("Regarder les saisies de ce jour; les corriger, ou dire que c’est juste."),
            _found(K.BACKDATED),
            permission=Permission.CORRECT,
            may_be_right=True,
        ),
    )
}


def kinds_for(staff) -> list[Kind]:
    """Those that this person may solve, in the order of the list."""
    return [kind for kind in KINDS.values() if staff.may(kind.permission)]
