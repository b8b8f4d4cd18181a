"""What the simulated history is calibrated on.

Published:
- Overdoses: 1.33 per 1,000 injections, oxygen in 87 % of 336, breathing depressed in 60 % (Kerr and
  others 2006, Insite 2004–05); about 2 a day for 120 to 200 visits a day at one Montréal site in July
  2023 (La Presse, 6 July 2023; the site's own page), so about 10 per 1,000 visits.
- Naloxone: 10,865 of 41,538 overdoses, 26 %, and no death inside (Health Canada, supervised
  consumption sites dashboard, 2024).
- Where: before, during and after consuming 1, 177 and 19 of 197 (Sydney MSIC evaluation).
- Bad supply: 1 to 2 a day where 1 to 2 a week is usual (La Presse, 6 July 2023).
- Season: 1,840 visits in September and 1,400 in October at the same site (Journal Métro, November
  2017; the public health department named the season).
- Hours 14:00–02:00 and 08:30–16:30, 10 and 4 booths (La Presse, 12 May 2017 and 6 July 2023; Vice).
- A second dose after 2 to 3 minutes without response (Narcan monograph); observation after naloxone,
  because it wears off in 30 to 90 minutes.

Everything else, named an assumption below, has no published figure that we found.
"""

import math
from datetime import date

from sites.simulation.dice import Weighted

# --- How many ------------------------------------------------------------------------
WEEKDAYS = [0.93, 0.95, 0.98, 1.02, 1.12, 1.10, 0.90]  # assumption
HOURS = [0.55, 0.85, 1.0, 1.1, 1.15, 1.1, 1.15, 1.05, 0.85, 0.5]  # assumption: tenths of an opening


def busyness(day: date) -> float:
    """Visits of a day against the year's mean: summer above winter, weekday; first days of a month
    above the rest (assumption: benefits are paid then)."""
    season = 1 + 0.14 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 205) / 365.25)
    return season * WEEKDAYS[day.weekday()] * (1.12 if day.day <= 3 else 0.99)


def overdoses_per_visit(year: int) -> float:
    """1.33 per 1,000 in 2005, 10 per 1,000 in 2023, growing evenly between, level outside."""
    grown = min(max((year - 2005) / 18, 0.0), 1.0)
    return 0.00133 * (10 / 1.33) ** grown


BAD_SUPPLY_SPELLS = 2  # a year and region; assumption
BAD_SUPPLY_DAYS = 8
BAD_SUPPLY_TIMES = 3.0

# --- Who and what (assumptions) ------------------------------------------------------
WITH_HANDLE = 0.62
PEOPLE_PER_DAILY_VISIT = 7
GENDERS = Weighted({"m": 66, "f": 25, "nb": 3, "tf": 2, "tm": 1, "2s": 1, "dec": 1, "na": 1})
AGES = Weighted({"lt20": 1, "20_29": 16, "30_39": 32, "40_49": 28, "50_59": 16, "60p": 5, "unk": 2})
INJECTED = {
    (("cocaine",), "inj_iv"): 21,
    (("fentanyl",), "inj_iv"): 19,
    (("hydromorphone",), "inj_iv"): 15,
    (("heroin",), "inj_iv"): 14,
    (("methamphetamine",), "inj_iv"): 9,
    (("fentanyl", "cocaine"), "inj_iv"): 3,
    (("heroin", "cocaine"), "inj_iv"): 3,
    (("fentanyl", "methamphetamine"), "inj_iv"): 2,
    (("fentanyl", "benzodiazepine"), "inj_iv"): 2,
    (("morphine",), "inj_iv"): 2,
    (("cocaine",), "in"): 2,
    (("hydromorphone",), "inj_im"): 1,
    (("fentanyl", "medetomidine"), "inj_iv"): 0.7,
    (("nitazene",), "inj_iv"): 0.5,
    (("ghb",), "oral"): 0.4,
    (("unknown",), "inj_unk"): 0.8,
    (("declined",), "inj_iv"): 0.8,
}
INHALED = {
    (("crack",), "inh_smoke"): 11,
    (("methamphetamine",), "inh_smoke"): 6,
    (("fentanyl",), "inh_smoke"): 5,
    (("heroin",), "inh_vapour"): 1,
}
# How likely an overdose follows, one against another (assumption).
RISK = {
    "fentanyl": 2.6, "nitazene": 5.0, "heroin": 1.6, "medetomidine": 4.0, "benzodiazepine": 2.0,
    "hydromorphone": 0.6, "morphine": 0.6, "ghb": 4.0, "unknown": 2.0, "cocaine": 0.12, "crack": 0.06,
    "methamphetamine": 0.1, "declined": 0.8,
}  # fmt: skip

