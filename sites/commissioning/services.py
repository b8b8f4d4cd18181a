"""A new installation: its first sites, and the accounts that make all others.

The code of a new installation is derived from SECRET_KEY, so that every host tells the same one and nothing
is kept; it opens nothing any more once there is an account.
"""

import hmac

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from harmreduction.pg.scope import acting, current
from sites.keyring.escrow import make_lasting
from sites.people.models import Staff
from sites.people.queries import nobody_yet
from sites.people.roles import BY_CODE, RUNS_THE_SYSTEM
from sites.people.services import generated_password, hire, post, words_of
from sites.places.models import Site
from sites.places.queries import today
from sites.places.services import add_site
from sites.releases.due import key_name
from sites.releases.planning import plan_from

SYSTEM_ACCOUNT = "admin"
FIRST_ROLE = "manager"
LOCK = int.from_bytes(b"start")


class AlreadyStarted(Exception):
    """There is an account: whoever may, makes the others."""


def start_code() -> str:
    """Five words, about 80 bits: « tavok-relum-sipan-dokel-mirat »."""
    drawn = salted_hmac("sites.commissioning", "start", secret=settings.SECRET_KEY, algorithm="sha512")
    return words_of(drawn.digest(), words=5)


def is_start_code(typed: str) -> bool:
    return hmac.compare_digest(typed.strip().lower().encode("utf-8", "replace"), start_code().encode())


@transaction.atomic
def bring_into_service(*, visits_per_day: int, **site) -> Site:
    """A site as `add_site` makes it, with its lasting keys, published from today by the plan of its size."""
    made = add_site(**site)
    with acting(sites=[*current().sites, made.pk]):
        plan_from(made, today(made), visits_per_day)
        make_lasting(made, key_name(today(made).year))
    return made


@transaction.atomic
def system_account(code: str, sites: list[Site], *, by: str) -> tuple[Staff, str]:
    """Who gives every role and sees no visit; with a password that is told once."""
    password = generated_password()
    name = str(BY_CODE[RUNS_THE_SYSTEM].name).capitalize()
    staff = _account(sites, code=code, display_name=name, role=RUNS_THE_SYSTEM, by=by, password=password)
    return staff, password


@transaction.atomic
def start(
    *, site: dict | None, code: str, display_name: str, password: str, language: str
) -> tuple[Staff, str]:
    """The first site, unless there are some; who manages it; and the system account, with its password."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    if not nobody_yet():
        raise AlreadyStarted
    if site:
        bring_into_service(**site, by=code)
    sites = list(Site.objects.all())
    _system, told = system_account(SYSTEM_ACCOUNT, sites, by=code)
    manager = _account(
        sites,
        code=code,
        display_name=display_name,
        role=FIRST_ROLE,
        by=code,
        password=password,
        language=language,
    )
    return manager, told


def _account(sites: list[Site], *, by: str, **account) -> Staff:
    staff = hire(**account, by=by)
    with acting(sites=[site.pk for site in sites]):
        for site in sites:
            post(staff, site, by=by)
    return staff
