"""Schedules, holds and runs of destruction: begun, carried on after a kill, cleaned up after, certified."""

import time
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from sites.holds.models import LegalHold
from sites.places.models import Organisation, Site
from sites.retention import mirror
from sites.retention.certificates import sign
from sites.retention.models import Destruction, DryRun, RetentionSchedule
from sites.retention.purging import Purge
from sites.retention.rules import RULES
from sites.retention.selecting import cutoffs, seeing, seeing_all
from sites.retention.trying import Due, Trial
from sites.trail.services import note

# A table up to this size is written anew, under a lock of a second or two; a larger one is only cleaned.
REWRITTEN_UP_TO = 100 * 1024 * 1024
WAIT, PAUSE_S = "2s", 2
ANEW, CLEANED = "rewritten", "cleaned"
# What was found by a dry run may be destroyed for so long; then it is looked at again.
HOLDS_FOR = timedelta(days=1)
FORGOTTEN_AFTER = timedelta(days=7)


# --- What is signed --------------------------------------------------------------------------
def newest_schedule(organisation: Organisation) -> RetentionSchedule | None:
    return RetentionSchedule.objects.filter(organisation=organisation).order_by("-version").first()


@transaction.atomic
def sign_schedule(
    organisation: Organisation, periods: dict, *, by: str, name: str, function: str
) -> RetentionSchedule:
    """Sign the periods of every rule: from now on destruction follows them."""
    last = newest_schedule(organisation)
    schedule = RetentionSchedule.objects.create(
        organisation=organisation,
        version=last.version + 1 if last else 1,
        periods=periods,
        signed_at=timezone.now(),
        signed_by=by,
        name=name,
        function=function,
    )
    note("retention signed", actor=by, about="schedule", about_id=f"{organisation.pk}/{schedule.version}")
    mirror.write()
    return schedule


def periods_with(signed: RetentionSchedule | None, site: Site | None, months: dict[str, int]) -> dict:
    """The periods to sign: these for every site, keeping what single sites have, or for one of them."""
    before = signed.periods if signed else {"all": {rule.code: rule.months for rule in RULES}, "sites": {}}
    if site is None:
        return {"all": months, "sites": before["sites"]}
    return {"all": before["all"], "sites": before["sites"] | {site.code: months}}


# --- Holds -----------------------------------------------------------------------------------
@transaction.atomic
def place_hold(hold: LegalHold, *, by: str) -> None:
    hold.placed_by, hold.placed_at = by, timezone.now()
    hold.save()
    note("hold placed", actor=by, site_id=hold.site_id, about="hold", about_id=hold.ref)
    mirror.write()


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: str, why: str) -> None:
    hold.lifted_at, hold.lifted_by, hold.lifted_why = timezone.now(), by, why
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    note("hold lifted", actor=by, site_id=hold.site_id, about="hold", about_id=hold.ref)
    mirror.write()


# --- Dry runs --------------------------------------------------------------------------------
def dry_run(site: Site | None, until: date | None = None) -> list[Due]:
    """What a run would destroy now, by rule; nothing without a signed schedule."""
    with seeing(site):
        trial = Trial(DryRun(site=site, cutoffs=_cutoffs(site, until)))
        while not trial.over:
            trial.go_on()
        return trial.told_so_far()


def _cutoffs(site: Site | None, until: date | None = None) -> dict[str, str]:
    return {rule: day.isoformat() for rule, day in cutoffs(site, until).items()}


@transaction.atomic
def ask_dry_run(sites: Iterable[Site], *, by: str) -> None:
    """Have the worker count what would go at these sites, and of what no site has."""
    for site in [*sites, None]:
        DryRun.objects.filter(site=site).delete()
        DryRun.objects.create(site=site, by=by, asked_at=timezone.now(), cutoffs=_cutoffs(site))
    note("retention dry run", actor=by)


