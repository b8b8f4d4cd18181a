"""What a day still lacks, as a list a person can work through."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sites.people.models import Staff
from sites.places.models import Site
from sites.reports.models import DailyReport
from sites.reports.terms import LACKING, Why
from sites.review.kinds import kinds_for
from sites.review.lines import lines_of
from sites.review.queries import Wanted, items


@dataclass(frozen=True)
class ToDo:
    """One thing to look at; `at` and `url` are there for what waits now."""

    words: str
    detail: str
    at: datetime | None = None
    url: str = ""


def todo_now(site: Site, day: date, staff: Staff) -> list[ToDo]:
    """What of the day waits for a person now: the review list of that day."""
    found = items(site, kinds_for(staff), Wanted(days=[day]))
    return [
        ToDo(line.words, " · ".join(filter(None, [line.kind.words, line.detail])), line.item.at, line.url)
        for line in lines_of(site, found, staff)
    ]


def todo_then(report: DailyReport) -> list[ToDo]:
    """What the day lacked when an older version was built, by reason."""
    lacks = Counter((lack["kind"], lack["why"]) for lack in report.incomplete)
    return [ToDo(str(LACKING[kind]), f"{Why(why).label} : {n}") for (kind, why), n in lacks.items()]
