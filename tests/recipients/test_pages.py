from datetime import timedelta

import pytest
from django.utils import timezone

from sites.recipients import services
from sites.recipients.editions import build_editions, public_sites
from sites.recipients.models import Disclosure, Recipient, RecipientToken, SitePublicity
from sites.recipients.services import add_recipient
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD
from tests.releases.published import signed_in, text

TYPED = {
    "kind": "funder", "name": "Bailleur", "purpose": "Rendre compte", "basis": "Convention 2026",
    "contact": "programme@bailleur.example", "schedule": "monthly", "formats": ["csv"],
    "regions": ["R01"], "sites": ["S01"],
}  # fmt: skip


@pytest.fixture
def site(published):
    return published[0]


@pytest.fixture
def officer(site):
    return signed_in(site, "privacy_officer")


@pytest.fixture
def body(site) -> Recipient:
    return add_recipient("DRSP", "surveillance", basis="entente", by="vie-privee")[0]


def confirmed(client, address: str):
    """Open a page that asks for the password again, and give it."""
    asked = client.get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    back = client.post(asked["Location"], {"password": PASSWORD, "next": address})
    assert (back.status_code, back["Location"]) == (302, address)
    return client.get(address)


def test_a_recipient_is_added_with_why_and_by_what_right(officer, site):
    answer = officer.post("/releases/recipients/new", TYPED)
    made = Recipient.objects.get(name="Bailleur")
    assert answer["Location"] == f"/releases/recipients/{made.pk}/"
    assert (made.regions, made.sites, made.formats) == (["R01"], ["S01"], ["csv"])
    page = text(officer.get("/releases/recipients/"))
    for words in ("Bailleur", "Rendre compte", "Convention 2026", "chaque mois", "sites S01"):
        assert words in page
    assert TrailEntry.objects.filter(action="recipient added").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"purpose": ""}, {"basis": ""}, {"kind": "public"}, {"regions": []}, {"formats": ["exe"]},
     {"sites": ["S99"]}, {"name": "a\x00b"}],
)  # fmt: skip
def test_what_cannot_be_keeps_what_was_typed(officer, wrong):
    answer = officer.post("/releases/recipients/new", TYPED | wrong)
    assert answer.status_code == 422
    assert "programme@bailleur.example" in text(answer)
    assert not Recipient.objects.exists()


def test_only_who_works_there_gives_a_sites_rows(officer, other_site):
    assert officer.post("/releases/recipients/new", TYPED | {"sites": ["S02"]}).status_code == 422
    assert officer.post("/releases/recipients/new", TYPED | {"sites": ["ALL"]}).status_code == 422


def test_what_another_officer_gave_stays(officer, other_site, body):
    body.sites = ["S02"]
    services.keep(body, what=[], by="x")
    answer = officer.post(f"/releases/recipients/{body.pk}/", TYPED | {"sites": []})
    assert answer.status_code == 302
    body.refresh_from_db()
    assert body.sites == ["S02"]


def test_a_token_is_told_once_after_the_password(officer, body, client):
    address = f"/releases/recipients/{body.pk}/token"
    assert confirmed(officer, address).status_code == 200
    day = (timezone.now() + timedelta(days=30)).date()
    page = text(officer.post(address, {"expires_on": day.isoformat()}))
    token = page.partition('class="once" lang="zxx">')[2].partition("<")[0]
    assert services.token_of(token).recipient == body
    assert token not in text(officer.get(f"/releases/recipients/{body.pk}/"))


@pytest.mark.parametrize("day", ["", "2020-01-01", "9999-12-31", "x"])
def test_a_token_does_not_live_for_ever(officer, body, day):
    address = f"/releases/recipients/{body.pk}/token"
    confirmed(officer, address)
    before = RecipientToken.objects.count()
    assert officer.post(address, {"expires_on": day}).status_code == 422
    assert RecipientToken.objects.count() == before