MEAN_RISK = sum(w * sum(RISK[s] for s in used) for (used, _route), w in (INJECTED | INHALED).items()) / sum(
    (INJECTED | INHALED).values()
)


def risk(substances: tuple[str, ...]) -> float:
    """How likely an overdose is after these, against the mean of all uses."""
    return sum(RISK[substance] for substance in substances) / MEAN_RISK


# --- How a visit goes (assumptions) --------------------------------------------------
ASSESS_S = (20, 150)
SETTLE_S = (30, 180)
PREPARE_S = (90, 480)
STAY_MEDIAN_S, STAY_SIGMA = 21 * 60, 0.42
AFTERCARE_MEDIAN_S, AFTERCARE_SIGMA = 14 * 60, 0.5
AFTERCARE = 0.84
SECOND_ROUND = 0.07
LEAVES_ANYWAY = 0.025
PATIENCE_MEDIAN_S, PATIENCE_SIGMA = 28 * 60, 0.6
TURNED_AWAY = 0.018
TYPED_LATE, TYPED_NEXT_DAYS = 0.02, 0.0012
LEFT_REASONS = Weighted(
    {"changed_mind": 40, "service_only": 25, "left_for_drugs": 16, "unwell": 7, "unknown": 8, "other": 4}
)
TURNAWAYS = Weighted({"closed": 46, "full": 18, "suspended": 14, "too_intoxicated": 14, "age": 3, "other": 5})
DISCHARGES = Weighted(
    {"street": 58, "home": 14, "shelter": 16, "other_service": 8, "unknown": 3.7, "ed_self": 0.3}
)

# --- How an emergency goes -----------------------------------------------------------
STAGES = Weighted({"waiting": 1, "booth": 177, "chillout": 19})
OUTSIDE = 0.15  # of events; assumption
OXYGEN = 0.87
NALOXONE = 0.26
AMBULANCE = 0.10  # assumption
SECOND_DOSE = 0.22
OTHER_EMERGENCIES_PER_VISIT = 0.0006  # assumption
STIMULANT_PER_VISIT = 0.0009  # assumption
PRESENTATIONS = Weighted(
    {
        "opioid_resp_depression": 60, "sedative_prolonged": 13, "mixed": 15, "unknown_drug": 8,
        "alcohol": 2, "ghb": 2,
    }
)  # fmt: skip
MEDICAL = Weighted(
    {"seizure": 4, "psychiatric": 3, "injury": 3, "cardiac": 1, "allergy": 1, "other_medical": 2}
)
OUTSIDE_PLACES = Weighted({"perimeter": 55, "entrance": 30, "outreach": 15})
GIVERS = Weighted({"staff_nurse": 68, "staff_other": 22, "peer_worker": 10})
GIVERS_OUTSIDE = Weighted(
    {"staff_nurse": 40, "staff_other": 25, "peer_worker": 15, "bystander": 16, "ems": 4}
)
OUTCOMES = Weighted({"recov": 94, "left": 3, "transfer_int": 2, "unk": 1})
OUTCOMES_WITH_AMBULANCE = Weighted({"transport": 45, "ems_on_site": 25, "recov_decl_ems": 30})

