"""What the recorder shows: the gestures as they stand, the doses, where it may be."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from harmreduction.pg import at_once
from sites.clockwork.services import now
from sites.codes.queries import in_force, label, values
from sites.naloxone.models import Product
from sites.naloxone.queries import clinical, held_today, lots_of, usable
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.protocol import begun
from sites.overdoses.services import EventFold, fold
from sites.overdoses.terms import (
    AVPU,
    CALLED,
    CALLS,
    CANCELLED,
    LIKELY,
    NOT_CALLED,
    RECOVERY_POSITION,
    RESEDATION,
    STOPPED,
    UNKNOWN_PLACE,
)
from sites.overdoses.timeline import elapsed, place_words, route_words, timeline, unit
from sites.places.models import Booth, Site
from sites.places.queries import today
from sites.records.stories import Telling, story_of
from sites.templatetags.scs import number
from sites.visits.queries import Named, numbered

OTHER_PLACES = (
    "chillout", "washroom", "waiting", "counter", "entrance", "perimeter", "outreach", UNKNOWN_PLACE,
)  # fmt: skip


@dataclass(frozen=True)
class Gesture:
    """One of the fourteen buttons. `panel` names what it opens; without one a tap writes at once."""

    key: str
    icon: str
    name: str
    detail: str = ""
    state: str = ""
    step: str = ""
    choice: str = ""
    panel: str = ""
    measure: str = ""
    value: str = ""
    unit: str = ""
    likely: tuple = ()


@dataclass
class Recorder:
    """Everything the page and its fragment need, read once."""

    site: Site
    event: OverdoseEvent
    folded: EventFold

    def __post_init__(self):
        lots, self.visits, self.booths, protocol, self.products = at_once.read(
            lots_of(self.site),
            numbered(self.site).filter(ref=self.event.visit_ref),
            Booth.objects.at(self.site).filter(retired=False).order_by("room__position", "position", "id"),
            begun(self.site)[:1],
            Product.objects.naloxone(),
        )
        self.protocol = next(iter(protocol), None)
        self.lots = clinical(held_today(self.site, lots))
        self.units = usable(self.lots)

    def after(self, telling: Telling) -> str:
        return elapsed((telling.occurred_at - self.event.opened_at).total_seconds())

    @cached_property
    def lines(self):
        return timeline(self.site, self.event, self.folded)

    @property
    def doses(self) -> list[dict]:
        """{"n", "after", "at", "mg", "route", "x"}; x places its dot under the countdown."""
        given = self.folded.doses
        return [
            {
                "n": n,
                "after": self.after(dose),
                "at": dose.occurred_at,
                "mg": dose.data["dose_mg"],
                "route": route_words(dose.data["route"]),
                "x": 90 + 16 * (n - 1) - 8 * (len(given) - 1),
            }
            for n, dose in enumerate(given, start=1)
        ]

    @property
    def mg(self) -> Decimal:
        return sum((Decimal(dose.data["dose_mg"]) for dose in self.folded.doses), Decimal(0))

    @property
    def next_dose(self) -> dict | None:
        """{"at", "seconds", "clock", "protocol"} of the dose given last; None without a protocol."""
        if not self.folded.doses or self.folded.ended_at:
            return None
        last = self.folded.doses[-1]
        intervals = self.protocol.intervals if self.protocol else {}
        seconds = intervals.get(last.data["product"], {}).get(last.data["route"])
        if not seconds:
            return None
        at = last.occurred_at + timedelta(seconds=seconds)
        left = max(0.0, (at - now()).total_seconds())
        return {"at": at, "seconds": seconds, "clock": elapsed(left), "protocol": elapsed(seconds)}

    @property
    def place_unknown(self) -> bool:
        """Nobody has said where yet."""
        return self.event.location == UNKNOWN_PLACE and not self.folded.opened.corrected

    @property
    def places(self) -> list[dict]:
        """Where it may be: {"place", "name", "here"}; booths first."""
        told = [(f"booth:{b.label}", _("Place %(booth)s") % {"booth": b.label}) for b in self.booths]
        told += [(code, label("location", code)) for code in OTHER_PLACES if code in values("location")]
        here = f"booth:{self.event.booth}" if self.event.booth else self.event.location
        return [{"place": place, "name": name, "here": place == here} for place, name in told]

    @property
    def place_words(self) -> str:
        return place_words(self.event)

    @property
    def who(self) -> Named | None:
        """The visit that the event is linked to, if it is here."""
        return next((Named(visit, visit.number) for visit in self.visits), None)

    @property
    def minutes(self) -> int:
        return int((now() - self.event.opened_at) / timedelta(minutes=1))

    @property
    def naloxone(self) -> list[dict]:
        """Products in force: {"product", "name", "left", "icon"}, strongest first."""
        day = today(self.site)
        return [
            {
                "product": product,
                "name": _("Naloxone nasale") if product.route == "in" else _("Naloxone IM"),
                "left": self.units.get(product.code, 0),
                "icon": "nasal" if product.route == "in" else "vial",
            }
            for product in self.products
            if in_force(product, day)
        ]

    @property
    def gestures(self) -> list[Gesture]:
        return [
            self._once("stimulation", "hand", _("Stimulation")),
            self._once("airway", "head", _("Voies dégagées"), without=RECOVERY_POSITION),
            self._oxygen(),
            self._breaths(),
            self._call(),
            self._ambulance(),
        ]

    @property
    def measures(self) -> list[Gesture]:
        return [
            self._measure("spo2", "sat", _("SpO₂")),
            self._measure("rr", "wave", _("Respiration")),
            self._awake(),
            self._once("airway", "side", _("Position latérale"), choice=RECOVERY_POSITION),
            self._once("cpr_aed", "heart", _("RCR · DEA")),
        ]

    @property
    def other_steps(self) -> list[Gesture]:
        names = values("step")
        codes = [
            ("rescue_breaths", ""), ("recognised", ""), ("other_med", ""), ("police_arrival", ""),
            ("observation_start", ""), ("observation_end", ""), ("observation_end", RESEDATION),
            ("call_911", NOT_CALLED), ("ems_departure", ""),
        ]  # fmt: skip
        return [
            Gesture(f"other-{step}-{choice}", "", self._other_name(step, choice), step=step, choice=choice)
            for step, choice in codes
            if step in names
        ]

    @property
    def other_measures(self) -> list[Gesture]:
        return [self._measure(m, "", "") for m in ("hr", "gcs", "glucose", "temp")]

    def _other_name(self, step: str, choice: str) -> str:
        name = label("step", step)
        if choice == RESEDATION:
            return _("Nouvelle sédation")
        return str(CALLS[choice]) if choice in CALLS else name

    def _told(self, step: str) -> list[Telling]:
        return [t for t in self.folded.steps if t.data["step"] == step]

    def _once(self, step: str, icon: str, name: str, *, choice: str = "", without: str = "") -> Gesture:
        told = [t for t in self._told(step) if not choice or t.data.get("choice") == choice]
        told = [t for t in told if not without or t.data.get("choice") != without]
        detail = f"✓ {self.after(told[-1])}" if told else ""
        return Gesture(f"{step}-{choice}", icon, name, detail, "done" if told else "", step, choice)

    def _oxygen(self) -> Gesture:
        last = self._told("oxygen_start") + self._told("oxygen_stop")
        last = max(last, key=lambda t: t.order, default=None)
        return self._running("oxygen", "o2", _("Oxygène"), last, last and last.data["step"] == "oxygen_start",
                             ("oxygen_start", ""), ("oxygen_stop", ""))  # fmt: skip

    def _breaths(self) -> Gesture:
        last = max(self._told("bvm"), key=lambda t: t.order, default=None)
        on = last and last.data.get("choice") != STOPPED
        return self._running("bvm", "lungs", _("Ballon-masque"), last, on, ("bvm", ""), ("bvm", STOPPED))

    def _running(self, key, icon, name, last, on, begin, end) -> Gesture:
        step, choice = end if on else begin
        detail, state = "", ""
        if on:
            detail, state = _("● depuis %(after)s") % {"after": self.after(last)}, "on"
        elif last:
            detail, state = _("arrêté à %(after)s") % {"after": self.after(last)}, "done"
        return Gesture(key, icon, name, detail, state, step, choice)

    def _call(self) -> Gesture:
        """The first touch says « appelé »; then it opens what may follow."""
        told = self._told("call_911")
        if not told:
            return Gesture("call_911", "phone", "911", step="call_911", choice=CALLED)
        last = told[-1]
        words = {
            CALLED: _("✓ appelé à %(after)s"),
            CANCELLED: _("annulé à %(after)s"),
            NOT_CALLED: _("pas appelé"),
        }
        detail = words[last.data["choice"]] % {"after": self.after(last)}
        return Gesture("call_911", "phone", "911", detail, "done", panel="call")

    def _ambulance(self) -> Gesture:
        here, gone = self._told("ems_arrival"), self._told("ems_departure")
        name = _("Ambulance")
        if gone:
            detail = _("✓ partie à %(after)s") % {"after": self.after(gone[-1])}
            return Gesture("ems", "amb", name, detail, "done", "ems_arrival")
        if here:
            detail = _("● arrivée à %(after)s") % {"after": self.after(here[-1])}
            return Gesture("ems", "amb", name, detail, "on", "ems_departure")
        return Gesture("ems", "amb", name, _("à l’arrivée"), "", "ems_arrival")

    def _measure(self, measure: str, icon: str, name: str) -> Gesture:
        told = [t for t in self._told("vitals") if t.data.get("measure") == measure]
        detail = self.after(told[-1]) if told else ""
        return Gesture(
            f"measure-{measure}", icon, name or label("measure", measure), detail,
            panel="measure", measure=measure, value=number(told[-1].data["value"]) if told else "",
            unit=unit(measure), likely=LIKELY.get(measure, ()),
        )  # fmt: skip

    def _awake(self) -> Gesture:
        told = [t for t in self._told("vitals") if t.data.get("choice") in AVPU]
        value = str(AVPU[told[-1].data["choice"]]) if told else ""
        detail = self.after(told[-1]) if told else ""
        return Gesture(
            "awake", "eye", _("Éveil"), detail, panel="awake", value=value, likely=tuple(AVPU.items())
        )


def read(site: Site, event: OverdoseEvent) -> Recorder:
    folded = fold(story_of(site, event.ref))
    if folded is None:
        raise LookupError(event.ref)
    return Recorder(site, event, folded)