def test_the_wrong_password_makes_no_token(officer, body):
    before = RecipientToken.objects.count()
    asked = officer.post(f"/releases/recipients/{body.pk}/token", {"expires_on": "2026-12-31"})
    assert asked.status_code == 302
    refused = officer.post(asked["Location"], {"password": "nope"})
    assert refused.status_code == 200
    assert "Ce n’est pas ce mot de passe" in text(refused)
    assert RecipientToken.objects.count() == before


def test_a_token_is_revoked(officer, body):
    token = body.tokens.get()
    assert officer.post(f"/releases/tokens/{token.pk}/revoke").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_revoked_recipient_is_changed_no_more(officer, body):
    assert officer.post(f"/releases/recipients/{body.pk}/revoke").status_code == 302
    assert officer.get(f"/releases/recipients/{body.pk}/").status_code == 404
    assert "ne reçoit plus rien" in text(officer.get("/releases/recipients/"))


def test_the_public_keeps_its_rows(officer, site):
    services.ensure_public()
    public = Recipient.objects.get()
    address = f"/releases/recipients/{public.pk}/"
    page = text(officer.get(address))
    assert 'name="sites"' not in page
    assert officer.post(address, TYPED | {"formats": ["json"]}).status_code == 302
    public.refresh_from_db()
    assert (public.kind, public.regions, public.sites, public.formats) == ("public", ["ALL"], [], ["json"])
    assert officer.get(f"/releases/recipients/{public.pk}/token").status_code in (302, 404)


READ, CHANGE = {"manager", "privacy_officer"}, {"privacy_officer"}
ROLES = [
    "nurse",
    "worker",
    "peer",
    "shift_lead",
    "manager",
    "privacy_officer",
    "sysadmin",
    "security",
    "ph_reader",
]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_and_who_may_change(site, body, role):
    client = signed_in(site, role)
    for address in ("/releases/recipients/", "/releases/disclosures/"):
        assert client.get(address).status_code == (200 if role in READ else 403)
    pages = ["/releases/recipients/new", f"/releases/recipients/{body.pk}/"]
    for address in pages:
        assert client.get(address).status_code == (200 if role in CHANGE else 403)
    for address in (f"/releases/recipients/{body.pk}/revoke", "/releases/tokens/1/revoke"):
        assert client.post(address).status_code in ((302, 404) if role in CHANGE else (403,))
    assert client.get(f"/releases/recipients/{body.pk}/token").status_code in (
        (302, 404) if role in CHANGE else (403,)
    )


def test_a_site_decides_for_itself_alone(site, other_site):
    client = signed_in(site, "manager")
    assert client.post("/releases/recipients/site", {"public": "yes"}).status_code == 302
    said = SitePublicity.objects.get()
    assert (said.site, said.public) == (site, True)
    assert public_sites(said.from_day) == {"S01"}
    assert public_sites(said.from_day - timedelta(days=1)) == set()
    assert "Ne plus les publier" in text(client.get("/releases/recipients/"))
    assert signed_in(site, "privacy_officer").post("/releases/recipients/site").status_code == 403


# --- A file handed over --------------------------------------------------------------------
HAND_OVER = "/releases/handover/2026-11-22/"


def test_a_file_is_handed_over_with_a_reason_and_written_down(published, body):
    client = signed_in(published[0])
    assert "DRSP" in text(confirmed(client, HAND_OVER))
    typed = {"recipient": body.pk, "file_format": "csv-fr", "why": "Demande du 20 novembre"}
    answer = client.post(HAND_OVER, typed)
    assert answer.content.startswith("\ufeffrelease_id;".encode())
    line = Disclosure.objects.get()
    assert (line.recipient, line.by, line.why, line.way) == (
        "DRSP", "manager-fr-ca", "Demande du 20 novembre", "page"
    )  # fmt: skip
    assert answer["ETag"] == f'"{line.sha256}"'


