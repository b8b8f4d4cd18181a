"""Which rule every table falls under. A table that is not here fails a test.

Stories are destroyed whole: the rows folded from them, then who is said to have written, then the records.
"""

from dataclasses import dataclass

from django.db.models import Model

from harmreduction.pg.access import DESTROYING
from sites.clients.models import Agreement, Client
from sites.kiosk.models import ErasureRequest
from sites.logbook.models import Breach, ClientAlert, DrugCheck, Incident, LeftBehind, ServiceGiven
from sites.naloxone.models import InTransit, KitComponent, KitGiven, KitUsed, Lot, StockMovement
from sites.overdoses.models import AuthorityNotice, NaloxoneDose, OverdoseEvent, ResponseStep
from sites.people.models import EnrolmentCode, Staff, Unlock
from sites.recipients.models import Disclosure
from sites.records.models import Authorship, Record
from sites.registers.models import ConfidentialityIncident
from sites.retention.rules import TRAIL
from sites.review.models import Finding, Seen
from sites.shifts.models import HandOver, Remark
from sites.signals.models import Signal, SignalFinding, SignalMessage, SupplyWarning, WarningRead
from sites.supplies.models import SupplyAct, SupplyLine
from sites.trail.models import TrailEntry, TrailLink
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit

READ = "SELECT"
DESTROY = "SELECT, DELETE"


@dataclass(frozen=True)
class Row:
    """A table folded from stories: `ref` is the column that names the story; of a child, `parent` has it."""

    model: type[Model]
    ref: str
    parent: type[Model] | None = None  # then `ref` is the column that points to it

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Stories:
    """The stories of one rule; `day` is the SQL of a story’s service day, of its site ($s) and subject ($r).

    Infinity: not yet over. Null: no row is left, its records say.
    """

    rule: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    day: str


@dataclass(frozen=True)
class Dated:
    """Rows that go by their own `day`, in SQL on the row `t`."""

    rule: str
    model: type[Model]
    day: str
    site: bool = True

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Emptied:
    """Rows that stay, of no site: past its `day`, `column` becomes what `into` says; SQL on the row `t`."""

    rule: str
    model: type[Model]
    column: str
    into: str
    day: str
    held: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def _utc(column: str) -> str:
    return f"({column} at time zone 'UTC')::date"


def _day_of(model: type[Model], ref: str, day: str = "service_date") -> str:
    return f"(select max({day}) from {model._meta.db_table} where site_id = $s and {ref} = $r)"  # noqa: S608


def _first_of(*days: str) -> str:
    return f"coalesce({', '.join(days)})"