def carry_on_dry_runs(seconds: float) -> None:
    """A little more of every dry run that was asked for; killed anywhere, the next call goes on."""
    until = time.monotonic() + seconds
    with transaction.atomic(), seeing_all():
        DryRun.objects.filter(asked_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
        asked = set(DryRun.objects.filter(finished_at=None).values_list("site", flat=True))
    for site in every_site():
        if (site and site.pk) not in asked:
            continue
        while time.monotonic() < until and _step(site):
            pass


def _step(site: Site | None) -> bool:
    with seeing(site):
        asked = DryRun.objects.filter(site=site, finished_at=None).select_for_update(skip_locked=True).first()
        if asked is None:
            return False
        trial = Trial(asked)
        if not trial.over:
            trial.go_on()
        if trial.over:
            asked.finished_at = timezone.now()
        asked.save()
        return True


def still_holds(told: DryRun) -> bool:
    """Whether it is finished, and nothing was signed, held, lifted or destroyed since."""
    since = told.asked_at
    if told.finished_at is None or timezone.now() - told.finished_at > HOLDS_FOR:
        return False
    holds = LegalHold.objects.filter(Q(placed_at__gte=since) | Q(lifted_at__gte=since))
    runs = Destruction.objects.filter(site=told.site, began_at__gte=since)
    return told.cutoffs == _cutoffs(told.site) and not holds.exists() and not runs.exists()


# --- Runs ------------------------------------------------------------------------------------
def open_run(site: Site | None) -> Destruction | None:
    return Destruction.objects.filter(site=site, finished_at=None).select_related("site", "schedule").first()


def sites_with_open_runs() -> set[int | None]:
    """None among them for what no site has."""
    with transaction.atomic(), seeing_all():
        return set(Destruction.objects.filter(finished_at=None).values_list("site", flat=True))


def begin(
    site: Site | None, *, by: str, until: date | None = None, told: DryRun | None = None
) -> Destruction | None:
    """The run that is open at this site, or a new one when something is due; None when nothing is.

    `told`: a dry run that still holds, so that nobody counts again.
    """
    with seeing(site):
        if run := open_run(site):
            return run
        since = cutoffs(site, until)
        due = any(count for count, _held in told.due.values()) if told else is_anything_due(site, since)
        if not since or not due:
            return None
        last = Destruction.objects.filter(site=site).order_by("-number").first()
        run = Destruction.objects.create(
            site=site,
            number=max(last.number if last else 0, mirror.number_of(site)) + 1,
            began_at=timezone.now(),
            by=by,
            schedule=_schedule_of(site),
            cutoffs={rule: day.isoformat() for rule, day in since.items()},
            before=last.sha256 if last else "",
        )
        note("destruction begun", actor=by, site_id=run.site_id, about="certificate", about_id=run.number)
        return run


def is_anything_due(site: Site | None, since: dict[str, date]) -> bool:
    """Looks no further than the first thing that is."""
    trial = Trial(DryRun(site=site, cutoffs={rule: day.isoformat() for rule, day in since.items()}))
    while not trial.over:
        trial.go_on()
        if any(due.count for due in trial.told_so_far()):
            return True
    return False


def _schedule_of(site: Site | None) -> RetentionSchedule:
    """The signed one of today: without one nothing was due."""
    signed = RetentionSchedule.objects.order_by("-pk")
    return (signed.filter(organisation=site.organisation_id) if site else signed)[0]


def carry_on(run: Destruction, *, seconds: float | None = None) -> bool:
    """Destroy, clean up and certify; whether the run is finished. Killed anywhere, the next call goes on."""
    if not Purge(run, seconds).go():
        return False
    _clean(run)
    with seeing(run.site):
        run = Destruction.objects.select_for_update().get(pk=run.pk)
        if run.finished_at is None:
            run.finished_at = timezone.now()
            sign(run)
            run.save()
            note(
                "destruction certified", actor=run.by, site_id=run.site_id, about="certificate",
                about_id=run.number, why=run.sha256,
            )  # fmt: skip
            mirror.write()
    return True


def _clean(run: Destruction) -> None:
    """Give back what the rows left in the files. Outside any transaction: VACUUM is refused in one."""
    touched = {table for tables in run.counts.values() for table in tables} - set(run.vacuumed)
    for table in sorted(touched):
        done = vacuum(table)
        if done is None:
            continue
        run.vacuumed[table] = done
        with seeing(run.site):
            run.save(update_fields=["vacuumed"])


def vacuum(table: str) -> str | None:
    """Write the table anew, so that no dead row is left in its file, or clean it when it is large.

    None when it was in use: nobody is made to wait for it. Nor when dead rows are left all the same, as
    long as a transaction older than their death is open, be it only the server's own upkeep.
    """
    for last in (False, False, False, True):
        done = _vacuum_once(table)
        if done is None or not _dead_rows(table):
            return done
        if not last:
            time.sleep(PAUSE_S)
    return None


def _vacuum_once(table: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_total_relation_size(%s::regclass)", [table])
        small = cursor.fetchone()[0] <= REWRITTEN_UP_TO
        cursor.execute("select set_config('lock_timeout', %s, false)", [WAIT])
        try:
            cursor.execute(f"vacuum (full, analyze) {table}" if small else f"vacuum (analyze) {table}")
        except OperationalError:
            return None
        finally:
            cursor.execute("reset lock_timeout")
    return ANEW if small else CLEANED


def _dead_rows(table: str) -> int:
    """As ANALYZE has just counted them: of every row of a small table, of a sample of a large one."""
    with connection.cursor() as cursor:
        cursor.execute("select n_dead_tup from pg_stat_user_tables where relid = %s::regclass", [table])
        return cursor.fetchone()[0]


def every_site() -> list[Site | None]:
    """Every site, then what no site has."""
    with transaction.atomic():
        return [*Site.objects.select_related("organisation").order_by("code"), None]


def purge(*, by: str, until: date | None = None, seconds: float | None = None) -> list[Destruction]:
    """Destroy what is due everywhere; the runs that were finished."""
    finished = []
    for site in every_site():
        run = begin(site, by=by, until=until)
        if run and carry_on(run, seconds=seconds):
            with seeing(site):
                finished.append(Destruction.objects.select_related("site", "schedule").get(pk=run.pk))
    return finished
