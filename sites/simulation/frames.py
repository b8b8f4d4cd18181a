"""A site as its history needs it: booths, team, calendar and who comes."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sites.people.models import Posting
from sites.places.models import Booth, Site
from sites.places.queries import day_bounds, opening_calendar
from sites.simulation import figures
from sites.simulation.dice import Dice, Weighted

Opening = tuple[datetime, datetime]


@dataclass(frozen=True)
class Person:
    handle: str
    gender: str
    age_band: str


@dataclass
class Frame:
    site: Site
    seed: int
    visits_per_day: float
    booths: list[tuple[str, frozenset[str]]]
    team: list[str]
    calendar: dict[date, list[Opening]]
    horizon: datetime
    people: list[Person] = field(default_factory=list)

    def dice(self, *words: object) -> Dice:
        """The same chance for the same words, whatever else is simulated."""
        return Dice("|".join(map(str, (self.seed, self.site.code, *words))))

    @property
    def habits(self) -> Weighted:
        """What is used here: only what some booth allows."""
        allowed = {route for _label, routes in self.booths for route in routes}
        every = figures.INJECTED | figures.INHALED
        open_to_all = any(not routes for _label, routes in self.booths)
        return Weighted({use: w for use, w in every.items() if open_to_all or use[1] in allowed})


def frame(site: Site, *, seed: int, visits_per_day: float, first: date, last: date) -> Frame:
    booths = Booth.objects.at(site).filter(retired=False, out_since=None).select_related("room")
    team = Posting.objects.at(site).filter(
        staff__is_active=True, until=None, staff__role__in=("nurse", "worker", "peer", "shift_lead")
    )
    made = Frame(
        site=site,
        seed=seed,
        visits_per_day=visits_per_day,
        booths=[
            (b.label, frozenset(b.room.routes)) for b in booths.order_by("room__position", "position", "id")
        ],
        team=sorted(team.values_list("staff__code", flat=True)),
        calendar=opening_calendar(site, first, last),
        horizon=day_bounds(site, last)[1],
    )
    made.people = _people(made)
    return made


def _people(made: Frame) -> list[Person]:
    dice = made.dice("people")
    count = max(3, int(made.visits_per_day * figures.PEOPLE_PER_DAILY_VISIT))
    return [Person(f"P{n:05d}", dice.pick(figures.GENDERS), dice.pick(figures.AGES)) for n in range(count)]


def bad_supply(seed: int, region: str, day: date) -> bool:
    """A few spells a year, the same for every site of a region."""
    dice = Dice(f"{seed}|{region}|{day.year}|supply")
    starts = [dice.randrange(365) for _spell in range(figures.BAD_SUPPLY_SPELLS)]
    begun = day - date(day.year, 1, 1)
    return any(timedelta(start) <= begun < timedelta(start + figures.BAD_SUPPLY_DAYS) for start in starts)
