"""What was done when, in the words of the team: one line a record, times counted from the start."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from harmreduction.pg.at_once import read
from sites.codes.queries import label, values
from sites.naloxone.models import Lot
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.services import CLOSED, DOSE, OPENED, EventFold
from sites.overdoses.terms import AVPU, CALLS, RECOVERY_POSITION, RESEDATION, SITE_GIVERS, STOPPED, odd
from sites.people.models import Staff
from sites.places.models import Site
from sites.records.stories import Telling
from sites.templatetags.scs import number

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    record_id: uuid.UUID
    kind: str
    after: str
    words: str
    small: str
    strong: bool = False
    to_confirm: bool = False
    late: bool = False
    about: bool = False


def elapsed(seconds: float) -> str:
    """0:48, 12:05, 1:02:40; before the start, with a minus."""
    whole = abs(int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    clock = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"−{clock}" if seconds <= -1 else clock


def seconds_typed(text: str) -> int | None:
    """Reads 2:50, 1:02:40 or −0:30 back; anything else is None."""
    found = re.fullmatch(r"\s*([-−])?\s*(?:(\d{1,2}):)?(\d{1,3}):(\d{2})\s*", text)
    if not found or int(found[4]) > 59:
        return None
    total = int(found[2] or 0) * 3600 + int(found[3]) * 60 + int(found[4])
    return -total if found[1] else total


def place_words(event: OverdoseEvent) -> str:
    """« place 4 », « aire de repos »."""
    if event.booth:
        return _("place %(booth)s") % {"booth": event.booth}
    return label("location", event.location).lower()


def route_words(route: str) -> str:
    """« nasale », IM, IV, SC: short enough for a button."""
    return label("dose_route", route) if route == "in" else route.upper()


def timeline(site: Site, event: OverdoseEvent, folded: EventFold) -> list[Line]:
    """Every record that counts, newest first; those after the closing on top, said to be late."""
    told = [folded.opened, *folded.steps, *folded.doses, *([folded.closed] if folded.closed else [])]
    told.sort(key=lambda t: t.order)
    did = {t.data.get("responder", t.by) for t in [*told, *folded.after_closing]}
    found = read(
        Staff.objects.filter(code__in=did).values_list("code", "display_name"),
        Lot.objects.at(site).values_list("ref", "lot_code"),
    )
    names, lots = map(dict, found)
    order = {dose.record_id: n for n, dose in enumerate(folded.doses, start=1)}
    lines = [_line(event, t, order, names, lots) for t in told]
    lines += [_line(event, t, order, names, lots, late=True) for t in folded.after_closing]
    return lines[::-1]


def _line(event, telling: Telling, order: dict, names: dict, lots: dict, *, late: bool = False) -> Line:
    did = telling.data.get("responder", telling.by)
    who = names.get(did, did) or _("auteur à confirmer")
    small = _dose_words(telling, lots, who) if telling.kind == DOSE else who
    return Line(
        record_id=telling.record_id,
        kind=telling.kind,
        after=elapsed((telling.occurred_at - event.opened_at).total_seconds()),
        words=_words(event, telling, order.get(telling.record_id)),
        small=small,
        strong=telling.kind == DOSE,
        to_confirm=odd(telling.data.get("measure", ""), _value(telling)),
        late=late,
        about=telling.data.get("estimated", False),
    )


def _value(telling: Telling) -> Decimal | None:
    return Decimal(str(telling.data["value"])) if telling.data.get("value") is not None else None


def _words(event: OverdoseEvent, telling: Telling, dose_no: int | None) -> str:
    if telling.kind == OPENED:
        return _("Début · %(place)s") % {"place": place_words(event)}
    if telling.kind == CLOSED:
        return _("Intervention fermée")
    if telling.kind == DOSE:
        route = route_words(telling.data["route"])
        return _("Dose %(n)s · %(route)s") % {"n": dose_no or "", "route": route}
    return step_words(telling)


def step_words(telling: Telling) -> str:
    step, choice = telling.data["step"], telling.data.get("choice", "")
    if step == "call_911":
        return str(CALLS.get(choice, label("step", step)))
    if step == "airway" and choice == RECOVERY_POSITION:
        return _("Position latérale")
    if choice in AVPU:
        return _("Éveil : %(how)s") % {"how": AVPU[choice]}
    if step == "vitals":
        return measure_words(telling.data["measure"], telling.data["value"])
    name = label("step", step)
    if choice == STOPPED:
        return _("%(step)s : arrêt") % {"step": name}
    if choice == RESEDATION:
        return _("%(step)s · nouvelle sédation") % {"step": name}
    return f"{name} · {label('step_choice', choice)}" if choice else name


def measure_words(measure: str, value) -> str:
    """SpO₂ 88 %, Respiration 6 /min."""
    return f"{label('measure', measure)} {number(value)} {unit(measure)}".strip()


def unit(measure: str) -> str:
    row = values("measure").get(measure)
    return row.group if row else ""


def _dose_words(telling: Telling, lots: dict, who: str) -> str:
    given_by, lot = telling.data["given_by"], telling.data.get("lot")
    parts = [_("%(mg)s mg") % {"mg": number(telling.data["dose_mg"])}]
    if lot:
        parts.append(_("lot %(code)s") % {"code": lots.get(uuid.UUID(lot)) or _("pas encore reçu")})
    elif given_by in SITE_GIVERS:
        parts.append(_("sans lot"))
    parts.append(who if given_by in SITE_GIVERS else label("given_by", given_by))
    return " · ".join(parts)


def typed_clock(text: str, around: datetime) -> datetime | None:
    """A clock time (21 h 47, 21:47:30) on the day that brings it closest to `around`, in its zone."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*[h:]\s*(\d{2})(?:\s*(?:min|:)?\s*(\d{2}))?\s*", text, re.IGNORECASE)
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    same_day = around.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return min((same_day + n * ONE_DAY for n in (-1, 0, 1)), key=lambda moment: abs(moment - around))
