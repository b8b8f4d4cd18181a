"""Who receives releases, by which token, and what was handed over to whom (privacy.md R11, R12)."""

import hashlib
import json
import math
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from sites.clockwork.services import now
from sites.places.models import Site
from sites.recipients.models import (
    Disclosure,
    EditionFile,
    Recipient,
    RecipientToken,
    RiskAnalysis,
    SitePublicity,
)
from sites.recipients.terms import ALL, PULLS_A_MINUTE, TOKEN_DAYS, Kind, Way
from sites.releases.models import ReleaseFile
from sites.trail.services import note

A_MINUTE = timedelta(minutes=1)
File = ReleaseFile | EditionFile


def sha256_of(body: dict) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


# --- Recipients --------------------------------------------------------------------------
@transaction.atomic
def keep(recipient: Recipient, *, what: Iterable[str], by: str) -> Recipient:
    """Save what a form made of a recipient; the trail names the fields that changed."""
    added = recipient.pk is None
    if added:
        recipient.created_at = timezone.now()
    recipient.save()
    action = "recipient added" if added else "recipient changed"
    note(action, actor=by, about="recipient", about_id=recipient.pk, why=", ".join(what))
    return recipient


@transaction.atomic
def add_recipient(name: str, purpose: str, *, basis: str, by: str) -> tuple[Recipient, str]:
    """A public health body that gets every row in every form, and its first token."""
    recipient = Recipient(
        kind=Kind.PUBLIC_HEALTH, name=name, purpose=purpose, basis=basis, regions=[ALL], sites=[ALL]
    )
    keep(recipient, what=[], by=by)
    return recipient, add_token(recipient, by=by)[1]


@transaction.atomic
def ensure_public() -> None:
    """The public is a recipient from the first day: region rows, by a page that asks for nobody’s name."""
    if Recipient.objects.filter(kind=Kind.PUBLIC).exists():
        return
    public = Recipient(
        kind=Kind.PUBLIC,
        name="Le public",
        purpose="Rendre compte à la population de ce que font les services, par région.",
        basis="Renseignements anonymisés, publiés par choix de l’organisme.",
        regions=[ALL],
        created_at=timezone.now(),
    )
    Recipient.objects.bulk_create([public], ignore_conflicts=True)
    note("recipient added", actor="releases", about="recipient", about_id="public")


@transaction.atomic
def revoke(recipient: Recipient, *, by: str) -> None:
    """Nothing more goes there; its tokens die with it, and what was sent stays written down."""
    at = timezone.now()
    if not Recipient.objects.filter(pk=recipient.pk, revoked_at=None).update(revoked_at=at):
        return
    recipient.tokens.filter(revoked_at=None).update(revoked_at=at)
    note("recipient revoked", actor=by, about="recipient", about_id=recipient.pk)


@transaction.atomic
def say_public(site: Site, public: bool, *, from_day, by: str) -> None:
    """A site decides whether its own rows are public, from the releases of a day on."""
    SitePublicity.objects.create(
        site=site, public=public, from_day=from_day, said_at=timezone.now(), said_by=by
    )
    action = "site rows made public" if public else "site rows kept from the public"
    note(action, actor=by, site_id=site.pk, about="site", about_id=site.code)


# --- Tokens ------------------------------------------------------------------------------
@transaction.atomic
def add_token(
    recipient: Recipient, *, by: str, expires_at: datetime | None = None
) -> tuple[RecipientToken, str]:
    """A token, told this once and kept only as a digest."""
    text, at = secrets.token_urlsafe(32), timezone.now()
    token = RecipientToken.objects.create(
        recipient=recipient,
        digest=_digest(text),
        made_at=at,
        made_by=by,
        expires_at=expires_at or at + timedelta(days=TOKEN_DAYS),
    )
    note("token made", actor=by, about="recipient", about_id=recipient.pk)
    return token, text


@transaction.atomic
def revoke_token(token: RecipientToken, *, by: str) -> None:
    if RecipientToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        note("token revoked", actor=by, about="recipient", about_id=token.recipient_id)


def token_of(text: str) -> RecipientToken | None:
    """The token with its recipient, when neither was revoked; whether it has expired is another question."""
    tokens = RecipientToken.objects.select_related("recipient").exclude(recipient__kind=Kind.PUBLIC)
    return tokens.filter(digest=_digest(text), revoked_at=None, recipient__revoked_at=None).first()


def seconds_to_wait(token: RecipientToken) -> int:
    """Count one use; 0, or how long to wait before the next. Uses at once are counted one by one."""
    at = timezone.now()
    running = When(window_began_at__gt=at - A_MINUTE, then=F("window_uses") + 1)
    began = When(window_began_at__gt=at - A_MINUTE, then=F("window_began_at"))
    RecipientToken.objects.filter(pk=token.pk).update(
        window_uses=Case(running, default=Value(1)),
        window_began_at=Case(began, default=Value(at)),
        last_used_at=at,
    )
    token.refresh_from_db(fields=["window_uses", "window_began_at"])
    if token.window_uses <= PULLS_A_MINUTE or token.window_began_at is None:
        return 0
    return max(1, math.ceil((token.window_began_at + A_MINUTE - at).total_seconds()))


# --- What left ---------------------------------------------------------------------------
@transaction.atomic
def disclose(file: File, *, to: Recipient, by: str, way: Way, why: str = "") -> Disclosure:
    """Write down that a file leaves; when that cannot be written, it does not leave."""
    what = f"{file.release_id}/{file.name}"
    note("release sent", actor=by, about="release", about_id=what, why=to.name)
    return Disclosure.objects.create(
        at=timezone.now(),
        recipient=to.name,
        recipient_ref=to.pk,
        what=what,
        sha256=file.sha256,
        purpose=to.purpose,
        why=why,
        basis=to.basis,
        by=by,
        way=way,
    )


# --- Analyses of risk --------------------------------------------------------------------
@transaction.atomic
def sign_analysis(analysis: RiskAnalysis, *, body: dict, versions: list[str], by: str) -> RiskAnalysis:
    """Keep an analysis as it was read and signed; it is never changed, only followed by another."""
    analysis.signed_at, analysis.signed_by = now(), by
    analysis.plan_versions, analysis.body, analysis.sha256 = versions, body, sha256_of(body)
    analysis.save(force_insert=True)
    note("risk analysis signed", actor=by, about="register", about_id=analysis.pk)
    return analysis
