"""The four answers that close an event, and what is computed beside them."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.codes.queries import choices, label, values
from sites.overdoses.forms import EventClosedForm
from sites.overdoses.recorder import Recorder
from sites.overdoses.terms import CALLED, CANCELLED
from sites.overdoses.timeline import route_words
from sites.places.queries import service_date
from sites.templatetags.scs import number

ANSWERS = ("presentation", "outcome", "ems_called", "endpoint_rr", "endpoint_spo2", "endpoint_awake")
SHOWN_FIRST = {
    "presentation": ("opioid_resp_depression", "stimulant_toxicity", "sedative_prolonged", "mixed"),
    "outcome": ("recov", "recov_decl_ems", "ems_on_site", "transport", "left"),
}
NOT_ASSESSED = "not_assessed"
CALLED_THEN_CANCELLED = "cancelled"


@dataclass(frozen=True)
class Choice:
    code: str
    name: str
    on: bool


@dataclass(frozen=True)
class Endpoint:
    """A whole number or « Non évalué ». `last` is the last one measured, as a help, never as the answer."""

    name: str
    label: str
    unit: str
    value: str
    not_assessed: bool
    last: str
    start: int
    high: int


@dataclass
class Closing:
    """The closing page: what was posted or is already known, and the computed side."""

    recorder: Recorder
    answers: dict
    form: EventClosedForm | None = None

    @property
    def missing(self) -> dict:
        return self.form.errors if self.form else {}

    def picks(self, name: str, *, first: bool) -> list[Choice]:
        shown = SHOWN_FIRST[name]
        offered = dict(choices(name, self.recorder.event.service_date))
        codes = [c for c in shown if c in offered] if first else [c for c in offered if c not in shown]
        return [Choice(c, offered[c], self.answers.get(name) == c) for c in codes]

    @property
    def presentations(self) -> list[Choice]:
        return self.picks("presentation", first=True)

    @property
    def other_presentations(self) -> list[Choice]:
        return self.picks("presentation", first=False)

    @property
    def outcomes(self) -> list[Choice]:
        return self.picks("outcome", first=True)

    @property
    def other_outcomes(self) -> list[Choice]:
        return self.picks("outcome", first=False)

    @property
    def awake(self) -> list[Choice]:
        offered = choices("endpoint_awake", self.recorder.event.service_date)
        return [Choice(c, name, self.answers.get("endpoint_awake") == c) for c, name in offered]

    @property
    def endpoints(self) -> list[Endpoint]:
        return [
            self._endpoint("endpoint_rr", "rr", _("Respiration"), 12, 80),
            self._endpoint("endpoint_spo2", "spo2", _("SpO₂"), 95, 100),
        ]

    def _endpoint(self, name: str, measure: str, words: str, start: int, high: int) -> Endpoint:
        told = [t for t in self.recorder.folded.steps if t.data.get("measure") == measure]
        value = self.answers.get(name, "")
        last = _("%(value)s à %(after)s") % {
            "value": number(told[-1].data["value"]),
            "after": self.recorder.after(told[-1]),
        } if told else ""  # fmt: skip
        begin = int(Decimal(str(told[-1].data["value"]))) if told else start
        return Endpoint(
            name, words, values("measure")[measure].group, "" if value == NOT_ASSESSED else value,
            value == NOT_ASSESSED, last, min(begin, high), high,
        )  # fmt: skip

    @property
    def calls(self) -> list[Choice]:
        """911: called first at, called then cancelled, not called, not known."""
        called = [t for t in self.recorder.folded.steps if t.data.get("choice") == CALLED]
        first = _("Appelé à %(after)s") % {"after": self.recorder.after(called[0])} if called else _("Appelé")
        names = [("yes", first), (CALLED_THEN_CANCELLED, _("Appelé, puis annulé")), ("no", _("Pas appelé"))]
        names.append(("unknown", label("ems_called", "unknown")))
        return [Choice(code, name, self.answers.get("ems_called") == code) for code, name in names]

    @property
    def computed(self) -> list[tuple[str, str]]:
        event, folded = self.recorder.event, self.recorder.folded
        called = folded.after(t for t in folded.steps if t.data.get("choice") == CALLED)
        return [
            (_("Oxygène après"), _spell(event.oxygen_after_s)),
            (_("Naloxone après"), _spell(event.naloxone_after_s)),
            (_("Doses"), f"{event.doses} · {number(self.recorder.mg)} mg" if event.doses else "0"),
            (_("Voies"), self._routes()),
            (_("911 après"), _spell(called)),
            (_("Gravité"), _("%(n)s sur 6") % {"n": event.severity}),
        ]

    def _routes(self) -> str:
        routes = [dose.data["route"] for dose in self.recorder.folded.doses]
        counted = [f"{routes.count(r)} {route_words(r)}" for r in dict.fromkeys(routes)]
        return ", ".join(counted) or "–"


def _spell(seconds: int | None) -> str:
    """0 min 41 s; a dash when it did not happen."""
    if seconds is None:
        return "–"
    return _("%(m)s min %(s)s s") % {"m": seconds // 60, "s": f"{seconds % 60:02d}"}


def known_answers(recorder: Recorder) -> dict:
    """What the steps already answer: 911. An event that is closed answers everything."""
    if recorder.folded.closed:
        return {name: str(recorder.folded.closed.data.get(name, "")) for name in ANSWERS}
    choices_made = [t.data["choice"] for t in recorder.folded.steps if t.data["step"] == "call_911"]
    if CALLED not in choices_made:
        return {"ems_called": "no"}
    return {"ems_called": CALLED_THEN_CANCELLED if choices_made[-1] == CANCELLED else "yes"}


def posted_answers(posted) -> dict:
    """The answers as chosen; « Non évalué » wins over a number left in its field."""
    answers = {name: posted.get(name, "").strip() for name in ANSWERS}
    for name in ("endpoint_rr", "endpoint_spo2"):
        if posted.get(f"{name}_na"):
            answers[name] = NOT_ASSESSED
    return answers


def judged(recorder: Recorder, answers: dict) -> EventClosedForm:
    """The form of the record, bound to these answers."""
    moment = now()
    data = as_recorded(answers) | {"event": str(recorder.event.ref)}
    return EventClosedForm(
        data, site=recorder.site, occurred_at=moment, day=service_date(recorder.site, moment)
    )


def as_recorded(answers: dict) -> dict:
    """A call that was cancelled was a call."""
    called = answers["ems_called"]
    return answers | {"ems_called": "yes" if called == CALLED_THEN_CANCELLED else called}