SIGNAL = "(select (s.last_at at time zone 'UTC')::date from scs_signal s where s.id = t.signal_id)"
STORIES = [
    Stories(
        "visits",
        ("visit", "turn-away"),
        (
            Row(BoothStay, "visit_id", Visit),
            Row(Consumption, "visit_id", Visit),
            Row(Visit, "ref"),
            Row(TurnAway, "record_id"),
        ),
        _first_of(_day_of(Visit, "ref"), _day_of(TurnAway, "record_id")),
    ),
    Stories(
        "overdoses",
        ("overdose event",),
        (
            Row(ResponseStep, "event_id", OverdoseEvent),
            Row(NaloxoneDose, "event_id", OverdoseEvent),
            Row(AuthorityNotice, "event_ref"),
            Row(OverdoseEvent, "ref"),
        ),
        _day_of(OverdoseEvent, "ref"),
    ),
    Stories(
        "counter",
        ("service", "kits given", "kits used", "supplies"),
        (
            Row(SupplyLine, "act_id", SupplyAct),
            Row(SupplyAct, "record_id"),
            Row(ServiceGiven, "record_id"),
            Row(KitGiven, "record_id"),
            Row(KitUsed, "record_id"),
        ),
        _first_of(*(_day_of(model, "record_id") for model in (SupplyAct, ServiceGiven, KitGiven, KitUsed))),
    ),
    Stories("checks", ("drug check",), (Row(DrugCheck, "record_id"),), _day_of(DrugCheck, "record_id")),
    Stories(
        "incidents",
        ("breach", "incident", "left behind"),
        (Row(Breach, "record_id"), Row(Incident, "ref"), Row(LeftBehind, "ref")),
        _first_of(_day_of(Breach, "record_id"), _day_of(Incident, "ref"), _day_of(LeftBehind, "ref")),
    ),
    Stories(
        "shifts",
        ("remark", "hand-over", "alert"),
        (Row(Remark, "ref"), Row(HandOver, "record_id"), Row(ClientAlert, "record_id")),
        _first_of(
            _day_of(Remark, "ref", _utc("at")),
            _day_of(HandOver, "record_id", _utc("at")),
            _day_of(ClientAlert, "record_id"),
        ),
    ),
    Stories(
        "stock",
        ("lot",),
        (Row(KitComponent, "batch_ref"), Row(Lot, "ref"), Row(StockMovement, "lot_ref")),
        "(select case when sum(units) = 0 then max(service_date) else 'infinity' end from scs_stockmovement"
        " where site_id = $s and lot_ref = $r having count(*) > 0)",
    ),
    Stories(
        "people",
        ("agreement",),
        (Row(Agreement, "record_id"),),
        "(select case when exists (select 1 from scs_visit v where v.client_id = min(one.client_id))"
        " or exists (select 1 from scs_breach b where b.client_id = min(one.client_id))"
        " or exists (select 1 from scs_clientalert b where b.client_id = min(one.client_id)) then 'infinity'"
        " else max((every.agreed_at at time zone 'UTC')::date) end from scs_agreement one"
        " join scs_agreement every on every.client_id = one.client_id"
        " where one.site_id = $s and one.record_id = $r having count(*) > 0)",
    ),
]
DATED = [
    Dated("stock", InTransit, _utc("t.at")),
    Dated("access", Unlock, _utc("t.until")),
    Dated("access", EnrolmentCode, _utc("t.until")),
    Dated("people", ErasureRequest, "coalesce(t.done_on, 'infinity'::date)"),
    Dated("signals", SignalFinding, SIGNAL),
    Dated("signals", SignalMessage, SIGNAL),
    Dated("signals", Signal, _utc("t.last_at")),
    Dated("signals", WarningRead, "(select w.ends_on from scs_supplywarning w where w.id = t.warning_id)"),
    Dated("signals", SupplyWarning, "t.ends_on"),
    Dated("review", Finding, "t.service_date"),
    Dated("review", Seen, _utc("t.at")),
    Dated("breaches", ConfidentialityIncident, "t.discovered_on"),
    Dated("disclosures", Disclosure, _utc("t.at"), site=False),
]
# A code says who signed or wrote something for as long as that is kept; a name does not have to.
EMPTIED = [
    Emptied("leavers", Staff, "display_name", "t.code", "t.left_on", "scs_leaver_held(t.id, t.left_on)")
]
# The trail, a chain: it goes from its beginning, a day at a time, rows first.
SHORTENED = (TrailEntry, TrailLink)
# Of nobody any more once their agreements are gone.
ORPHANS = Client
# Who reads these to judge what is due.
JUDGED_BY = (
    "scs_site", "scs_organisation", "scs_posting", "scs_legalhold", "scs_retentionschedule",
    "scs_trailanchor",
)  # fmt: skip

SERVICE = "as long as the service"  # set-up and accounts: needed to work, or to read what is kept
COUNTS = "counts"  # exact daily counts and what is made of them: inside, of no person
CHAINED = "trail"  # whole: it goes from its beginning alone (SHORTENED)
LEDGER = "ledger"  # what was published and how: never changed
PASSING = "passing"  # goes by itself within minutes or days (FIXED, or as soon as it is used)
PROOF = "proof"  # of destruction: schedules, holds, certificates; of the trail: what was signed

# Table → why it stays, or goes by itself; each field that is not open is named, so that a new one is seen.
KEPT: dict[str, tuple[str, tuple[str, ...]]] = {}


