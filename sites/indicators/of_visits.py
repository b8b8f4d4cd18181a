"""Numbers of visits, waiting and consumption (domain.md §7b, 1–12)."""

from sites.codes.queries import values
from sites.indicators.declaring import AtMost, Chapter, Maps, tally
from sites.indicators.facts import DayFacts
from sites.indicators.populations import (
    AGREEMENTS,
    ARRIVALS,
    CONSUMPTIONS,
    PEOPLE,
    SERVICE_VISITS,
    TURNED_AWAY,
)
from sites.indicators.terms import (
    ALL,
    CALENDAR,
    MONTH_CLIENTS,
    NOT_DECLARED,
    ROUTE_GROUPS,
    UNIQUE_CLIENTS,
    Values,
    hour_band,
    substance_mix,
)

CHAPTER = Chapter()


def _band(facts: DayFacts):
    return lambda visit: hour_band(facts.local_hour(visit.arrived_at))


def _route(row) -> str:
    return row.route or NOT_DECLARED


def _route_group(row) -> str:
    known = values("route").get(row.route)
    return known.group if known and known.group in ROUTE_GROUPS else "other"


def _service_visits(facts: DayFacts) -> list:
    return [visit for visit in facts.visits if visit.used_the_service]


@CHAPTER.number(
    "visits",
    label_fr="Visites",
    label_en="Visits",
    definition_fr="Visites arrivées dans le jour de service, avec une place prise ou une consommation "
    "notée. La voie est la dernière déclarée; sans déclaration, « ne sait pas ».",
    definition_en="Visits that arrived in the service day and took a booth or had a consumption recorded. "
    "The route is the last one declared; none declared counts as unknown.",
    breakdowns=("hour_band", "route"),
    maps=Maps(hc="Total visits", cts="Total CTS visits"),
    population=SERVICE_VISITS,
    plausible=(AtMost("arrivals"),),
)
def visits(facts: DayFacts) -> Values:
    return tally(_service_visits(facts), _band(facts), _route)


@CHAPTER.number(
    "visits_by_band_and_route",
    label_fr="Visites par tranche d’heures et voie",
    label_en="Visits by hour band and route",
    definition_fr="Les visites, par tranche d’heures d’arrivée et groupe de voies, pour le tableau du "
    "rapport.",
    definition_en="Visits by hour band of arrival and group of routes, for the table of the report.",
    internal=True,
    population=SERVICE_VISITS,
)
def visits_by_band_and_route(facts: DayFacts) -> Values:
    band = _band(facts)
    return tally(_service_visits(facts), lambda visit: f"{band(visit)}:{_route_group(visit)}")


def _mix(visit) -> str:
    known = values("substances")
    return substance_mix({known[code].group for code in visit.substances if code in known})


@CHAPTER.number(
    "visits_by_substance",
    label_fr="Visites par substance",
    label_en="Visits by substance",
    definition_fr="Les visites (au sens de « Visites »), chacune dans une seule part, selon les dernières "
    "substances déclarées : opioïde sans stimulant, stimulant sans opioïde, les deux, ni l’un ni l’autre.",
    definition_en="Visits (as in “Visits”), each in one part alone, by the substances last declared: opioid "
    "without stimulant, stimulant without opioid, both, neither.",
    breakdowns=("substance_mix",),
    population=SERVICE_VISITS,
)
def visits_by_substance(facts: DayFacts) -> Values:
    return tally(_service_visits(facts), _mix)


@CHAPTER.number(
    "visits_by_age",
    label_fr="Visites par tranche d’âge",
    label_en="Visits by age band",
    definition_fr="Les visites (au sens de « Visites ») par tranche d’âge de la personne à l’arrivée; sans "
    "réponse, « ne sait pas ».",
    definition_en="Visits (as in “Visits”) by age band of the person at arrival; no answer counts as "
    "unknown.",
    breakdowns=("age_band",),
    population=SERVICE_VISITS,
)
def visits_by_age(facts: DayFacts) -> Values:
    return tally(_service_visits(facts), lambda visit: visit.age_band or NOT_DECLARED)


@CHAPTER.number(
    "arrivals",
    label_fr="Arrivées",
    label_en="Arrivals",
    definition_fr="Toutes les arrivées notées, y compris les personnes parties sans consommer. Les refus "
    "à l’entrée n’y sont pas.",
    definition_en="Every recorded arrival, including people who left without using. Turn-aways are not "
    "included.",
    population=ARRIVALS,
)
def arrivals(facts: DayFacts) -> Values:
    return tally(facts.visits)


@CHAPTER.number(
    "left_no_consume",
    label_fr="Partis sans consommer",
    label_en="Left without using",
    definition_fr="Visites terminées par un départ sans consommer, au jour de service de leur arrivée.",
    definition_en="Visits that ended in leaving without using, on the service day of their arrival.",
    breakdowns=("left_reason",),
    population=ARRIVALS,
    plausible=(AtMost("arrivals"),),
)
def left_no_consume(facts: DayFacts) -> Values:
    left = [visit for visit in facts.visits if visit.left_without_consuming]
    return tally(left, lambda visit: visit.left_reason)


