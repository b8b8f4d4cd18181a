"""People, by keyed codes and tokens only (privacy.md H1, H2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from sites.clients import withdrawn
from sites.clients.models import Agreement, Client, DayToken, MonthToken
from sites.clockwork.services import now
from sites.holds.services import LINKS, MARKS, TOKENS, holds_over, is_held
from sites.keyring.services import KeyMissing, destroy, key, living_keys_at, mac
from sites.places.models import Site
from sites.places.queries import day_bounds, service_date
from sites.records.errors import Conflict
from sites.records.handles import normalised
from sites.records.stories import Fact, Telling

# A key lives this long after its period has ended; a handle that comes later is not counted.
KEY_LIVES = timedelta(hours=48)
# Who looked up whom can be asked this long after the month; then the trail still holds and says nothing.
MARK_LIVES = timedelta(days=35)
# The rule of retention that agreements fall under.
PEOPLE = "people"
# What begins the name of a key that dies, and the kind of hold that keeps it.
DYING = {"token-": TOKENS, "look-": MARKS}


def known_client(site: Site, code: bytes) -> Client | None:
    return Client.objects.at(site).filter(code=code).first()


def day_key_name(day: date) -> str:
    return f"token-{day.isoformat()}"


def month_key_name(month: date) -> str:
    return f"token-{month:%Y-%m}"


def mark_key_name(month: date) -> str:
    return f"look-{month:%Y-%m}"


def person_mark(site: Site, handle: str) -> str:
    """How the trail names a person of this site in this month: 16 hexadecimal digits, keyed."""
    month = service_date(site, timezone.now()).replace(day=1)
    return mac(key(site, mark_key_name(month)), normalised(handle)).hex()[:16]


def _alive_until(site: Site, last_day: date):
    return day_bounds(site, last_day)[1] + KEY_LIVES


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def count_person(site: Site, handle: str, day: date) -> None:
    """Leave a token for the day and one for the month. Nothing is answered: no one learns who came before."""
    name = normalised(handle)
    if not name:
        return
    month = day.replace(day=1)
    if now() < _alive_until(site, day) and (token := _token(site, day_key_name(day), name)):
        DayToken.objects.bulk_create([DayToken(site=site, day=day, token=token)], ignore_conflicts=True)
    if now() < _alive_until(site, month_end(day)) and (token := _token(site, month_key_name(month), name)):
        MonthToken.objects.bulk_create(
            [MonthToken(site=site, month=month, token=token)], ignore_conflicts=True
        )


def _token(site: Site, key_name: str, name: str) -> bytes | None:
    try:
        return mac(key(site, key_name), name)[:8]
    except KeyMissing:
        return None


def forget_dead_keys(site: Site) -> list[str]:
    """Destroy the keys of tokens and marks whose period ended long enough ago; return their names."""
    over = [name for name in living_keys_at([site], *DYING)[site.pk] if is_over(site, name)]
    dead = [name for name in over if not is_held(site, DYING[_kind(name)], *_days_of(name))]
    for name in dead:
        destroy(site, name)
    return dead


def is_over(site: Site, key_name: str) -> bool:
    """Whether the period of such a key ended long enough ago."""
    if _kind(key_name) == "look-":
        return now() >= mark_dies(site, key_name)
    return now() >= _alive_until(site, _last_day(key_name))


def _kind(key_name: str) -> str:
    return key_name.partition("-")[0] + "-"


def _days_of(key_name: str) -> tuple[date, date]:
    last = _last_day(key_name)
    return (last if len(key_name.partition("-")[2]) == 10 else last.replace(day=1)), last


def mark_dies(site: Site, key_name: str) -> datetime:
    return day_bounds(site, _last_day(key_name))[1] + MARK_LIVES


def _last_day(key_name: str) -> date:
    """The last day of the period that a key is named for: token-2026-11-22, token-2026-11, look-2026-11."""
    named = key_name.partition("-")[2]
    return date.fromisoformat(named) if len(named) == 10 else month_end(date.fromisoformat(f"{named}-01"))


def is_client_held(client: Client) -> bool:
    """Whether a legal hold keeps this person’s agreements, or the links to their visits."""
    days = client.first_agreed_on, service_date(client.site, timezone.now())
    over = [hold for category in (PEOPLE, LINKS) for hold in holds_over(client.site, category, *days)]
    return any(hold.client_ref in (None, client.pk) for hold in over)


def refresh_agreement(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """A client row exists only after someone agreed; voiding the only agreement takes it away."""
    site = fact.site
    if fact.handle_code:
        client, _made = Client.objects.get_or_create(
            site=site,
            code=fact.handle_code,
            defaults={"first_agreed_on": service_date(site, tellings[0].occurred_at)},
        )
        Agreement.objects.create(
            site=site,
            client=client,
            record_id=fact.subject,
            version=tellings[0].data["version"],
            language=tellings[0].data["language"],
            agreed_at=tellings[0].occurred_at,
        )
    elif tellings:
        told = {name: tellings[0].data[name] for name in ("version", "language")}
        Agreement.objects.at(site).filter(record_id=fact.subject).update(
            agreed_at=tellings[0].occurred_at, **told
        )
    else:
        agreement = Agreement.objects.at(site).filter(record_id=fact.subject).select_related("client").first()
        if agreement:
            client = agreement.client
            if is_client_held(client):
                raise Conflict("held", _("Un gel oblige à garder cette entente pour le moment."), "target")
            agreement.delete()
            withdrawn.remember(fact.subject)
            if not client.agreements.exists():
                # Counted as new that day, and no longer.
                client.delete()
                return {client.first_agreed_on}
    return set()
