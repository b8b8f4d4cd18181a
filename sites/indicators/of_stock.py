"""Numbers of naloxone handed out and lost (domain.md §7b, 29 and 32). What hand-outs say, not what was moved.

Out of a release stays what went to other agencies: those are crates, not people, and one of them would
be larger than the rounding that hides a person.
"""

from sites.indicators.declaring import Chapter, tally
from sites.indicators.facts import DayFacts
from sites.indicators.rows import KitRow, LossRow
from sites.indicators.terms import Values
from sites.naloxone.terms import Form

CHAPTER = Chapter()
KITS_CAP = 4
PARTNER = "partner"


def _kind(row: KitRow) -> str:
    return row.kit_kind


def _kits(facts: DayFacts) -> list[KitRow]:
    return [row for row in facts.kits if row.form == Form.KIT]


@CHAPTER.number(
    "kits_distributed",
    label_fr="Trousses de naloxone remises",
    label_en="Naloxone kits given out",
    definition_fr="Trousses remises pour emporter, au jour de la remise; les doses seules n’y sont pas.",
    definition_en="Kits given out to take home, on the day they were given; single doses are not included.",
    breakdowns=("kit_kind",),
)
def kits_distributed(facts: DayFacts) -> Values:
    return tally(_kits(facts), _kind, weight=lambda row: row.count)


@CHAPTER.number(
    "doses_distributed",
    label_fr="Doses de naloxone remises",
    label_en="Naloxone doses given out",
    definition_fr="Doses remises pour emporter : celles des trousses et les doses seules. Les doses données "
    "sur place n’y sont pas.",
    definition_en="Doses given out to take home: those in kits and single ones. Doses given on site are not "
    "included.",
    breakdowns=("kit_kind",),
)
def doses_distributed(facts: DayFacts) -> Values:
    return tally(facts.kits, _kind, weight=lambda row: row.doses)


@CHAPTER.number(
    "people_trained",
    label_fr="Personnes formées à la naloxone",
    label_en="People trained in naloxone",
    definition_fr="Personnes formées à donner la naloxone, comme les remises le disent; une personne formée "
    "deux fois compte deux fois.",
    definition_en="People trained to give naloxone, as told with hand-outs; someone trained twice counts "
    "twice.",
)
def people_trained(facts: DayFacts) -> Values:
    return tally(facts.kits, weight=lambda row: row.trained)


@CHAPTER.number(
    "expired_or_wasted_doses",
    label_fr="Doses expirées, perdues ou ratées",
    label_en="Doses expired, wasted or misfired",
    definition_fr="Doses retirées du stock parce qu’expirées, perdues, gaspillées ou ratées, des deux "
    "stocks; une trousse compte ses doses.",
    definition_en="Doses taken off the shelves as expired, lost, wasted or misfired, of both stocks; a kit "
    "counts its doses.",
    breakdowns=("loss",),
)
def expired_or_wasted_doses(facts: DayFacts) -> Values:
    return tally(facts.losses, _move, weight=lambda row: row.doses)


def _move(row: LossRow) -> str:
    return row.move


@CHAPTER.number(
    "kits_distributed_capped",
    label_fr="Trousses remises à des personnes, 4 au plus par remise",
    label_en="Kits given to people, at most 4 a hand-out",
    definition_fr="Comme les trousses remises, sans celles confiées à un organisme partenaire, et une remise "
    "n’en compte jamais plus de 4; sert aux publications.",
    definition_en="As kits given out, without those entrusted to a partner agency, and one hand-out never "
    "counts more than 4; for what is released.",
    internal=True,
)
def kits_distributed_capped(facts: DayFacts) -> Values:
    to_people = [row for row in _kits(facts) if row.recipient != PARTNER]
    return tally(to_people, weight=lambda row: min(row.count, KITS_CAP))
