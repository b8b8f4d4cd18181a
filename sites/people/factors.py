"""The second factor of who runs a site: a passkey or a code of six digits, and codes for a bad day.

Its secrets stand in the database sealed under a key made of SECRET_KEY, so that a copy of it opens nothing.
"""

import base64
import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.people.models import Staff

Type = Authenticator.Type
PERIOD_S = 30
STRONG = [Type.TOTP, Type.WEBAUTHN]
# What of each is sealed; of a passkey nothing, being public.
SEALED = {Type.TOTP: "secret", Type.RECOVERY_CODES: "seed"}


def box(what: bytes = b"scs second factor") -> MultiFernet:
    """Seals under keys made of SECRET_KEY, other ones for each kind of thing."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret, what)) for secret in secrets])


def _key(secret: str, what: bytes) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=what).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


class Adapter(DefaultMFAAdapter):
    """How allauth keeps and names a second factor here."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Ce code ne va pas, ou il a déjà servi. Attendre le suivant."),
        "cannot_delete_authenticator": gettext_lazy(
            "Votre rôle en demande un : en ajouter un autre avant de retirer celui-ci."
        ),
    }

    def get_totp_issuer(self) -> str:
        return _("Consommation supervisée")

    def _get_site_name(self) -> str:
        return _("Consommation supervisée")

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under a SECRET_KEY that is gone fits no code."""
        try:
            return box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(Fernet.generate_key()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = strong_factors(authenticator.user).exclude(pk=authenticator.pk)
        return not authenticator.user.needs_two_factors or others.exists()

    def generate_authenticator_name(self, user, type) -> str:
        return _("Clé d’accès %(number)s") % {"number": strong_factors(user).count() + 1}


def strong_factors(staff: Staff):
    return Authenticator.objects.filter(user_id=staff.pk, type__in=STRONG)


def is_proven(request) -> bool:
    """Whether this session has shown a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def last_proof(request) -> float:
    """When this session last showed a password or another factor; seconds since 1970."""
    records = get_authentication_records(request, request.user)
    return max((record.get("at", 0) for record in records), default=0)


def just_proven(request) -> bool:
    """Within the minutes for which a password counts, signing in included."""
    return time.time() - last_proof(request) <= app_settings.REAUTHENTICATION_TIMEOUT


def give_totp(staff: Staff, secret: str = "") -> str:
    """Let someone sign in with the codes of a secret (base32), drawn here when none is given; it is told."""
    secret = secret or generate_totp_secret()
    data = {"secret": Adapter().encrypt(secret)}
    Authenticator.objects.update_or_create(user=staff, type=Type.TOTP, defaults={"data": data})
    return secret


def seal_again() -> tuple[int, list[str]]:
    """Put every secret under the SECRET_KEY of today: how many, and the codes of whose no key opens."""
    sealing, count, lost = box(), 0, set()
    factors = Authenticator.objects.select_for_update(of=("self",)).select_related("user")
    for factor in factors.filter(type__in=SEALED):
        name = SEALED[factor.type]
        try:
            factor.data[name] = sealing.rotate(factor.data[name].encode()).decode()
        except InvalidToken:
            lost.add(factor.user.code)
            continue
        factor.save(update_fields=["data"])
        count += 1
    return count, sorted(lost)


def code_of(secret: str, at: float) -> str:
    """The six digits that an application shows at that time (seconds since 1970)."""
    return format_hotp_value(hotp_value(secret, int(at) // PERIOD_S))


def forget_factors(staff: Staff) -> None:
    Authenticator.objects.filter(user=staff).delete()
