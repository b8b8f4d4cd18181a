"""Columns that keep what people typed sealed: in clear on the instance, never in the database.

The model has a `site`, whose key seals. `QuerySet.update` would write them in clear: rows are saved.
"""

from collections.abc import Callable

from django.db import models

from sites.keyring.words import seal, unseal

MARK = "sealed"


class _Sealed(models.Field):
    lasting = False

    def pre_save(self, model_instance, add):
        words = super().pre_save(model_instance, add)
        return seal(model_instance.site, words, lasting=self.lasting) if words else words

    def from_db_value(self, value, expression, connection):
        return unseal(value) if value else value


class SealedText(_Sealed, models.TextField):
    """Until the key of the month of writing dies."""


class LastingText(_Sealed, models.TextField):
    """What a register must show for years: readable for as long as its row is kept."""

    lasting = True


class LastingLine(_Sealed, models.CharField):
    """The same on one line: `max_length` is that of the words, not of what is kept."""

    lasting = True

    def db_type(self, connection):
        return "text"


class SealedJSON(models.JSONField):
    """JSON of which some texts are sealed, at any depth: those that the model’s `seals(name, text)` says."""

    def pre_save(self, model_instance, add):
        return closed(super().pre_save(model_instance, add), model_instance.seals, model_instance.site)

    def from_db_value(self, value, expression, connection):
        content = super().from_db_value(value, expression, connection)
        return opened(content) if value and f'"{MARK}": "' in value else content


def closed(content, seals: Callable[[str, str], bool], site, name: str = ""):
    """The content with those of its texts sealed that are to be: `name` is what holds them."""
    if isinstance(content, str):
        return {MARK: seal(site, content)} if content and seals(name, content) else content
    if isinstance(content, list):
        return [closed(one, seals, site, name) for one in content]
    if isinstance(content, dict):
        return {key: closed(value, seals, site, key) for key, value in content.items()}
    return content


def opened(content):
    """The content with its sealed texts as they were typed."""
    if isinstance(content, list):
        return [opened(one) for one in content]
    if not isinstance(content, dict):
        return content
    if set(content) == {MARK} and isinstance(content[MARK], str):
        return unseal(content[MARK])
    return {name: opened(value) for name, value in content.items()}
