"""What the page of a context event shows of its fit."""

from dataclasses import dataclass
from functools import cached_property

from sites.association.drawing import FitChart, bins_of, fit_chart
from sites.association.models import SegmentedFit
from sites.association.queries import fit_of
from sites.association.terms import Refusal
from sites.association.words import finding, terms_told
from sites.context.models import ContextEvent
from sites.places.queries import last_closed_day
from sites.reports.flags import Flag, Marked, flags, marked


@dataclass
class ShownFit:
    """A fit that was kept; its charts and words."""

    kept: SegmentedFit
    event: ContextEvent

    @property
    def found(self) -> dict:
        return self.kept.found

    @property
    def refusal(self) -> str:
        code = self.found["refusal"]
        return str(Refusal(code).label) if code else ""

    @property
    def finding(self) -> str:
        return finding(self.found)

    @property
    def terms(self) -> str:
        return terms_told(self.found)

    @cached_property
    def rows(self) -> list[dict]:
        return bins_of(self.found)

    @cached_property
    def chart(self) -> FitChart:
        return fit_chart(self.rows)

    @cached_property
    def marks(self) -> list[Marked]:
        return marked(self.event.site, self.chart.first, self.chart.last)

    @property
    def flags(self) -> list[Flag]:
        return flags(self.marks, self.chart.place)


def shown_fit(event: ContextEvent) -> ShownFit | None:
    """None while the worker has not come to it."""
    kept = fit_of(event)
    return ShownFit(kept, event) if kept else None


def is_waited_for(event: ContextEvent) -> bool:
    """Nothing is fitted before the day it happened has closed."""
    return event.first <= last_closed_day(event.site)
