"""Columns that keep what people typed sealed: in clear on the instance, never in the database.

The model has a `site`, whose key of the month seals.
"""

from django.db import models

from sites.keyring.words import seal, unseal

MARK = "sealed"


class SealedText(models.TextField):
    def pre_save(self, model_instance, add):
        words = super().pre_save(model_instance, add)
        return seal(model_instance.site, words) if words else words

    def from_db_value(self, value, expression, connection):
        return unseal(value) if value else value


class SealedJSON(models.JSONField):
    """JSON of which some texts, at any depth, are sealed: those that the model's `sealed_names()` names."""

    def pre_save(self, model_instance, add):
        content = super().pre_save(model_instance, add)
        names = model_instance.sealed_names()
        return closed(content, names, model_instance.site) if _holds(content, names) else content

    def from_db_value(self, value, expression, connection):
        content = super().from_db_value(value, expression, connection)
        return opened(content) if value and f'"{MARK}": "' in value else content


def _holds(content, names: set[str]) -> bool:
    if isinstance(content, dict):
        return not names.isdisjoint(content) or any(_holds(one, names) for one in content.values())
    return isinstance(content, list) and any(_holds(one, names) for one in content)


def closed(content, names: set[str], site):
    """The content with these texts of it sealed."""
    if isinstance(content, list):
        return [closed(one, names, site) for one in content]
    if not isinstance(content, dict):
        return content
    return {
        name: {MARK: seal(site, value)}
        if name in names and isinstance(value, str) and value
        else closed(value, names, site)
        for name, value in content.items()
    }


def opened(content):
    """The content with its sealed texts as they were typed."""
    if isinstance(content, list):
        return [opened(one) for one in content]
    if not isinstance(content, dict):
        return content
    if set(content) == {MARK} and isinstance(content[MARK], str):
        return unseal(content[MARK])
    return {name: opened(value) for name, value in content.items()}
