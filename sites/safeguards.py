"""What must never be argued about, as far as code can say it: every field has one privacy class.

open: may leave with a figure · coarsened: leaves counted, banded or rounded · never: stays inside.
"""

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


def misclassed(model: type[models.Model]) -> list[str]:
    """Fields without exactly one class, and classes of fields that are not there."""
    classes = getattr(model, "PRIVACY", None) or THIRD_PARTY.get(model._meta.label, {})
    fields = {field.name for field in model._meta.concrete_fields}
    named = [name for one in classes.values() for name in one]
    wrong = {name for name in fields | set(named) if named.count(name) != 1 or name not in fields}
    return sorted(wrong | (set(classes) - set(CLASSES)))
