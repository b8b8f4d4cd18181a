"""Numbers of the exchange counter (domain.md §7b, 30)."""

from collections import Counter

from sites.indicators.declaring import Chapter, tally
from sites.indicators.facts import DayFacts
from sites.indicators.rows import SupplyLineRow
from sites.indicators.terms import Values
from sites.supplies.services import group_of
from sites.supplies.terms import AT_THE_COUNTER, MANY_PEOPLE, NEEDLE, NO_AREA, PIPE, Direction

CHAPTER = Chapter()
TENS_CAP = 9


def _lines(facts: DayFacts, direction: str, group: str = "") -> list[SupplyLineRow]:
    of_direction = [line for line in facts.supply_lines if line.direction == direction]
    return [line for line in of_direction if not group or group_of(line.item) == group]


def _quantity(line: SupplyLineRow) -> int:
    return line.quantity


def _syringes(line: SupplyLineRow) -> int:
    return line.syringes


def _place(line: SupplyLineRow) -> str:
    return line.location_kind or AT_THE_COUNTER


@CHAPTER.number(
    "handouts",
    label_fr="Remises de matériel",
    label_en="Supply hand-outs",
    definition_fr="Remises de matériel notées, au comptoir ou ailleurs. Une tournée ou un partenaire noté en "
    "une fois compte pour une.",
    definition_en="Recorded hand-outs of supplies, at the counter or elsewhere. A round or a partner entered "
    "at once counts as one.",
)
def handouts(facts: DayFacts) -> Values:
    return tally(act for act in facts.supply_acts if act.direction == Direction.OUT)


@CHAPTER.number(
    "syringes_out",
    label_fr="Seringues remises",
    label_en="Syringes given out",
    definition_fr="Seringues et aiguilles remises, à la pièce, par lieu; sans lieu noté, au comptoir.",
    definition_en="Syringes and needles given out, by the piece, by place; at the counter when none is told.",
    breakdowns=("location_kind",),
)
def syringes_out(facts: DayFacts) -> Values:
    return tally(_lines(facts, Direction.OUT, NEEDLE), _place, weight=_quantity)


@CHAPTER.number(
    "syringes_in",
    label_fr="Seringues rapportées",
    label_en="Syringes returned",
    definition_fr="Seringues rapportées : comptées, ou converties d’un poids ou de bacs pleins par la "
    "version de la conversion du site en vigueur ce jour-là. Les ramassages n’y sont pas.",
    definition_en="Syringes brought back: counted, or converted from a weight or full bins by the version "
    "of the site’s conversion in force that day. Pick-ups are not included.",
    breakdowns=("return_method",),
)
def syringes_in(facts: DayFacts) -> Values:
    return tally(_lines(facts, Direction.BACK), lambda line: line.method, weight=_syringes)


@CHAPTER.number(
    "pipes_out",
    label_fr="Pipes remises",
    label_en="Pipes given out",
    definition_fr="Tubes de pyrex, tiges de verre et pipes à bol remis, à la pièce.",
    definition_en="Straight pipes, glass stems and bowl pipes given out, by the piece.",
)
def pipes_out(facts: DayFacts) -> Values:
    return tally(_lines(facts, Direction.OUT, PIPE), weight=_quantity)


@CHAPTER.number(
    "pickups",
    label_fr="Ramassages",
    label_en="Pick-ups",
    definition_fr="Ramassages de seringues dans le quartier, par secteur; sans secteur noté, ailleurs.",
    definition_en="Syringe pick-ups in the neighbourhood, by area; elsewhere when none is told.",
    breakdowns=("area",),
)
def pickups(facts: DayFacts) -> Values:
    acts = [act for act in facts.supply_acts if act.direction == Direction.PICKED_UP]
    return tally(acts, lambda act: act.area or NO_AREA)


@CHAPTER.number(
    "syringes_picked_up",
    label_fr="Seringues ramassées",
    label_en="Syringes picked up",
    definition_fr="Seringues ramassées dans le quartier, comptées ou converties comme celles qui sont "
    "rapportées.",
    definition_en="Syringes picked up in the neighbourhood, counted or converted like those returned.",
)
def syringes_picked_up(facts: DayFacts) -> Values:
    return tally(_lines(facts, Direction.PICKED_UP), weight=_syringes)


@CHAPTER.number(
    "syringe_tens_out",
    label_fr="Seringues remises à des personnes, en dizaines",
    label_en="Syringes given to people, in tens",
    definition_fr="Ce qui se publie des seringues remises : chaque remise compte pour ses dizaines les plus "
    "proches, neuf au plus. Les tournées, les livraisons et les partenaires n’y sont pas.",
    definition_en="What is published of syringes given out: each hand-out counts for its nearest tens, nine "
    "at most. Rounds, deliveries and partners are not included.",
)
def syringe_tens_out(facts: DayFacts) -> Values:
    by_act: Counter = Counter()
    for line in _lines(facts, Direction.OUT, NEEDLE):
        by_act[line.act] += line.quantity
    one_person = [a for a in facts.supply_acts if a.location_kind not in MANY_PEOPLE and not a.partner]
    return tally(one_person, weight=lambda act: min((by_act[act.pk] + 5) // 10, TENS_CAP))
