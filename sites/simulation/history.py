"""One site's past, day by day, each by itself reproducible."""

from collections.abc import Iterator
from datetime import date

from sites.simulation import figures
from sites.simulation.counter import tell_counter
from sites.simulation.emergencies import tell_emergencies
from sites.simulation.frames import Frame, Opening, bad_supply
from sites.simulation.logbook import tell_logbook
from sites.simulation.pen import Pen, Told
from sites.simulation.shelf import Shelf, tell_evening, tell_morning
from sites.simulation.shifts import Shift, tell_visits
from sites.simulation.takehome import Cupboard, tell_take_home


def days_of(frame: Frame) -> Iterator[tuple[date, list[Told]]]:
    """Each day of the calendar with its records, in no particular order within the day."""
    shelf, cupboard = Shelf(frame), Cupboard(frame)
    habits = frame.habits
    for day, openings in frame.calendar.items():
        pen = Pen(frame.dice(day, "pen"), _on_duty(frame, day), frame.horizon)
        for n, opening in enumerate(openings):
            dice = frame.dice(day, n)
            shift = Shift(frame, day, opening, pen, dice, habits)
            tell_morning(shelf, pen, dice, day, opening[0])
            tell_visits(shift)
            tell_emergencies(shift, shelf, _rate(frame, day))
            tell_evening(shelf, pen, dice, day, opening[1])
        kits = _to_take_home(cupboard, frame, day, openings)
        counter, logbook = _at_the_counter(frame, day, openings), _in_the_logbook(frame, day, openings)
        yield day, [*pen.told, *kits, *counter, *logbook]


def _to_take_home(cupboard: Cupboard, frame: Frame, day: date, openings: list[Opening]) -> list[Told]:
    pen = Pen(frame.dice(day, "kits pen"), _on_duty(frame, day), frame.horizon)
    for n, opening in enumerate(openings):
        tell_take_home(cupboard, pen, frame.dice(day, n, "kits"), day, opening)
    return pen.told


def _at_the_counter(frame: Frame, day: date, openings: list[Opening]) -> list[Told]:
    pen = Pen(frame.dice(day, "counter pen"), _on_duty(frame, day), frame.horizon)
    for n, opening in enumerate(openings):
        tell_counter(frame, pen, frame.dice(day, n, "counter"), day, opening)
    return pen.told


def _in_the_logbook(frame: Frame, day: date, openings: list[Opening]) -> list[Told]:
    pen = Pen(frame.dice(day, "logbook pen"), _on_duty(frame, day), frame.horizon)
    for n, opening in enumerate(openings):
        tell_logbook(frame, pen, frame.dice(day, n, "logbook"), day, opening)
    return pen.told


def _on_duty(frame: Frame, day: date) -> list[str]:
    team = frame.dice(day, "team").sample(frame.team, k=min(4, len(frame.team)))
    return sorted(team)


def _rate(frame: Frame, day: date) -> float:
    times = figures.BAD_SUPPLY_TIMES if bad_supply(frame.seed, frame.site.region.code, day) else 0.9
    return figures.overdoses_per_visit(day.year) * times
