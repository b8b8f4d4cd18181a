"""What must never be argued about, as far as code can say it: every field has one privacy class.

open: may leave with a figure · coarsened: leaves counted, banded or rounded · never: stays inside.
"""

import re

from django.db import models

CLASSES = ("open", "coarsened", "never")
THIRD_PARTY = {
    "contenttypes.ContentType": {"open": ["id", "app_label", "model"]},
    "auth.Permission": {"open": ["id", "name", "content_type", "codename"]},
    "auth.Group": {"open": ["id", "name"]},
    "auth.Group_permissions": {"open": ["id", "group", "permission"]},
    "account.EmailAddress": {"never": ["id", "user", "email", "verified", "primary"]},
    "mfa.Authenticator": {"never": ["id", "user", "type", "data", "created_at", "last_used_at"]},
    "account.EmailConfirmation": {"never": ["id", "email_address", "created", "sent", "key"]},
}


def privacy_of(model: type[models.Model]) -> dict[str, list[str]]:
    """Class → the fields of a model that have it."""
    return getattr(model, "PRIVACY", None) or THIRD_PARTY.get(model._meta.label, {})


def misclassed(model: type[models.Model]) -> list[str]:
    """Fields without exactly one class, and classes of fields that are not there."""
    classes = privacy_of(model)
    fields = {field.name for field in model._meta.concrete_fields}
    named = [name for one in classes.values() for name in one]
    wrong = {name for name in fields | set(named) if named.count(name) != 1 or name not in fields}
    return sorted(wrong | (set(classes) - set(CLASSES)))


# What would say who someone is; nothing here has a place for it.
IDENTIFYING = re.compile(
    r"(first|last|given|family|maiden|middle|full|sur)_?names?\b|^(sur)?nom$|prenom|birth|\bdob\b|naissance"
    r"|ramq|health_(card|number)|\bnam\b|\bsin\b|passport|phone|mobile|courriel|e_?mail|street|postal|home_address"
    r"|\bip(_address)?$|latitude|longitude|\bgps\b|photo|portrait|fingerprint|biometr"
)
# Sign-in by e-mail comes with the library; the product asks nobody for one.
NOT_OURS = {"account.EmailAddress", "account.EmailConfirmation"}


def identifying(model: type[models.Model]) -> list[str]:
    """Fields whose name says that they would tell who someone is."""
    if model._meta.label in NOT_OURS:
        return []
    return sorted(field.name for field in model._meta.concrete_fields if IDENTIFYING.search(field.name))