@CHAPTER.number(
    "turned_away",
    label_fr="Refus à l’entrée",
    label_en="Turned away",
    definition_fr="Somme des personnes refusées à l’entrée.",
    definition_en="Sum of people turned away at the door.",
    breakdowns=("turnaway_reason",),
    population=TURNED_AWAY,
)
def turned_away(facts: DayFacts) -> Values:
    return tally(facts.turn_aways, lambda row: row.reason, weight=lambda row: row.count)


@CHAPTER.number(
    UNIQUE_CLIENTS,
    label_fr="Personnes différentes",
    label_en="Unique clients",
    definition_fr="Personnes différentes venues avec un pseudonyme dans le jour. Ne s’additionne pas. "
    "Figé 48 h après la fin du jour, quand la clé du jour disparaît.",
    definition_en="Different people who came with a handle that day. Cannot be added up. Fixed 48 h after "
    "the end of the day, when the key of the day is gone.",
    additive=False,
    population=PEOPLE,
    plausible=(AtMost("arrivals"),),
)
def unique_clients(facts: DayFacts) -> Values:
    return {ALL: facts.unique_clients}


@CHAPTER.number(
    MONTH_CLIENTS,
    label_fr="Personnes différentes depuis le début du mois",
    label_en="Unique clients, month to date",
    definition_fr="Personnes différentes venues avec un pseudonyme depuis le premier jour du mois, comptées "
    "à la fermeture du jour et figées alors. Ne s’additionne ni d’un mois à l’autre ni d’un site à l’autre.",
    definition_en="Different people who came with a handle since the first day of the month, counted when "
    "the day closes and fixed then. Cannot be added up over months or sites.",
    additive=False,
    clock=CALENDAR,
    population=PEOPLE,
    maps=Maps(hc="Unique clients", cts="Unique CTS clients"),
)
def month_clients(facts: DayFacts) -> Values:
    return {ALL: facts.month_clients}


@CHAPTER.number(
    "unlinked_visits",
    label_fr="Visites sans pseudonyme",
    label_en="Visits without a handle",
    definition_fr="Visites (au sens de « Visites ») où aucun pseudonyme n’a été donné.",
    definition_en="Visits (as in “Visits”) where no handle was given.",
    population=SERVICE_VISITS,
    plausible=(AtMost("visits"),),
)
def unlinked_visits(facts: DayFacts) -> Values:
    return tally(visit for visit in _service_visits(facts) if not visit.handle_given)


@CHAPTER.number(
    "new_clients",
    label_fr="Premières ententes",
    label_en="New clients",
    definition_fr="Personnes dont la première entente avec ce site date de ce jour.",
    definition_en="People whose first agreement with this site was made that day.",
    maps=Maps(cts="New CTS clients"),
    population=AGREEMENTS,
)
def new_clients(facts: DayFacts) -> Values:
    return {ALL: facts.new_clients}


@CHAPTER.number(
    "consumptions",
    label_fr="Consommations",
    label_en="Consumptions",
    definition_fr="Consommations notées, à leur propre jour de service. Une consommation de deux groupes "
    "de substances compte une fois dans chacun, une seule au total.",
    definition_en="Recorded consumptions, on their own service day. One with two groups of substances "
    "counts once in each, and once in all.",
    breakdowns=("substance_group", "route"),
    maps=Maps(hc="Drugs consumed"),
    population=CONSUMPTIONS,
    overlapping=("substance_group",),
)
def consumptions(facts: DayFacts) -> Values:
    counted = tally(facts.consumptions, _route)
    substances = values("substances")
    for row in facts.consumptions:
        for group in {substances[code].group for code in row.substances if code in substances}:
            counted[group] = (counted.get(group) or 0) + 1
    return counted


@CHAPTER.number(
    "split_visits",
    label_fr="Visites avec partage",
    label_en="Visits with splitting",
    definition_fr="Visites ayant au moins une consommation notée comme partagée, au jour de service de la "
    "consommation. Une visite compte une fois par jour.",
    definition_en="Visits with at least one consumption recorded as split or shared, on the service day of "
    "the consumption. A visit counts once a day.",
    population=CONSUMPTIONS,
    plausible=(AtMost("consumptions"),),
    maps=Maps(cts="Visits with splitting or sharing"),
)
def split_visits(facts: DayFacts) -> Values:
    return tally({row.visit for row in facts.consumptions if row.split_shared})


@CHAPTER.number(
    "peer_assisted_visits",
    label_fr="Visites avec aide d’un pair",
    label_en="Peer-assisted visits",
    definition_fr="Visites ayant au moins une consommation aidée par une autre personne utilisatrice, au "
    "jour de service de la consommation. Une visite compte une fois par jour.",
    definition_en="Visits with at least one consumption that another person who uses drugs helped with, on "
    "the service day of the consumption. A visit counts once a day.",
    population=CONSUMPTIONS,
    plausible=(AtMost("consumptions"),),
    maps=Maps(cts="Visits with peer assistance"),
)
def peer_assisted_visits(facts: DayFacts) -> Values:
    return tally({row.visit for row in facts.consumptions if row.peer_assisted})
