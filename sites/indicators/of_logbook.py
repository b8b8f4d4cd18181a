"""Numbers of services, referrals, drug checks, rules and incidents (domain.md §2.1, §7b: 28, 31, 33)."""

from sites.indicators.declaring import Chapter, Maps, tally
from sites.indicators.derived import Ratio
from sites.indicators.facts import DayFacts
from sites.indicators.rows import ServiceRow
from sites.indicators.terms import ALL, PERCENT, Values
from sites.logbook.terms import CONNECTED, ELSEWHERE, HERE, SUSPENDED, WOUND

CHAPTER = Chapter()
FEWEST_CHECKS = 5
# A tally on paper may stand for many services: one record counts for so many at most outside (R4).
SERVICES_CAP = 4


def _taken(facts: DayFacts, *placements: str) -> list[ServiceRow]:
    """Those in these places that the person did not decline."""
    return [row for row in facts.services if row.placement in placements and row.accepted is not False]


def _kind(row) -> str:
    return row.kind


def _placement(row: ServiceRow) -> str:
    return row.placement


def _count(row: ServiceRow) -> int:
    return row.count


def _capped(row: ServiceRow) -> int:
    return min(row.count, SERVICES_CAP)


@CHAPTER.number(
    "services",
    label_fr="Services donnés ici",
    label_en="Services given here",
    definition_fr="Services donnés dans le service même : soins, dépistages, vaccins et autres, par genre. "
    "Les références se comptent à part; ce que la personne a refusé ne compte pas.",
    definition_en="Services given in the service itself: care, tests, vaccines and others, by kind. "
    "Referrals are counted apart; what the person declined does not count.",
    breakdowns=("service",),
    maps=Maps(hc="Services within the SCS", cts="Services"),
)
def services(facts: DayFacts) -> Values:
    return tally(_taken(facts, HERE), _kind, weight=_count)


@CHAPTER.number(
    "referrals_in",
    label_fr="Références sur place",
    label_en="Referrals on site",
    definition_fr="Personnes mises en lien avec un autre service au même endroit, par genre.",
    definition_en="People connected with another service at the same place, by kind.",
    breakdowns=("service",),
    maps=Maps(hc="Total referrals (connected on site)", cts="Referrals"),
)
def referrals_in(facts: DayFacts) -> Values:
    return tally(_taken(facts, CONNECTED), _kind, weight=_count)


@CHAPTER.number(
    "referrals_out",
    label_fr="Références ailleurs",
    label_en="Referrals off site",
    definition_fr="Personnes dirigées vers un service ailleurs, par genre.",
    definition_en="People referred to a service elsewhere, by kind.",
    breakdowns=("service",),
    maps=Maps(hc="Total referrals (off site)", cts="Referrals"),
)
def referrals_out(facts: DayFacts) -> Values:
    return tally(_taken(facts, ELSEWHERE), _kind, weight=_count)


@CHAPTER.number(
    "referrals",
    label_fr="Références",
    label_en="Referrals",
    definition_fr="Références sur place et ailleurs. Les services donnés ici n’en sont pas, selon la "
    "définition de Santé Canada de novembre 2024.",
    definition_en="Referrals on site and off site. Services given here are not among them, by Health "
    "Canada’s definition of November 2024.",
    breakdowns=("placement",),
    maps=Maps(hc="Total referrals", cts="Referrals"),
)
def referrals(facts: DayFacts) -> Values:
    return tally(_taken(facts, CONNECTED, ELSEWHERE), _placement, weight=_count)


@CHAPTER.number(
    "wound_care",
    label_fr="Soins de plaie",
    label_en="Wound care",
    definition_fr="Soins de plaie donnés ici; ils sont aussi parmi les services donnés ici.",
    definition_en="Wound care given here; also among services given here.",
)
def wound_care(facts: DayFacts) -> Values:
    return tally((row for row in _taken(facts, HERE) if row.kind == WOUND), weight=_count)


@CHAPTER.number(
    "services_capped",
    label_fr="Services donnés ici, plafonnés",
    label_en="Services given here, capped",
    definition_fr="Les services donnés ici, quatre au plus par saisie : ce qui se publie.",
    definition_en="Services given here, four a record at most: what is published.",
    breakdowns=("service",),
    internal=True,
)
def services_capped(facts: DayFacts) -> Values:
    return tally(_taken(facts, HERE), _kind, weight=_capped)


@CHAPTER.number(
    "referrals_capped",
    label_fr="Références, plafonnées",
    label_en="Referrals, capped",
    definition_fr="Les références, quatre au plus par saisie : ce qui se publie.",
    definition_en="Referrals, four a record at most: what is published.",
    breakdowns=("placement",),
    internal=True,
)
def referrals_capped(facts: DayFacts) -> Values:
    return tally(_taken(facts, CONNECTED, ELSEWHERE), _placement, weight=_capped)


@CHAPTER.number(
    "drug_checks",
    label_fr="Analyses de substances",
    label_en="Drug checks",
    definition_fr="Échantillons analysés, un par méthode. Une bandelette ne répond que pour une substance.",
    definition_en="Samples checked, one a method. A strip answers for one substance only.",
    breakdowns=("check_method",),
)
def drug_checks(facts: DayFacts) -> Values:
    return tally(facts.drug_checks, lambda row: row.method)


@CHAPTER.counter("checks_told")
def checks_told(facts: DayFacts) -> Values:
    return {ALL: sum(row.unexpected is not None for row in facts.drug_checks)}


@CHAPTER.counter("checks_unexpected")
def checks_unexpected(facts: DayFacts) -> Values:
    return {ALL: sum(row.unexpected is True for row in facts.drug_checks)}


CHAPTER.derived(
    "unexpected_share",
    Ratio("checks_unexpected", "checks_told", fewest_whole=FEWEST_CHECKS),
    label_fr="Analyses inattendues",
    label_en="Unexpected checks",
    definition_fr="Part des analyses qui ont trouvé autre chose que l’attendu, parmi celles où l’attendu est "
    "connu. Rien sous cinq.",
    definition_en="Share of checks that found something other than expected, among those where what was "
    "expected is known. Nothing under five.",
    unit=PERCENT,
)


@CHAPTER.number(
    "breaches",
    label_fr="Manquements aux règles",
    label_en="Breaches of the rules",
    definition_fr="Manquements notés, par règle, quelle que soit la mesure.",
    definition_en="Breaches recorded, by rule, whatever the measure.",
    breakdowns=("breach",),
)
def breaches(facts: DayFacts) -> Values:
    return tally(facts.breaches, lambda row: row.code)


@CHAPTER.number(
    "suspensions",
    label_fr="Suspensions",
    label_en="Suspensions",
    definition_fr="Suspensions décidées ce jour-là; quitter pour la journée n’en est pas une.",
    definition_en="Suspensions decided that day; leaving for the day is not one.",
)
def suspensions(facts: DayFacts) -> Values:
    return tally(row for row in facts.breaches if row.action == SUSPENDED)


@CHAPTER.number(
    "incidents",
    label_fr="Incidents",
    label_en="Incidents",
    definition_fr="Incidents notés, par genre : violence, piqûre, feu, panne et autres. Les surdoses n’en "
    "sont pas.",
    definition_en="Incidents recorded, by kind: violence, needlestick, fire, outage and others. Overdoses "
    "are not among them.",
    breakdowns=("incident",),
)
def incidents(facts: DayFacts) -> Values:
    return tally(facts.incidents, _kind)
