"""Every table of the product, one line a concept."""

from sites.association.models import SegmentedFit  # noqa: F401
from sites.audit.models import AuditState  # noqa: F401
from sites.clients.models import Agreement, Client, DayToken, MonthToken  # noqa: F401
from sites.clockwork.models import Heartbeat, Instant  # noqa: F401
from sites.codes.models import CodeValue  # noqa: F401
from sites.context.models import ContextEvent  # noqa: F401
from sites.holds.models import LegalHold  # noqa: F401
from sites.imports.models import Import, ImportPiece, ImportProblem, RememberedMapping  # noqa: F401
from sites.indicators.models import CountedDay, CountedSpan, DailyCount, FrozenCounts  # noqa: F401
from sites.keyring.models import KeyCheck, Restoration  # noqa: F401
from sites.kiosk.models import ErasureRequest  # noqa: F401
from sites.logbook.models import (  # noqa: F401
    Breach,
    ClientAlert,
    DrugCheck,
    Incident,
    IncidentDeadline,
    LeftBehind,
    ServiceGiven,
)
from sites.naloxone.models import (  # noqa: F401
    InTransit,
    KitComponent,
    KitGiven,
    KitUsed,
    Lot,
    Product,
    ShelfRule,
    StockMovement,
)
from sites.operations.models import BackupMade, Trouble  # noqa: F401
from sites.overdoses.models import (  # noqa: F401
    AuthorityNotice,
    NaloxoneDose,
    OverdoseEvent,
    Protocol,
    ResponseStep,
)
from sites.people.models import (  # noqa: F401
    Device,
    EnrolmentCode,
    Pin,
    Posting,
    Staff,
    StaffSession,
    Unlock,
    WrongPin,
)
from sites.recipients.models import (  # noqa: F401
    Disclosure,
    EditionFile,
    Push,
    Recipient,
    RecipientToken,
    RiskAnalysis,
    SitePublicity,
)
from sites.records.models import Authorship, Record  # noqa: F401
from sites.registers.models import (  # noqa: F401
    Authorisation,
    Condition,
    ConditionCheck,
    ConfidentialityIncident,
    CourseRule,
    TrainingDone,
)
from sites.releases.models import (  # noqa: F401
    ExternalFigure,
    GateLog,
    LedgerCell,
    PlanLine,
    ReleaseFile,
    SealedCount,
    Stop,
)
from sites.reports.models import DailyReport, PeriodReport, PeriodToBuild  # noqa: F401
from sites.retention.models import Destruction, DryRun, RetentionSchedule  # noqa: F401
from sites.returns.models import StatutoryReturn  # noqa: F401
from sites.review.models import Finding, ReviewLimit, Seen  # noqa: F401
from sites.shifts.models import HandOver, Remark  # noqa: F401
from sites.signals.models import (  # noqa: F401
    Signal,
    SignalFinding,
    SignalMessage,
    SupplyWarning,
    WarningRead,
    Watch,
)
from sites.supplies.models import Basket, ReturnConversion, SupplyAct, SupplyLine  # noqa: F401
from sites.trail.models import TrailAnchor, TrailEntry, TrailHead, TrailLink  # noqa: F401
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit  # noqa: F401
