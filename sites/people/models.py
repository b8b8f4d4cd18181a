import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.people import roles
from sites.people.terms import Language, Permission, TabletPlace
from sites.places.models import CALENDAR, EDIT, SiteRow


class StaffManager(BaseUserManager):
    def create_user(self, code, password=None, **fields):
        staff = self.model(code=code.lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Someone who works here. Known by a code; the name shown is a role name or chosen initials."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    display_name = models.CharField(_("nom affiché"), max_length=60)
    role = models.CharField(_("rôle"), max_length=20, choices=roles.CHOICES)
    language = models.CharField(_("langue"), max_length=5, choices=Language.choices, default=Language.FRENCH)
    is_active = models.BooleanField(_("compte actif"), default=True)
    # The day the account was closed: the name shown goes some months later, by a rule of retention.
    left_on = models.DateField(null=True, editable=False)
    # Until when a password opens that someone else told; null once it is one’s own.
    told_until = models.DateTimeField(null=True, editable=False)

    objects = StaffManager()
    USERNAME_FIELD = "code"
    REQUIRED_FIELDS = ["display_name", "role"]

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "role", "language", "is_active"],
        "never": ["code", "display_name", "password", "last_login", "left_on", "told_until"],
    }

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.display_name

    def get_full_name(self):
        return self.display_name

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in roles.BY_CODE[self.role].permissions

    @property
    def needs_two_factors(self) -> bool:
        return roles.BY_CODE[self.role].two_factors


class StaffSession(AbstractBaseSession):
    """One browser signed in. Of the cookie only a digest is kept, of the browser its kind, no address."""

    session_key = models.CharField(max_length=64, primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {
        "never": ["session_key", "session_data", "expire_date", "staff", "began_at", "seen_at", "browser"]
    }


class Posting(SiteRow):
    """A person works at a site."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings")
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    # One's own postings are read before it is known which sites one may see.
    SITE_ROWS = "{mine} or staff_id = nullif(current_setting('app.staff', true), '')::bigint"
    PRIVACY = {"open": ["id", "site"], "never": ["staff", "since", "until"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "staff"], name="one_posting_a_site")]


class Device(SiteRow):
    """An enrolled tablet. Its token is kept only as a digest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    label = models.CharField(_("nom"), max_length=40, blank=True)
    place = models.CharField(
        _("endroit"), max_length=10, choices=TabletPlace.choices, default=TabletPlace.COUNTER
    )
    token_digest = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    GRANTS = EDIT | {"scs_seal": "", "scs_release": ""}
    # A token is looked up before its site is known.
    SITE_ROWS = "{mine} or token_digest = nullif(current_setting('app.token', true), '')"
    PRIVACY = {
        "open": ["id", "site", "label", "place", "enrolled_at", "revoked_at", "last_seen_at"],
        "never": ["uuid", "token_digest"],
    }


class EnrolmentCode(SiteRow):
    """Lets one tablet in, once. `name` finds it; only a digest of the rest is kept."""

    name = models.CharField(max_length=4, unique=True)
    secret = models.CharField(max_length=128)
    label = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=10, choices=TabletPlace.choices, default=TabletPlace.COUNTER)
    replaces = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.CharField(max_length=40)
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    GRANTS = CALENDAR | {"scs_seal": "", "scs_release": ""}
    # Looked up before its site is known, as a token is.
    SITE_ROWS = "{mine} or name = nullif(current_setting('app.token', true), '')"
    PRIVACY = {
        "open": ["id", "site", "place", "tries"],
        "never": ["name", "secret", "label", "replaces", "made_by", "until"],
    }


class Pin(models.Model):
    """The 6 digits by which someone unlocks a tablet, and the one-time code that lets them choose it."""

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, primary_key=True)
    pin = models.CharField(max_length=128, blank=True)
    once = models.CharField(max_length=128, blank=True)
    once_until = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"never": ["staff", "pin", "once", "once_until"]}


class WrongPin(SiteRow):
    """Wrong codes in a row for one person on one tablet, or at a desk; nobody else there is slowed."""

    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    # Of a code that nobody here has, its digest: it is counted like any other.
    code = models.CharField(max_length=40)
    count = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_default=Now())

    GRANTS = CALENDAR | {"scs_seal": "", "scs_release": ""}
    PRIVACY = {"open": ["id", "site", "count"], "never": ["device", "code", "last_at"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "code"], name="one_count_a_person"),
            models.UniqueConstraint(
                fields=["site", "code"], condition=Q(device=None), name="one_count_a_person_at_desks"
            ),
        ]


class Unlock(SiteRow):
    """Someone holds a tablet, proven by their PIN, until it is locked, passed on or the time is up."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "site"],
        "never": ["device", "staff", "token_digest", "at", "until", "ended_at"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["device"], name="unlock_live", condition=models.Q(ended_at=None)),
            models.Index(fields=["site", "-at"], name="unlock_lately"),
        ]
