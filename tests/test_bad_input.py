"""Whatever is typed or sent, no page answers 500 and none crosses to another site."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from sites.people.models import Staff
from sites.people.routes import routes
from tests.factories import make_staff, record, ref, send
from tests.imports.bringing import of_an_import

TOKENS = {"public", "device", "recipient"}
OURS = [r for r in routes() if not r["path"].startswith(("/accounts/", "/api/"))]
PAGES = [r for r in OURS if r["permission"] not in TOKENS]
NASTY = [
    *("", " ", "\x00", "a\x00b", "\ud800", "é" * 5000, "-1", "9" * 20, "2026-13-45", "25:99", "٣", "²"),
    *("<script>alert(1)</script>", "%s", "{}", "[]", "0193a5c0-0000-7000-8000-0000000000zz"),
]


@pytest.fixture
def things(site, other_site):
    """One of each thing at each of two sites, by the name of the converter that names it."""
    manager = make_staff("s01-mgr", site, "manager")
    return manager, _things(site, "s01-01"), _things(other_site, "s02-01")


def _things(site, by) -> dict:
    visit, event, lot, incident, item = ref(), ref(), ref(), ref(), ref()
    arrived = record("visit.arrived", {"visit": visit}, by=by)
    send(
        site,
        arrived,
        record("visit.seated", {"visit": visit, "booth": "1"}, by=by),
        record("overdose.opened", {"event": event, "location": "booth", "visit": visit}, by=by),
        record("naloxone.received", {"lot": lot, "product": "nal-in-4", "lot_code": "A", "expiry": "2030-01",
                                     "quantity": 5}, by=by),
        record("incident.recorded", {"incident": incident, "kind": "fire"}, by=by),
        record("leftbehind.recorded", {"left": item, "step": "found", "place": "Place 1"}, by=by),
    )  # fmt: skip
    imported = of_an_import(site, by=by)
    staff = Staff.objects.get(code=by)
    return {"ref": visit, "event": event, "lot": lot, "incident": incident, "item": item,
            "record_id": arrived["id"], "pk": staff.pk, "sheet": "breach", "form": "visits",
            "imported": imported.ref}  # fmt: skip


def address(path: str, things: dict) -> str:
    def fill(found):
        kind, _, name = found[1].rpartition(":")
        if name in things and (kind == "uuid") == ("-" in str(things[name])):
            return str(things[name])
        return {"uuid": ref(), "int": "1", "slug": "seat", "date": "2026-11-20"}.get(kind, "2026-11-20")

    return re.sub(r"<([^>]+)>", fill, path)


def client_of(staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    return client


def names_in(page: bytes) -> list[str]:
    return sorted(
        set(re.findall(r'name="([\w-]+)"', page.decode(errors="replace"))) - {"csrfmiddlewaretoken"}
    )


FORM = "application/x-www-form-urlencoded"
BODIES = [
    (b"\xff\x00", FORM),
    (b"{", "application/json"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"a=" + b"b" * 1_200_000, FORM),
]


def encoded(names: list[str], value: str) -> str:
    return urlencode(dict.fromkeys(names, value), errors="surrogatepass")


@pytest.mark.parametrize("route", PAGES, ids=lambda r: r["name"])
def test_no_page_answers_500(things, route):
    manager, here, _there = things
    client, path = client_of(manager), address(route["path"], here)
    shown = client.get(path)
    assert shown.status_code < 500
    for value in NASTY:
        query = encoded(["day", "month", "version", "next", "booth"], value)
        assert client.get(f"{path}?{query}").status_code < 500, value
    if "POST" not in route["methods"]:
        return
    names = names_in(shown.content) or ["reason", "booth", "time", "next"]
    for value in NASTY:
        typed = client.post(path, encoded(names, value), content_type=FORM)
        assert typed.status_code < 500, value
    for body, kind in BODIES:
        assert client.post(path, body, content_type=kind).status_code < 500, body[:10]


@pytest.mark.parametrize("route", [r for r in PAGES if "<uuid:" in r["path"]], ids=lambda r: r["name"])
def test_another_sites_thing_is_the_same_404_as_none(things, route):
    manager, _here, there = things
    client = client_of(manager)
    foreign, none = address(route["path"], there), address(route["path"], {})
    for verb in ("get", "post"):
        one, other = getattr(client, verb)(foreign), getattr(client, verb)(none)
        # Or the page is not for this role at all.
        assert (one.status_code, other.status_code) in {(404, 404), (405, 405), (403, 403)}, (foreign, verb)


@pytest.mark.parametrize("route", [r for r in OURS if "POST" in r["methods"]], ids=lambda r: r["name"])
def test_a_post_needs_its_token_and_its_origin(things, route):
    manager, here, _there = things
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(manager)
    path = address(route["path"], here)
    assert 400 <= client.post(path, {}).status_code < 500
    token = client.get("/").cookies.get("csrftoken") or client.cookies.get("csrftoken")
    headers = {"Origin": "https://elsewhere.example", "X-CSRFToken": token.value if token else ""}
    assert 400 <= client.post(path, {}, headers=headers).status_code < 500