def keep(why: str, **tables: str) -> None:
    """`Model="field field"`: the fields of the table that are not open."""
    KEPT.update({model: (why, tuple(fields.split())) for model, fields in tables.items()})


keep(
    SERVICE,
    BackupMade="rows", Restoration="", Trouble="",
    Organisation="", Region="", Site="", Room="", Booth="", OpeningHours="", OpeningException="",
    CodeValue="",
    Product="", ShelfRule="", Basket="", ReturnConversion="source made_by made_at", IncidentDeadline="",
    Protocol="entered_by", KeyCheck="", Heartbeat="", Instant="", Device="uuid token_digest",
    Staff="code display_name password last_login left_on told_until", Posting="staff since until",
    Pin="staff pin once once_until", Recipient="contact push_url push_since",
    RecipientToken="digest made_by", SitePublicity="said_by", Watch="judged_sha256",
    Authorisation="", Condition="", ConditionCheck="by", CourseRule="said_by", ReviewLimit="",
    TrainingDone="staff done_on expires_on evidence entered_at entered_by withdrawn_at",
    Import="rows written already refused left ref by language uploaded_at file_name digest mapping position "
    "notices tally finished_at undone_at undone_by undo_reason keep_until purged_at",
    RememberedMapping="headings mapping by at",
    Authenticator="id user type data created_at last_used_at", EmailAddress="id user email verified primary",
    EmailConfirmation="id email_address created sent key", ContentType="", Permission="", Group="",
    Group_permissions="",
)  # fmt: skip
keep(
    COUNTS,
    SegmentedFit="found",
    DailyCount="service_date value", CountedDay="", CountedSpan="", FrozenCounts="", AuditState="faults",
    DailyReport="indicators changed incomplete", PeriodReport="indicators changed incomplete",
    StatutoryReturn="made_by name rows", ContextEvent="entered_by",
)  # fmt: skip
keep(
    LEDGER,
    PlanLine="", LedgerCell="", SealedCount="value", Stop="", GateLog="programs other_neighbour",
    ExternalFigure="lower upper", ReleaseFile="", EditionFile="", Push="",
    RiskAnalysis="signed_by name function",
)  # fmt: skip
keep(CHAINED, TrailEntry="at actor device site_id action about about_id why", TrailLink="")
keep(
    PASSING,
    ImportPiece="imported number box", ImportProblem="imported row column message",
    DirtyMark="at", PeriodToBuild="", DayToken="day token", MonthToken="month token",
    WrongPin="device code last_at",
    StaffSession="session_key session_data expire_date staff began_at seen_at browser",
)  # fmt: skip
keep(
    PROOF,
    LegalHold="client_ref reason placed_by lifted_by lifted_why", RetentionSchedule="signed_by name function",
    Destruction="by", DryRun="by", TrailHead="", TrailAnchor="",
)  # fmt: skip


def destroyed() -> dict[str, type[Model]]:
    """Table → model, of everything that some rule destroys."""
    models = [row.model for stories in STORIES for row in stories.rows]
    models += [dated.model for dated in DATED] + [ORPHANS, Record, Authorship]
    return {model._meta.db_table: model for model in models}


def rules_of(model: type[Model]) -> set[str]:
    """Codes of the rules by which rows of this table go; a record goes with the story it is of."""
    if model in (Record, Authorship):
        return {stories.rule for stories in STORIES} | ({"aside"} if model is Record else set())
    if model is ORPHANS:
        return {"people"}
    if model in SHORTENED:
        return {TRAIL}
    stories = {one.rule for one in STORIES for row in one.rows if row.model is model}
    return stories | {one.rule for one in [*DATED, *EMPTIED] if one.model is model}


DESTROYING.update({table: {"scs_purge": DESTROY} for table in destroyed()})
DESTROYING.update({model._meta.db_table: {"scs_purge": DESTROY} for model in SHORTENED})
DESTROYING.update({table: {"scs_purge": READ} for table in JUDGED_BY})
DESTROYING.update({one.table: {"scs_purge": f"SELECT, UPDATE ({one.column})"} for one in EMPTIED})
