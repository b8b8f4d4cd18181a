"""The return's lines, in the order of the forms: Health Canada's indicators, the DRSP's unit, the CTS report.

Everything is counted again from the facts of the calendar month (domain.md §2, §7.5), by the definitions of
the registry where there is one. No line crosses two breakdowns.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sites.codes.queries import values
from sites.indicators.facts import DayFacts
from sites.indicators.registry import Counted
from sites.indicators.rows import EventRow
from sites.indicators.terms import ALL, HOUR_BANDS, NOT_DECLARED, Value
from sites.overdoses.terms import DEATHS, EventClass

HC, DRSP, CTS = "hc", "drsp", "cts"
SECTIONS = {
    HC: ("Santé Canada", "Health Canada"),
    DRSP: ("Direction régionale de santé publique", "Regional public health"),
    CTS: ("Rapport CTS (Ontario)", "CTS report (Ontario)"),
}
# Roll-up of genders in the Ontario report (domain.md §7.4); whoever was not asked is not specified.
GENDERS = {
    "male": ("Hommes", "Male", {"m"}),
    "female": ("Femmes", "Female", {"f"}),
    "trans": ("Personnes trans", "Trans", {"tf", "tm"}),
    "other": ("Autre", "Other", {"nb", "2s", "oth"}),
    "not_specified": ("Non précisé", "Not specified", {"dec", "na", ""}),
}
BY_STAFF_ALONE = {"recov", "recov_decl_ems"}


@dataclass(frozen=True)
class Line:
    section: str
    code: str
    label_fr: str
    label_en: str
    value: Value

    def row(self) -> dict:
        return {**self.__dict__, "value": None if self.value is None else int(self.value)}


@dataclass(frozen=True)
class Month:
    """What the lines are made of."""

    facts: DayFacts
    counts: Counted
    unique_clients: Value
    new_clients: int
    services: dict[str, int]
    booths: int
    open_hours: Value

    def n(self, code: str, category: str = ALL) -> Value:
        return self.counts.get((code, category), 0)

    @property
    def served(self) -> list:
        return [visit for visit in self.facts.visits if visit.used_the_service]

    @property
    def inside(self) -> list[EventRow]:
        """Closed suspected overdoses inside the site."""
        return [e for e in self.facts.events if e.event_class == EventClass.OVERDOSE and not e.outside]


def lines(month: Month) -> list[Line]:
    return [*_health_canada(month), *_drsp(month), *_cts(month)]


def _health_canada(m: Month) -> Iterator[Line]:
    def line(code, fr, en, value):
        return Line(HC, code, fr, en, value)

    emergencies = [e for e in m.facts.events if e.event_class == EventClass.DRUG_EMERGENCY and not e.outside]
    yield line("visits", "Visites", "Total visits", m.n("visits"))
    yield line("unique_clients", "Personnes différentes dans le mois", "Unique clients", m.unique_clients)
    yield line(
        "non_fatal_overdoses", "Surdoses non mortelles", "Non-fatal overdoses",
        sum(event.outcome not in DEATHS for event in m.inside),
    )  # fmt: skip
    yield line(
        "overdoses_naloxone", "Surdoses ayant demandé de la naloxone", "Overdoses requiring naloxone",
        sum(bool(event.doses) for event in m.inside),
    )  # fmt: skip
    yield line(
        "drug_emergencies", "Autres urgences liées aux drogues", "Other drug emergencies", len(emergencies)
    )
    yield line("ems_calls", "Appels aux services d’urgence", "Calls to EMS", m.n("ems_calls"))
    yield line("services", "Services donnés sur place", "Services within the site", m.services["in_scs"])
    yield line("referrals", "Orientations", "Total referrals", m.services["referrals"])
    yield from _genders(HC, m)
    yield from _ages(HC, m)
    yield from _drugs(m)


def _drsp(m: Month) -> Iterator[Line]:
    yield Line(
        DRSP, "visits_with_emergency", "Visites avec intervention d’urgence ou en situation de surdose",
        "Visits with an emergency or overdose intervention", m.n("visits_with_emergency"),
    )  # fmt: skip


def _cts(m: Month) -> Iterator[Line]:
    def line(code, fr, en, value):
        return Line(CTS, code, fr, en, value)

    yield line("open_hours", "Heures d’ouverture du mois", "Hours open in the month", m.open_hours)
    yield line("booths", "Places en service", "Booths in operation", m.booths)
    yield line("visits", "Visites", "Total CTS visits", m.n("visits"))
    for code, (first, last) in HOUR_BANDS.items():
        fr, en = f"Visites de {first} h à {last} h 59", f"Visits from {first:02}:00 to {last:02}:59"
        yield line(f"visits_{code}", fr, en, m.n("visits", code))
    yield line("unique_clients", "Personnes différentes dans le mois", "Unique CTS clients", m.unique_clients)
    yield line("new_clients", "Nouvelles personnes (premières ententes)", "New CTS clients", m.new_clients)
    yield from _genders(CTS, m)
    yield from _ages(CTS, m)
    yield from _episodes(m)
    yield line("ems_calls", "Appels au 911", "911 calls related to an overdose", _calls(m))
    yield line("split_visits", "Visites avec partage", "Visits with splitting", _visits(m, "split_shared"))
    yield line(
        "overdoses_after_splitting",
        "Surdoses après un partage",
        "Overdoses following splitting",
        _after_split(m),
    )
    yield line(
        "peer_assisted_visits",
        "Visites avec aide d’un pair",
        "Peer-assisted visits",
        _visits(m, "peer_assisted"),
    )
    yield line(
        "peer_assisted_consumptions", "Consommations aidées par un pair", "Peer-assisted consumptions",
        sum(row.peer_assisted for row in m.facts.consumptions),
    )  # fmt: skip


def _episodes(m: Month) -> Iterator[Line]:
    """The Ontario report counts visits with an overdose: two overdoses in one visit are one episode."""
    episodes: dict[object, list[EventRow]] = {}
    for event in m.inside:
        episodes.setdefault(event.visit_ref or event.pk, []).append(event)

    def line(code, fr, en, of_them):
        return Line(CTS, code, fr, en, sum(map(of_them, episodes.values())))

    yield line("overdose_episodes", "Épisodes de surdose", "Total overdoses", bool)
    yield line(
        "overdose_deaths", "Décès par surdose", "Overdose deaths",
        lambda events: any(e.outcome in DEATHS for e in events),
    )  # fmt: skip
    yield line(
        "by_staff_alone", "Pris en charge par l’équipe seule", "Treated solely by CTS staff",
        lambda events: all(e.outcome in BY_STAFF_ALONE for e in events),
    )  # fmt: skip
    yield line(
        "oxygen_only", "Oxygène, insufflations ou stimulation seulement",
        "O2/rescue breaths/stimulation only", lambda events: not any(e.doses for e in events),
    )  # fmt: skip
    yield line(
        "with_naloxone", "Avec naloxone de l’équipe", "Treated with naloxone by staff",
        lambda events: any(e.doses_staff for e in events),
    )  # fmt: skip
    yield Line(
        CTS, "doses_staff", "Doses de naloxone données par l’équipe", "Naloxone doses by CTS staff",
        m.n("naloxone_doses_staff"),
    )  # fmt: skip
    yield line(
        "by_ems_on_site", "Pris en charge par l’ambulance sur place", "Treated by EMS within the CTS",
        lambda events: any(e.outcome == "ems_on_site" for e in events),
    )  # fmt: skip
    yield line(
        "transported", "Transportés à l’hôpital", "Transported to hospital",
        lambda events: any(e.outcome == "transport" for e in events),
    )  # fmt: skip


def _calls(m: Month) -> int:
    return sum(event.ems_calls for event in m.facts.events if event.event_class == EventClass.OVERDOSE)


def _visits(m: Month, flag: str) -> int:
    return len({row.visit for row in m.facts.consumptions if getattr(row, flag)})


def _after_split(m: Month) -> int:
    """Overdoses of a visit, after a consumption of it that was split."""
    pks = {visit.ref: visit.pk for visit in m.facts.visits}
    split: dict[int, list] = {}
    for row in m.facts.consumptions:
        if row.split_shared:
            split.setdefault(row.visit, []).append(row.at)
    return sum(
        any(at <= event.opened_at for at in split.get(pks.get(event.visit_ref, 0), [])) for event in m.inside
    )


def _genders(section: str, m: Month) -> Iterable[Line]:
    counted = Counter(visit.gender for visit in m.served)
    for code, (fr, en, codes) in GENDERS.items():
        yield Line(
            section, f"gender_{code}", f"Visites – {fr}", f"Visits – {en}", sum(counted[c] for c in codes)
        )


def _ages(section: str, m: Month) -> Iterable[Line]:
    counted = Counter(visit.age_band or NOT_DECLARED for visit in m.served)
    for code, band in values("age_band").items():
        fr, en = f"Visites – {band.label_fr}", f"Visits – {band.label_en}"
        yield Line(section, f"age_{code}", fr, en, counted[code])


def _drugs(m: Month) -> Iterable[Line]:
    """A consumption of two drugs counts once in each: these lines add up to more than the consumptions."""
    counted = Counter(code for row in m.facts.consumptions for code in set(row.substances))
    for code, drug in values("substances").items():
        if counted[code]:
            fr, en = f"Consommations – {drug.label_fr}", f"Drugs consumed – {drug.label_en}"
            yield Line(HC, f"drug_{code}", fr, en, counted[code])
