"""What went out and came in, what is usual, and what a kilogram or a container is taken for."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from sites.codes.queries import values
from sites.naloxone.models import Lot, StockMovement
from sites.naloxone.queries import rules_of
from sites.naloxone.terms import shelf_ref
from sites.places.models import Site
from sites.places.queries import today
from sites.supplies.models import Basket, ReturnConversion, SupplyAct, SupplyLine
from sites.supplies.terms import FIRST_CONVERSION, MANY_PEOPLE, Direction

SHOWN_BASKETS = 4
LOOK_BACK = timedelta(days=28)
OFTEN = 10
# Under this a tile says what is left, where the site has set no minimum.
FEW = 20


@dataclass(frozen=True)
class Conversion:
    """Syringes by unit: `kg`, or the code of a container. Version 0 is that of the product."""

    version: int
    syringes: dict[str, int]
    source: str = ""
    valid_from: date | None = None


FIRST = Conversion(0, FIRST_CONVERSION)


def conversion_on(site: Site, day: date) -> Conversion:
    """The version in force on a service day."""
    known = conversions(site)
    return next((one for one in reversed(known) if one.valid_from and one.valid_from <= day), FIRST)


def conversions(site: Site) -> list[Conversion]:
    """Every version that the site has set, the oldest first."""
    found: dict[int, Conversion] = {}
    for row in ReturnConversion.objects.at(site).order_by("version", "id"):
        one = found.setdefault(row.version, Conversion(row.version, {}, row.source, row.valid_from))
        one.syringes[row.unit] = row.syringes
    return list(found.values())


def newest_version(site: Site) -> int:
    return max((one.version for one in conversions(site)), default=0)


def baskets(site: Site) -> QuerySet[Basket]:
    return Basket.objects.at(site).filter(retired=False)


def usual_baskets(site: Site) -> list[dict]:
    """[{"name_fr", "name_en", "lines"}]: those a manager set, then what is given most, unnamed."""
    made = [{"name_fr": b.name_fr, "name_en": b.name_en, "lines": b.lines} for b in baskets(site)]
    known = {contents_of(basket["lines"]) for basket in made}
    most = [lines for lines in given_most(site) if contents_of(lines) not in known]
    return made + [
        {"name_fr": "", "name_en": "", "lines": lines} for lines in most[: max(0, SHOWN_BASKETS - len(made))]
    ]


def contents_of(lines: list[dict]) -> frozenset[tuple[str, int]]:
    return frozenset((line["item"], line["quantity"]) for line in lines)


def given_most(site: Site) -> list[list[dict]]:
    """What was handed out together at the counter in the last weeks, the most frequent first.

    Rare combinations are left out: they are not usual, and might be someone’s.
    """
    since = today(site) - LOOK_BACK
    lines = SupplyLine.objects.at(site).filter(direction=Direction.OUT, service_date__gt=since)
    one_person = lines.exclude(act__location_kind__in=MANY_PEOPLE)
    held: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for act, item, quantity in one_person.order_by("id").values_list("act_id", "item", "quantity"):
        held[act].append((item, quantity))
    together = Counter(frozenset(lines) for lines in held.values())
    order = list(values("supply"))
    often = [(times, sorted(lines, key=lambda one: order.index(one[0]))) for lines, times in together.items()]
    often = sorted((one for one in often if one[0] >= OFTEN), key=lambda one: (-one[0], one[1]))
    return [[{"item": item, "quantity": n} for item, n in lines] for _times, lines in often[:SHOWN_BASKETS]]


def on_shelf(site: Site) -> dict[str, tuple[int, bool]]:
    """item → (pieces left, whether that is few) of what the site counts."""
    shelves = {shelf_ref(site.code, item): item for item in values("supply")}
    lots = Lot.objects.at(site).filter(ref__in=shelves).select_related("product")
    moved = StockMovement.objects.at(site).filter(lot_ref__in=lots.values("ref"))
    left = dict(moved.order_by().values_list("lot_ref").annotate(units=Sum("units")))
    told = rules_of(site).told
    found = {}
    for lot in lots:
        rule = told.get((lot.product.code, lot.stock))
        units = left.get(lot.ref, 0)
        found[shelves[lot.ref]] = units, units < (rule.minimum if rule else FEW)
    return found


def acts_of(site: Site, day: date) -> list[SupplyAct]:
    """What went out and came in on a service day, in order, with its lines."""
    acts = SupplyAct.objects.at(site).filter(service_date=day)
    return list(acts.prefetch_related("lines").order_by("at", "id"))
