"""What may leave: each indicator with its series, its base, its grains and its parts (R1, R2, R4)."""

from dataclasses import dataclass
from itertools import count

from sites.indicators.declaring import Indicator
from sites.indicators.registry import REGISTRY
from sites.indicators.terms import COUNT
from sites.releases.terms import ALL, LATE

# How many times an estimate by day, week or month fits in each grain, from fine to coarse.
FROM_DAY = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
FROM_WEEK = {"week": 1, "month": 4, "quarter": 13, "year": 52}
FROM_MONTH = {"month": 1, "quarter": 3, "year": 12}
OF_A_QUARTER = {"quarter": 91, "year": 365}


@dataclass(frozen=True)
class Part:
    """One of the disjoint parts that an indicator is cut into: the categories of the series it adds up.

    `share`: what it is of the whole when nobody said otherwise; decides the first plan alone.
    """

    code: str
    of: tuple[str, ...]
    label_fr: str = ""
    label_en: str = ""
    share: float = 1.0


Cut = tuple[Part, ...]
WHOLE: Cut = (Part(ALL, (ALL,)),)


@dataclass(frozen=True)
class Words:
    label_fr: str
    label_en: str
    definition_fr: str
    definition_en: str
    version: int = 1
    unit: str = COUNT


@dataclass(frozen=True)
class Released:
    """An indicator that leaves.

    `series`: the exact daily counts behind it. `lengths`: the grains it may take, from fine to coarse, and
    how many times the estimate fits in each. `cuts`: its parts, from fine to merged; in each, the last part
    is whatever no other one names, so that the parts are exhaustive. `typical`: the estimate for each visit a
    day that someone typed. `adds_up` in time: people are counted once a period, so their periods do not.
    """

    code: str
    series: str
    typical: float
    lengths: dict[str, int]
    base: int = 5
    cap: int = 1
    cuts: tuple[Cut, ...] = (WHOLE,)
    adds_up: bool = True
    by_default: bool = True
    words: Words | None = None

    @property
    def late(self) -> str:
        return self.code + LATE

    @property
    def told(self) -> Words | Indicator:
        """Its labels, definitions and version in both languages."""
        return self.words or REGISTRY[self.code]


SUBSTANCES: tuple[Cut, ...] = (
    (
        Part("opioid_only", ("opioid_only",), "opioïde, sans stimulant", "opioid, no stimulant", 0.55),
        Part("stimulant_only", ("stimulant_only",), "stimulant, sans opioïde", "stimulant, no opioid", 0.33),
        Part(
            "opioid_and_stimulant", ("opioid_and_stimulant",), "opioïde et stimulant", "opioid and stimulant",
            0.09,
        ),
        Part("other", ("other",), "autre ou non déclarée", "other or not declared", 0.03),
    ),
    (
        Part("opioid", ("opioid_only", "opioid_and_stimulant"), "avec opioïde", "with opioid", 0.64),
        Part("no_opioid", ("stimulant_only", "other"), "sans opioïde", "without opioid", 0.36),
    ),
)  # fmt: skip
AGES: tuple[Cut, ...] = (
    (
        Part("lt20", ("lt20",), "moins de 20 ans", "under 20", 0.01),
        Part("20_29", ("20_29",), "20 à 29 ans", "20 to 29", 0.16),
        Part("30_39", ("30_39",), "30 à 39 ans", "30 to 39", 0.32),
        Part("40_49", ("40_49",), "40 à 49 ans", "40 to 49", 0.28),
        Part("50_59", ("50_59",), "50 à 59 ans", "50 to 59", 0.16),
        Part("60p", ("60p",), "60 ans et plus", "60 and over", 0.05),
        Part("unk", ("unk",), "ne sait pas", "unknown", 0.02),
    ),
    (
        Part("lt30", ("lt20", "20_29"), "moins de 30 ans", "under 30", 0.17),
        Part("30_39", ("30_39",), "30 à 39 ans", "30 to 39", 0.32),
        Part("40_49", ("40_49",), "40 à 49 ans", "40 to 49", 0.28),
        Part(
            "50p_unk", ("50_59", "60p", "unk"), "50 ans et plus, ou ne sait pas", "50 and over, or unknown",
            0.23,
        ),
    ),
    (
        Part("lt40", ("lt20", "20_29", "30_39"), "moins de 40 ans", "under 40", 0.49),
        Part(
            "40p_unk", ("40_49", "50_59", "60p", "unk"), "40 ans et plus, ou ne sait pas",
            "40 and over, or unknown", 0.51,
        ),
    ),
)  # fmt: skip
OTHER_SERVICES = (
    "nursing", "stbbi_test", "vaccination", "hcv_care", "oat", "detox", "mental_health", "primary_care",
    "housing", "shelter", "food_shower", "safer_supply", "naloxone_training", "drug_checking", "legal",
    "id_papers", "income", "transport", "other",
)  # fmt: skip
# Wound care is published as a part of services, never beside their total (R2).
SERVICES: tuple[Cut, ...] = (
    (
        Part("wound", ("wound",), "soins de plaie", "wound care", 0.25),
        Part("other", OTHER_SERVICES, "autres services", "other services", 0.75),
    ),
    WHOLE,
)
REFERRALS: tuple[Cut, ...] = (
    (
        Part("connected_onsite", ("connected_onsite",), "sur place", "on site", 0.4),
        Part("offsite", ("offsite",), "ailleurs", "off site", 0.6),
    ),
    WHOLE,
)
UNIQUE_CLIENTS = Released(
    "unique_clients", "", 3.0, {"month": 1}, adds_up=False,
    words=Words(
        "Personnes différentes", "Unique clients",
        "Personnes différentes venues avec un pseudonyme dans le mois de service, comptées une fois par site "
        "et par mois, par des jetons dont la clé a été détruite. Ne s’additionne pas dans le temps; une "
        "région compte une personne une fois par site.",
        "Different people who came with a handle in the service month, counted once per site and month, by "
        "tokens whose key was destroyed. Cannot be added up over time; a region counts a person once per "
        "site.",
    ),
)  # fmt: skip

