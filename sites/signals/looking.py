"""Signals raised by the clock. The worker's alone: the methods bring numpy and scipy."""

from datetime import date, datetime

from django.db import transaction

from harmreduction.pg.at_once import read
from harmreduction.pg.scope import acting
from sites.clockwork.services import now
from sites.indicators.models import CountedDay
from sites.overdoses.models import OverdoseEvent
from sites.places.each import all_in_sight
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.records.locks import hold_locks
from sites.signals.history import BASELINE_DAYS, History
from sites.signals.models import Signal, SignalFinding, Watch
from sites.signals.queries import IS_SUSPECTED, history_of, running, suspected, watch_of
from sites.signals.terms import Method, subject_of
from sites.signals.watching import STILL, Finding, alarms, episodes, findings_at, findings_of_day, usual_of
from sites.signals.weekly import week_findings, weekly_alarms
from sites.trail.services import note

A_YEAR = 365
# A baseline before the oldest day that is looked at again.
LOOK_BACK_DAYS = BASELINE_DAYS + 10
CLOCK = "signals"


def watch_due() -> None:
    """Look at every site where something changed, each in a transaction of its own."""
    with all_in_sight() as sites:
        changed = _changed(sites, now())
    for site in changed:
        with transaction.atomic(), acting(sites=[site.pk]):
            look_at(site)


def look_at(site: Site) -> list[Signal]:
    """Raise what is to be raised, or carry on what already was."""
    day, at = last_closed_day(site), now()
    counted = _counted(site, day)
    if not _to_judge(watch_of(site), day, counted) and not _news(site, day, at):
        return []
    hold_locks(site, [CLOCK])
    watch = watch_of(site)  # again: who held the lock before may have judged the day
    to_judge = _to_judge(watch, day, counted)
    history = history_of(site, LOOK_BACK_DAYS, threshold=watch.threshold_24h)
    found = _findings(history, at, day if to_judge else None)
    if to_judge:
        found += week_findings(site, day)
    raised = [signal for finding in found if (signal := _raise(site, finding, history, at))]
    if to_judge:
        _judged(watch, day, counted or "")
    return raised


def _changed(sites: list[Site], at: datetime) -> list[Site]:
    """Those whose closed day was counted anew, or where something happened of late: what `look_at` asks."""
    closed = {site.pk: last_closed_day(site) for site in sites}
    days = set(closed.values())
    counted, watches, news = read(
        CountedDay.objects.filter(site__in=closed, service_date__in=days).values_list(
            "site", "service_date", "sha256"
        ),
        Watch.objects.filter(site__in=closed),
        OverdoseEvent.objects.filter(IS_SUSPECTED, site__in=closed, opened_at__gt=at - STILL)
        .order_by()
        .values_list("site", flat=True)
        .distinct(),
    )
    hashes = {pk: sha256 for pk, day, sha256 in counted if closed[pk] == day}
    known = {watch.site_id: watch for watch in watches}
    return [
        site
        for site in sites
        if site.pk in news
        or _to_judge(known.get(site.pk) or Watch(site=site), closed[site.pk], hashes.get(site.pk))
    ]


def _to_judge(watch: Watch, day: date, counted: str | None) -> bool:
    return counted is not None and (watch.judged_day, watch.judged_sha256) != (day, counted)


def _counted(site: Site, day: date) -> str | None:
    """What the closed day's counts hash to; None while they are not there."""
    return CountedDay.objects.at(site).filter(service_date=day).values_list("sha256", flat=True).first()


def _news(site: Site, day: date, at: datetime) -> bool:
    """Whether anything happened lately that could be unusual."""
    return suspected(site, day, day + 2 * date.resolution).filter(opened_at__gt=at - STILL).exists()


def _findings(history: History, at: datetime, closed: date | None) -> list[Finding]:
    last = len(history.days) - 1
    usual = usual_of(history, last)
    found = findings_at(history, at, usual) if usual else []
    before = usual_of(history, last - 1) if closed and last else None
    return found + (findings_of_day(history, last - 1, before) if before else [])


def _raise(site: Site, finding: Finding, history: History, at: datetime) -> Signal | None:
    """A new signal, or one more word about the one that goes on; None when it was said before."""
    subject = subject_of(finding.method)
    signal = running(site, subject, at)
    if signal is None:
        signal = Signal.objects.create(
            site=site, subject=subject, since=finding.since, raised_at=at, last_at=at
        )
        note("signal raised", actor=CLOCK, site_id=site.pk, about="signal", about_id=signal.pk)
    else:
        Signal.objects.filter(pk=signal.pk).update(last_at=at)
        if signal.findings.filter(method=finding.method).exists():
            return None
    count, days = false_alarms(site, finding, threshold=history.threshold)
    SignalFinding.objects.create(
        site=site,
        signal=signal,
        method=finding.method,
        since=finding.since,
        found_at=at,
        data_cutoff=at,
        observed=round(finding.observed, 4),
        expected=finding.expected,
        p=finding.p,
        parameters=finding.parameters,
        false_alarms=count,
        watched_days=days,
    )
    return signal


def false_alarms(site: Site, finding: Finding, *, threshold: int | None) -> tuple[int, int]:
    """How often this method would have raised in the site's last year, before what it raises now.

    Whether something real was behind some of them is not known: it was wrong at most so often.
    """
    if finding.method == Method.FARRINGTON:
        return weekly_alarms(site, finding)
    history = history_of(site, A_YEAR + BASELINE_DAYS, threshold=threshold)
    last = history.place(finding.since) - 1
    first = max(0, last - A_YEAR + 1)
    times = [at for at, found in alarms(history, first, last) if found.method == finding.method]
    return len(episodes(times)), max(0, last - first + 1)


def _judged(watch: Watch, day: date, sha256: str) -> None:
    watch.judged_day, watch.judged_sha256 = day, sha256
    watch.save()
