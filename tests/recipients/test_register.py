import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import as_owner
from sites.recipients import register
from sites.recipients.models import RiskAnalysis
from sites.recipients.register import why_due
from sites.recipients.services import add_recipient
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD
from tests.releases.counted import plan
from tests.releases.published import main, signed_in, text

SIGNED = {
    "individualization": "Cellules relues", "correlation": "", "inference": "Presse relue", "very_low": "yes",
    "name": "Personne compétente", "function": "Responsable de la protection",
}  # fmt: skip


@pytest.fixture
def site(published):
    return published[0]


@pytest.fixture
def officer(site):
    return signed_in(site, "privacy_officer")


def typed(client, **changes) -> dict:
    page = text(client.get("/releases/register/"))
    read = re.search(r'name="read" value="(\w{64})"', page)[1]
    review = (timezone.now() + timedelta(days=300)).date().isoformat()
    return SIGNED | {"read": read, "next_review": review} | changes


def sign(client, data: dict):
    """Post the analysis, and the password when it is asked for."""
    answer = client.post("/releases/register/sign", data)
    if answer.status_code == 302 and "reauthenticate" in answer["Location"]:
        answer = client.post(answer["Location"], {"password": PASSWORD, "next": "/releases/register/sign"})
    return answer


def test_the_register_is_filled_by_the_system(published, officer):
    add_recipient("DRSP", "Surveiller les surdoses", basis="entente de 2026", by="x")
    page = text(officer.get("/releases/register/"))
    for words in (
        "Visites", "plans de publication en vigueur : 2026-1",
        "Publications : 1, du 2026-11-22 au 2026-11-22",
        "Surveiller les surdoses", "entente de 2026", "n = 5q + r", "Individualisation", "Corrélation",
        "Inférence", "aucun fait", "Aucun extrait d’événements",
    ):  # fmt: skip
        assert words in page, words


def test_it_is_read_by_who_keeps_registers_and_signed_by_who_answers_for_them(published):
    manager = signed_in(published[0], "manager")
    assert "Signer l’analyse" not in text(manager.get("/releases/register/"))
    assert manager.post("/releases/register/sign", SIGNED).status_code == 403
    for role in ("nurse", "ph_reader", "sysadmin"):
        assert signed_in(published[0], role).get("/releases/register/").status_code == 403


def test_an_analysis_is_signed_as_it_was_read(published, officer):
    answer = sign(officer, typed(officer))
    made = RiskAnalysis.objects.get()
    assert answer["Location"] == f"/releases/register/{made.pk}/"
    assert (made.signed_by, made.name, made.very_low) == (
        "privacy_officer-fr-ca",
        "Personne compétente",
        True,
    )
    assert made.plan_versions == ["2026-1"]
    assert set(made.body) == {"fr", "en"}
    before = main(officer.get(answer["Location"]))
    assert "Presse relue" in before
    add_recipient("Bailleur", "comptes", basis="x", by="x")
    assert main(officer.get(answer["Location"])) == before
    assert TrailEntry.objects.filter(action="risk analysis signed").exists()


def test_without_the_password_nothing_is_signed(published, officer):
    answer = officer.post("/releases/register/sign", typed(officer))
    assert "reauthenticate" in answer["Location"]
    assert officer.post(answer["Location"], {"password": "x"}).status_code == 200
    assert not RiskAnalysis.objects.exists()


def test_what_changed_while_it_was_read_is_read_again(published, officer):
    data = typed(officer)
    add_recipient("Bailleur", "comptes", basis="x", by="x")
    answer = sign(officer, data)
    assert answer.status_code == 422
    assert "relire, puis signer" in text(answer)
    assert "Presse relue" in text(answer)
    assert not RiskAnalysis.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"function": ""}, {"very_low": "x"}, {"next_review": "2020-01-01"},
     {"next_review": "9999-12-31"}, {"inference": "x" * 2001}, {"read": "x"}],
)  # fmt: skip
def test_a_signature_lacks_nothing(published, officer, wrong):
    assert sign(officer, typed(officer, **wrong)).status_code == 422
    assert not RiskAnalysis.objects.exists()


def test_nothing_of_an_analysis_changes(published, officer):
    sign(officer, typed(officer))
    with as_owner(), connection.cursor() as cursor, transaction.atomic():
        with pytest.raises(DatabaseError, match="only added to"):
            cursor.execute("update scs_riskanalysis set very_low = false")
        transaction.set_rollback(True)


# --- When it is due ------------------------------------------------------------------------
def analysed(**more) -> RiskAnalysis:
    fields = {
        "signed_at": timezone.now(), "very_low": True, "plan_versions": ["2026-1"], "body": {},
        "next_review": timezone.now().date() + timedelta(days=300),
    } | more  # fmt: skip
    return RiskAnalysis.objects.create(**fields)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ({}, ""),
        ({"very_low": False}, "demande des mesures"),
        ({"plan_versions": ["2025-1"]}, "Un plan est entré en vigueur"),
        ({"next_review": date(2020, 1, 1)}, "à refaire d’ici le 2020-01-01"),
        ({"next_review": timezone.now().date() + timedelta(days=20)}, "à refaire"),
    ],
)
def test_the_reminder_says_why(db, last, words):
    analysed(**last)
    told = why_due(["2026-1"])
    assert words in told
    assert bool(told) is bool(words)


def test_the_first_analysis_is_due_with_the_first_plan(db):
    assert why_due(["2026-1"]) == "Aucune analyse n’est signée encore."
    assert why_due([]) == ""


def test_who_signs_is_reminded_where_they_begin(published, officer):
    assert "Aucune analyse n’est signée encore" in text(officer.get("/releases/"))
    assert "Aucune analyse" not in text(signed_in(published[0], "manager").get("/releases/"))
    sign(officer, typed(officer))
    assert "analyse n’est signée" not in text(officer.get("/releases/"))


def test_a_plan_of_next_year_is_not_in_force_yet(published):
    assert register.versions_in_force() == ["2026-1"]
    plan(published[0], "2090-1", 2090)
    assert register.versions_in_force() == ["2026-1"]
