"""What a new installation starts with: history, people who can sign in, a plan, a shift under way."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.people.factors import give_totp
from sites.people.models import Staff
from sites.people.pins import generated, set_pin
from sites.people.services import generated_password, hire, post, set_password
from sites.people.terms import Permission
from sites.places.models import Site
from sites.recipients.services import add_recipient
from sites.simulation.registers import keep_registers
from sites.simulation.services import simulate
from sites.simulation.tablets import links
from sites.simulation.today import tell_today
from sites.simulation.towns import BY, profile
from sites.trail.models import TrailEntry
from sites.trail.services import note

LOADED = "demo loaded"
# code, role, site
SIGN_INS = [
    ("s01-01", "nurse", "S01"),
    ("s01-02", "worker", "S01"),
    ("s01-03", "peer", "S01"),
    ("s01-04", "shift_lead", "S01"),
    ("s01-05", "manager", "S01"),
    ("s02-05", "manager", "S02"),
    ("vie-privee", "privacy_officer", "S01"),
    ("systeme", "sysadmin", "S01"),
    ("sante-publique", "ph_reader", None),
]
NAMES = {
    "privacy_officer": "Responsable de la protection",
    "sysadmin": "Administration du système",
    "ph_reader": "Santé publique",
}


@dataclass(frozen=True)
class SignIn:
    code: str
    role: str
    site: str | None
    password: str
    pin: str | None
    totp_secret: str | None

    def as_json(self) -> dict:
        return {
            "code": self.code,
            "role": self.role,
            "site": self.site,
            "password": self.password,
            "totp_secret": self.totp_secret,
            "pin": self.pin,
        }


def is_loaded() -> bool:
    return TrailEntry.objects.filter(action=LOADED).exists()


def load(*, sites: int, days: int, seed: int) -> dict:
    """Everything in one transaction; returns what demo.json holds."""
    with transaction.atomic():
        made = simulate(sites=sites, days=days, seed=seed)
        with acting(sites=[site.pk for site in made]):
            for number, site in enumerate(made, 1):
                volume = profile(number).visits_per_day
                tell_today(site, seed=seed, visits_per_day=volume, lively=number == 1)
            sign_ins = _people(made)
            for site in made:
                keep_registers(site, seed=seed, by=BY)
            token = _recipient()
            note(LOADED, actor=BY)
    return {
        "url": _url(),
        "users": [one.as_json() for one in sign_ins],
        "tablets": links(made, _url(), []),
        "recipients": [{"token": token}],
        "database_url": _running().get("dump_url") or os.environ.get("DATABASE_URL"),
        "redis_url": settings.CELERY_BROKER_URL,
    }


def _people(sites: list[Site]) -> list[SignIn]:
    codes = {site.code for site in sites}
    sign_ins = []
    for code, role, site in SIGN_INS:
        if site and site not in codes:
            continue
        password = generated_password()
        staff = Staff.objects.filter(code=code).first()
        if staff:
            set_password(staff, password, by=BY)
        else:
            staff = hire(code=code, display_name=NAMES[role], role=role, by=BY, password=password)
            for everywhere in sites if site else []:
                post(staff, everywhere, by=BY)
        sign_ins.append(SignIn(code, role, site, password, _pin(staff), _totp(staff)))
    return sign_ins


def _pin(staff: Staff) -> str | None:
    """The six digits with which this person unlocks a tablet, if they may hold one."""
    if not staff.may(Permission.RECORD_OVERDOSE):
        return None
    pin = generated()
    set_pin(staff, pin, by=BY)
    return pin


def _totp(staff: Staff) -> str | None:
    """What an application makes this person's codes of, where the role demands a second factor."""
    return give_totp(staff) if staff.needs_two_factors else None


def _recipient() -> str:
    _row, token = add_recipient(
        "Santé publique (démonstration)",
        "Suivre les surdoses présumées dans la région",
        basis="Entente de démonstration",
        by=BY,
    )
    return token


def renew_tablets(path: Path) -> None:
    """Make the tablets' codes again that were used or are over."""
    content = json.loads(path.read_text()) if path.exists() else {}
    if "tablets" not in content:
        return
    with transaction.atomic():
        sites = [site for site in Site.objects.order_by("code") if site.code in _told(content)]
        links_now = links(sites, _url(), content["tablets"])
    if links_now != content["tablets"]:
        write_private(path, content | {"tablets": links_now})


def _told(content: dict) -> set[str]:
    return {link["site"] for link in content["tablets"]}


# --- demo.json ---------------------------------------------------------------------------
def write_private(path: Path, content: dict) -> None:
    """All of it or nothing, and nobody else may read it."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1)
    part.replace(path)


def _url() -> str:
    host = os.environ.get("HOST") or "127.0.0.1"
    local = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104 - compared, not bound
    return f"http://{'localhost' if host in local else host}:{os.environ.get('PORT') or '8000'}"


def _running() -> dict:
    path = settings.DATA_DIR / "engines.json"
    return json.loads(path.read_text()) if path.exists() else {}