# --- How the exchange counter goes -----------------------------------------------------
# A visit day of 120 to 200 includes the exchange at one Montréal site (its own page, 2023); how that splits
# is an assumption, and so is what one basket holds.
HAND_OUTS = 0.5  # for each visit
BRINGS_BACK = 0.34
FOR_OTHERS_TOO = 0.22
BY_THE_BIN, BY_THE_KILOGRAM = 0.16, 0.08
PICK_UPS = 0.008
ROUND_DAYS, PARTNER_DAY = (1, 4), 2
_INJECTION = ("cooker", "water", "filter")
_TEN = (("needle_27g", 10), *((item, 10) for item in _INJECTION), ("tourniquet", 1))
_THIRTY = (("needle_27g", 30), *((item, 30) for item in _INJECTION), ("tourniquet", 3), ("bin_1l", 1))
_CRACK = (("pipe_straight", 1), ("mouthpiece", 2), ("screen", 5), ("push_stick", 1))
# French name, English name, contents: what the simulated sites set as their usual baskets.
BASKETS = [
    ("Injection × 10", "Injection × 10", _TEN),
    ("Injection × 30", "Injection × 30", _THIRTY),
    ("Fumer · crack", "Smoking · crack", _CRACK),
]
HANDED_OUT = Weighted(
    {
        _TEN: 34,
        _THIRTY: 15,
        (("needle_29g", 10), *((item, 10) for item in _INJECTION)): 12,
        (("needle_27g", 5), ("cooker", 5), ("water", 5)): 8,
        (("needle_27g", 100), ("cooker", 50), ("bin_4l", 1)): 3,
        (("needle_23g_3cc", 10), ("acidifier", 5)): 2,
        _CRACK: 14,
        (("pipe_bowl", 2), ("mouthpiece", 2)): 7,
        (("foil", 10),): 2,
        (("sniff_kit", 1),): 2,
        (("condom", 6), ("lube", 6)): 4,
    }
)
PARTNERS = Weighted({"community": 5, "shelter": 4, "pharmacy": 2, "housing": 1})
AREAS = Weighted({"doorstep": 6, "near": 5, "alley": 4, "park": 3, "neighbourhood": 2, "transit": 1})

# --- What is offered, and what goes wrong ----------------------------------------------
# For each visit. A few referrals and services in a hundred visits is what the federal dashboard's totals
# come to; how they split is an assumption.
SERVICES, REFERRALS, DRUG_CHECKS, BREACHES, INCIDENTS = 0.15, 0.06, 0.01, 0.004, 0.0025
ON_SITE, DECLINED, UNEXPECTED = 0.4, 0.1, 0.22
GIVEN_HERE = Weighted(
    {"nursing": 42, "wound": 25, "stbbi_test": 9, "vaccination": 5, "food_shower": 14, "other": 5}
)
REFERRED_TO = Weighted(
    {
        "oat": 14, "detox": 10, "primary_care": 14, "housing": 18, "shelter": 20, "mental_health": 12,
        "hcv_care": 7, "income": 5,
    }
)  # fmt: skip
DETAILS = {
    "stbbi_test": Weighted({"test_hcv": 5, "test_hiv": 4, "test_syphilis": 3}),
    "vaccination": Weighted({"vaccine_hav": 3, "vaccine_hbv": 3, "vaccine_flu": 2}),
}
CHECKED_BY = Weighted({"strip_fentanyl": 24, "strip_benzodiazepine": 22, "strip_xylazine": 12, "ftir": 42})
EXPECTED = Weighted({"fentanyl": 46, "heroin": 12, "cocaine": 22, "methamphetamine": 14, "ketamine": 6})
CUT_WITH = Weighted({"benzodiazepine": 5, "medetomidine": 4, "xylazine": 2, "nitazene": 1})
RULES = Weighted(
    {"insults": 5, "not_allowed_use": 5, "dealing": 4, "threats": 3, "instructions": 3, "violence": 1}
)
MEASURES = Weighted({"verbal": 60, "agreement": 8, "leave_today": 22, "suspended": 10})
SUSPENDED_FOR = Weighted({1: 4, 3: 4, 7: 3, 30: 1})
INCIDENT_KINDS = Weighted(
    {"violence": 5, "needlestick": 2, "injury": 3, "outage": 3, "neighbourhood": 3, "theft": 1}
)
INCIDENT_PLACES = Weighted({"waiting": 4, "booth": 4, "entrance": 4, "chillout": 2, "washroom": 2})