def test_without_the_password_nothing_leaves(published, body):
    client = signed_in(published[0])
    answer = client.post(HAND_OVER, {"recipient": body.pk, "file_format": "csv", "why": "x"})
    assert answer.status_code == 302
    assert not Disclosure.objects.exists()
    resumed = client.post(answer["Location"], {"password": PASSWORD, "next": HAND_OVER})
    assert resumed.content.startswith(b"release_id,")
    assert Disclosure.objects.get().why == "x"


@pytest.mark.parametrize(
    "wrong", [{"why": ""}, {"file_format": "exe"}, {"recipient": "999"}, {"recipient": "x"}]
)
def test_a_file_is_not_handed_over_without_its_reason(published, body, wrong):
    client = signed_in(published[0])
    confirmed(client, HAND_OVER)
    typed = {"recipient": body.pk, "file_format": "csv", "why": "Demande"} | wrong
    assert client.post(HAND_OVER, typed).status_code == 422
    assert not Disclosure.objects.exists()


def test_a_file_handed_over_holds_that_recipients_rows(published, body):
    body.sites = []
    services.keep(body, what=["sites"], by="x")
    client = signed_in(published[0])
    confirmed(client, HAND_OVER)
    typed = {"recipient": body.pk, "file_format": "csv", "why": "Demande"}
    early = client.post(HAND_OVER, typed)
    assert early.status_code == 422
    assert "réessayer bientôt" in text(early)
    build_editions()
    assert b"S01" not in client.post(HAND_OVER, typed).content


def test_a_public_health_reader_hands_over_to_public_health_alone(published, body):
    funder = add_recipient("Bailleur", "comptes", basis="x", by="x")[0]
    funder.kind = "funder"
    funder.save()
    page = text(confirmed(signed_in(None, "ph_reader"), HAND_OVER))
    assert "DRSP" in page
    assert "Bailleur" not in page


@pytest.mark.parametrize("role", ["nurse", "sysadmin", "security"])
def test_who_may_not_hand_over(published, role):
    assert signed_in(published[0], role).get(HAND_OVER).status_code == 403


def test_a_release_that_is_not_there_is_not_found(published):
    client = signed_in(published[0])
    confirmed(client, HAND_OVER)
    assert client.get("/releases/handover/2026-11-21/").status_code == 404


# --- The log -------------------------------------------------------------------------------
@pytest.fixture
def told(published, body):
    other = add_recipient("=Bailleur", "comptes", basis="convention", by="x")[0]
    file = services.File.__args__[0].objects.get(name="release.csv")
    services.disclose(file, to=body, by="token 1", way="pull")
    services.disclose(file, to=other, by="s01-05", way="page", why="demandé")
    return body


def test_the_log_is_filtered(told, officer):
    page = text(officer.get("/releases/disclosures/"))
    assert "2 communications" in page
    assert "s01-05" in page
    page = text(officer.get("/releases/disclosures/", {"recipient": told.pk, "way": "pull"}))
    assert "1 communication" in page
    assert "token 1" in page
    assert "s01-05" not in page
    assert "0 communication<" in text(officer.get("/releases/disclosures/", {"last": "2020-01-01"}))


@pytest.mark.parametrize(
    "query", ["first=x", "last=9999-12-31", "first=0001-01-01", "way=z", "recipient=é", "page=-1"]
)
def test_a_filter_that_cannot_be_read_shows_everything(told, officer, query):
    answer = officer.get(f"/releases/disclosures/?{query}")
    assert answer.status_code == 200
    assert "2 communications" in text(answer)


def test_the_log_leaves_as_a_file_without_formulas(told, officer):
    answer = confirmed(officer, "/releases/disclosures/csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffat,recipient,what,sha256,purpose,why,basis,by,way"
    assert len(lines) == 3
    assert "'=Bailleur" in lines[1]
    assert TrailEntry.objects.filter(action="disclosures exported").exists()


def test_it_all_speaks_english(told, site):
    client = signed_in(site, "privacy_officer", language="en")
    for address in ("/releases/recipients/", "/releases/disclosures/", "/releases/recipients/new"):
        assert client.get(address).status_code == 200
