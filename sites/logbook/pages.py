"""What the logbook's forms offer and write."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sites.clockwork.services import now
from sites.overdoses.models import OverdoseEvent
from sites.people.terms import Permission
from sites.places.models import Site
from sites.records.corrections import typed_data
from sites.records.envelopes import as_uuid
from sites.records.handles import normalised
from sites.records.pages import new_id
from sites.records.together import Outcome, unreadable, write
from sites.visits.look_ups import TOO_MANY, Door, look_up
from sites.visits.models import Visit
from sites.visits.pages import moment
from sites.visits.queries import here_and_left

RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Sheet:
    """A form of the logbook. `subject`: the id that the record makes; `given`: what the page decides.

    `handle_words`: what asks for the handle, where it does; `tells`: whether the answer tells who agreed.
    """

    kind: str
    title: Promise | str
    hint: Promise | str = ""
    subject: str = ""
    links: tuple[str, ...] = ()
    given: dict = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    handle_words: Promise | str = ""
    tells: bool = False
    permission: Permission = Permission.RECORD_VISITS


SHEETS = {
    "service": Sheet("service.recorded", _("Service ou référence"), links=("visit",)),
    "check": Sheet(
        "drugcheck.recorded",
        _("Analyse de substance"),
        _(
            "Ce qui est déclaré, analysé ou présumé reste trois choses. Une bandelette ne répond que pour "
            "une substance : elle ne dit ni la composition, ni la force, ni ce qui est sans danger."
        ),
        links=("visit", "event"),
    ),
    "breach": Sheet(
        "breach.recorded",
        _("Manquement aux règles"),
        _("Une suspension a une fin et s’arrête d’elle-même. La personne peut demander une révision."),
        links=("visit",),
        handle_words=_("Pseudonyme, pour que la mesure se montre à la prochaine arrivée"),
    ),
    "alert": Sheet(
        "client.alerted",
        _("Alerte de soins"),
        _(
            "Avec l’accord de la personne, et seulement ce qui aide à bien l’accueillir. L’alerte se montre "
            "à son arrivée, finit d’elle-même, et la personne peut la retirer."
        ),
        handle_words=_("Pseudonyme, pour que l’alerte se montre à la prochaine arrivée"),
        tells=True,
        permission=Permission.CORRECT,
    ),
    "incident": Sheet(
        "incident.recorded", _("Incident"), subject="incident", links=("visit", "event")
    ),
    "left": Sheet(
        "leftbehind.recorded",
        _("Substance laissée"),
        _("Chaque étape porte deux signatures : la vôtre, puis celle d’une autre personne."),
        subject="left",
        given={"step": "found"},
        left_out=("step", "seal_no", "storage", "handed_to"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class About:
    """Visits and events that a record may be tied to."""

    visits: list
    events: list


def about(site: Site) -> About:
    """Who is here or has just left, and the events of the last day."""
    here, left = here_and_left(site)
    events = OverdoseEvent.objects.at(site).filter(opened_at__gte=now() - RECENT).order_by("-opened_at")
    return About(here + left, list(events))


def _links(request, sheet: Sheet) -> dict:
    """Ids of this site alone: another site's is as none."""
    known = {"visit": Visit, "event": OverdoseEvent}
    found = {}
    for name in sheet.links:
        ref = as_uuid(request.POST.get(name))
        if ref and known[name].objects.at(request.site).filter(ref=ref).exists():
            found[name] = str(ref)
    return found


def _may_be_told(request, handle: str) -> bool:
    return not normalised(handle) or look_up(request.site, handle, by=request.user.code, door=Door.DESK)


def record(request, sheet: Sheet, subject: uuid.UUID | None = None) -> Outcome:
    """Write the sheet as it was typed; nothing is kept of one that is refused."""
    if problems := unreadable(request):
        return Outcome(problems=problems)
    try:
        at = moment(request)
    except ValidationError as error:
        return Outcome(problems=[("time", error.messages[0])])
    data = typed_data(request.site, sheet.kind, at, request.POST)
    data |= sheet.given | _links(request, sheet)
    if sheet.handle_words:
        data["handle"] = request.POST.get("handle", "").strip()
        if sheet.tells and not _may_be_told(request, data["handle"]):
            return Outcome(problems=[("handle", str(TOO_MANY))])
    if subject:
        data[sheet.subject] = str(subject)
    return write(request, [(as_uuid(request.POST.get("record_id")) or new_id(), sheet.kind, data)], at)
