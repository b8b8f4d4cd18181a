"""In what form a field is kept, where it is not in clear. Sealed fields tell it by their type."""

from django.db.models import Field

from sites.keyring.fields import LastingLine, LastingText, SealedJSON, SealedText

CLEAR = "en clair"
HANDLE = "code à clé du pseudonyme (HMAC-SHA256, clé « handle » du site)"
DAY = "jeton à clé du jour (HMAC-SHA256, clé « token- » détruite 48 heures après le jour)"
MONTH = "jeton à clé du mois (HMAC-SHA256, clé « token- » détruite 48 heures après le mois)"
MARK = "code du mois pour une personne cherchée (HMAC-SHA256, clé « look- » détruite 35 jours après le mois)"
PERSON = f"en clair, sauf une personne : {MARK}"
TEXT = "textes tapés : scellés (AES-256-GCM, clé « text- » du mois d’écriture); le reste en clair"
WRITTEN = "scellé (AES-256-GCM, clé « text- » du mois d’écriture)"
LASTING = "scellé (AES-256-GCM, clé « register » du site ou de la maison, qui dure autant que le registre)"
CHAIN = "code à clé de la chaîne (HMAC-SHA256, clé « trail »)"
SLOW = "empreinte lente (Argon2)"
DIGEST = "empreinte (SHA-256) d’un secret long tiré au hasard"
SECRET = "scellé sous une clé faite de SECRET_KEY"  # noqa: S105 - words about one
CHECK = "valeur de contrôle d’une clé, qui ne la dit pas"

IMPORTED = "scellé (AES-256-GCM, clé de ce seul fichier)"
HEADINGS = "empreinte à clé (HMAC-SHA256, clé « handle » du site)"

HELD: dict[str, dict[str, str]] = {
    "scs.Client": {"code": HANDLE},
    "scs.Visit": {"handle_code": f"{HANDLE}, effacé au départ"},
    "scs.DayToken": {"token": DAY},
    "scs.MonthToken": {"token": MONTH},
    "scs.Record": {"content_mac": "empreinte à clé du contenu (HMAC-SHA256, clé « handle » du site)"},
    "scs.TrailEntry": {"about_id": PERSON},
    "scs.TrailLink": {"code": CHAIN},
    "scs.TrailHead": {"code": CHAIN, "signature": "signature (Ed25519)"},
    "scs.TrailAnchor": {"code": CHAIN, "signature": "signature (Ed25519)"},
    "scs.KeyCheck": {"digest": CHECK},
    "scs.Staff": {"password": SLOW},
    "scs.StaffSession": {"session_key": DIGEST, "session_data": SECRET},
    "scs.Import": {"digest": HEADINGS},
    "scs.ImportPiece": {"box": IMPORTED},
    "scs.RememberedMapping": {"headings": HEADINGS},
    "scs.Device": {"token_digest": DIGEST},
    "scs.EnrolmentCode": {"secret": SLOW},
    "scs.Pin": {"pin": SLOW, "once": SLOW},
    "scs.Unlock": {"token_digest": DIGEST},
    "scs.RecipientToken": {"digest": DIGEST},
    "mfa.Authenticator": {"data": f"{SECRET} (codes); clé publique en clair (clé d’accès)"},
}


def form_of(field: Field) -> str:
    """How a field lies in the database, in words."""
    if isinstance(field, SealedJSON):
        return TEXT
    if isinstance(field, SealedText):
        return WRITTEN
    if isinstance(field, LastingText | LastingLine):
        return LASTING
    return HELD.get(field.model._meta.label, {}).get(field.name, CLEAR)