# In the order in which they are sealed and shown. `typical` of events: about one suspected overdose in 100
# visits, most of them reversed, a quarter with naloxone, a tenth with a call to 911 (domain.md §2.1, §3.1).
RELEASED = [
    Released("visits", "visits", 1.0, FROM_DAY),
    Released("reversals", "reversals", 0.28, FROM_MONTH),
    Released(
        "naloxone_doses_staff", "naloxone_doses_staff_capped", 0.11, FROM_MONTH, base=10, cap=9
    ),
    Released("visits_with_emergency", "visits_with_emergency", 0.27, FROM_MONTH),
    Released("ems_calls", "ems_calls_capped", 0.035, FROM_MONTH, cap=4),
    Released("new_clients", "new_clients", 0.3, FROM_MONTH),
    Released(
        "kits_given_to_people", "kits_distributed_capped", 0.23, FROM_WEEK, cap=4,
        words=Words(
            "Trousses de naloxone remises à des personnes", "Naloxone kits given to people",
            "Trousses remises pour emporter, sans celles confiées à un organisme partenaire; une remise en "
            "compte 4 au plus.",
            "Kits given out to take home, without those entrusted to a partner agency; one hand-out counts "
            "at most 4.",
        ),
    ),
    UNIQUE_CLIENTS,
    Released("visits_by_substance", "visits_by_substance", 1.0, OF_A_QUARTER, cuts=SUBSTANCES),
    Released("visits_by_age", "visits_by_age", 1.0, OF_A_QUARTER, cuts=AGES),
    # A whole hand-out is far more than a base can hide: in tens, and of people alone (R4).
    Released("syringe_tens_out", "syringe_tens_out", 30.0, FROM_MONTH, base=10, cap=9),
    # A tally may stand for several: four a record at most (R4).
    Released("services", "services_capped", 4.5, FROM_MONTH, cap=4, cuts=SERVICES),
    Released("referrals", "referrals_capped", 1.8, FROM_MONTH, cap=4, cuts=REFERRALS),
    Released("drug_checks", "drug_checks", 0.3, FROM_MONTH),
    Released("incidents", "incidents", 0.0025, OF_A_QUARTER),
    # Not in the default plan; a partner may ask for them.
    Released("arrivals", "arrivals", 1.05, FROM_DAY, by_default=False),
    Released("od_naloxone_staff", "od_naloxone_staff", 0.08, FROM_MONTH, by_default=False),
    Released("handouts", "handouts", 12.0, FROM_MONTH, by_default=False),
    Released("pickups", "pickups", 0.15, FROM_MONTH, by_default=False),
]  # fmt: skip

BY_CODE = {released.code: released for released in RELEASED}
PLAN_ORDER = {
    code: position
    for position, code in enumerate(
        [released.code for released in RELEASED] + [released.late for released in RELEASED]
    )
}
_places = count()
PART_ORDER = {(r.code, part.code): next(_places) for r in RELEASED for cut in r.cuts for part in cut}
PARTS = {(r.code, part.code): part for r in RELEASED for cut in r.cuts for part in cut}


def adds_up(indicator: str) -> bool:
    """Whether periods of an indicator, late ones included, make a longer one when they are added."""
    return BY_CODE[indicator.removesuffix(LATE)].adds_up


def part_order(indicator: str, category: str) -> int:
    """Where a part stands among the parts of its indicator; late and whole ones alone."""
    return PART_ORDER.get((indicator, category), 0)
