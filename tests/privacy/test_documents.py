"""The assessment and « what a warrant yields » say what the models do; a field that changes fails this."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import models

from sites.keyring.fields import SealedText
from sites.privacy import document, held
from sites.visits.models import Visit

DOCS = settings.BASE_DIR / "docs"
KEPT_CLOSED = ("digest", "token", "secret", "password", "mac", "handle_code", "pin", "once")


@pytest.mark.parametrize("name", document.DOCUMENTS)
def test_what_stands_in_docs_is_what_the_code_does(name):
    assert document.untold() == [], "sites/privacy/tables.toml, then manage.py privacy_docs"
    assert (DOCS / name).read_text() == document.document(name), "manage.py privacy_docs"


def test_the_check_fails_as_soon_as_a_class_changes(monkeypatch):
    call_command("privacy_docs", check=True)
    open_now = Visit.PRIVACY | {"never": [n for n in Visit.PRIVACY["never"] if n != "gender"]}
    monkeypatch.setattr(Visit, "PRIVACY", open_now)
    with pytest.raises(CommandError, match=r"efvp\.md"):
        call_command("privacy_docs", check=True)


def test_a_table_without_words_is_named():
    type("Planted", (models.Model,), {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "scs"})})
    try:
        assert document.untold() == ["scs.Planted"]
    finally:
        apps.all_models["scs"].pop("planted")
        apps.clear_cache()


def test_what_is_said_to_be_closed_exists():
    for model in document.models():
        names = {field.name for field in model._meta.concrete_fields}
        assert set(held.HELD.get(model._meta.label, ())) <= names, model


def test_every_secret_says_in_which_form_it_lies():
    """A digest, a token or a password that nobody described would be told to lie in clear."""
    for model in document.models():
        for field in document.inside(model):
            if isinstance(field, models.BinaryField) or field.name.endswith(KEPT_CLOSED):
                assert held.form_of(field) != held.CLEAR, field


def test_a_sealed_column_says_so_by_its_type():
    field = SealedText()
    assert held.form_of(field) == held.WRITTEN


@pytest.mark.parametrize(
    "words", ["Jamais demandé", "`handle_code` : code à clé du pseudonyme", "À décider et à signer"]
)
def test_the_assessment_says_what_a_board_needs(words):
    assert words in document.document("efvp.md")


@pytest.mark.parametrize(
    "thing", ["tablette", "sauvegarde", "piste seule", "dossier des clés", "serveur entier"]
)
def test_the_warrant_page_goes_thing_by_thing(thing):
    assert thing in document.document("mandat.md")
