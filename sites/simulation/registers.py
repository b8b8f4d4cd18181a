"""The registers of a demo site: papers that hold, one that ends soon, training at every stage."""

from datetime import date, timedelta

from sites.places.models import Site
from sites.places.queries import today
from sites.registers import services
from sites.registers.models import Authorisation, Condition, ConditionCheck
from sites.registers.terms import Course, Paper, Rhythm
from sites.registers.training import working
from sites.simulation.dice import Dice

FOUR_YEARS = 1461
# kind, number, who gave it, began so many days ago, lasts so many days, conditions (words, role, rhythm)
PAPERS = [
    (
        Paper.FEDERAL, "SC-{code}-2026", "Santé Canada", 300, 365,
        [
            ("Tenir à jour la liste du personnel et de la personne responsable.", "manager", Rhythm.QUARTER),
            ("Noter chaque substance laissée sur place, avec deux signatures.", "shift_lead", Rhythm.MONTH),
            ("Déclarer tout vol et toute perte.", "manager", Rhythm.MONTH),
        ],
    ),
    (
        Paper.PROVINCIAL, "MSSS-{code}", "Ministère de la Santé et des Services sociaux", 375, FOUR_YEARS,
        [("Recueillir les remarques du voisinage et y répondre.", "manager", Rhythm.HALF)],
    ),
    (Paper.AGREEMENT, "ENT-{code}", "Santé publique de la région", 200, 730, []),
]  # fmt: skip
# course, months it holds, of whom it is asked (None: of everyone)
COURSES = [
    (Course.NALOXONE, 24, None),
    (Course.CPR, 12, ["nurse", "worker", "shift_lead"]),
    (Course.PRIVACY, 12, None),
]
EVERYONE = ["nurse", "worker", "peer", "shift_lead", "manager", "security"]


def keep_registers(site: Site, *, seed: int, by: str) -> None:
    dice = Dice(f"{seed} {site.code} registers")
    for kind, number, issuer, ago, lasts, conditions in PAPERS:
        began = today(site) - timedelta(days=ago)
        row = Authorisation(
            kind=kind, number=number.format(code=site.code), issuer=issuer, starts_on=began,
            ends_on=began + timedelta(days=lasts - 1),
        )  # fmt: skip
        services.keep_authorisation(row, site=site, what=[], by=by)
        for words, role, rhythm in conditions:
            _condition(row, words, role, rhythm, by)
    _train(site, dice, by)


def _condition(row: Authorisation, words: str, role: str, rhythm: str, by: str) -> None:
    condition = services.add_condition(
        Condition(words=words, role=role, rhythm=rhythm), authorisation=row, by=by
    )
    looked = ConditionCheck(
        on=today(row.site) - timedelta(days=20), kept=True, evidence="Registre relu, complet."
    )
    services.check_condition(looked, condition=condition, by=by)


def _train(site: Site, dice: Dice, by: str) -> None:
    day = today(site)
    for course, months, asked in COURSES:
        services.set_course(site, course, roles=asked or EVERYONE, months=months, by=by)
        for staff in working(site):
            if staff.role in (asked or EVERYONE) and dice.chance(0.9):
                done = day - timedelta(days=int(dice.random() * months * 33))
                until = _months_later(done, months)
                services.add_training(
                    site, staff, course, done_on=done, expires_on=until, evidence="", by=by
                )  # fmt: skip


def _months_later(day: date, months: int) -> date:
    return day + timedelta(days=round(months * 30.44))
