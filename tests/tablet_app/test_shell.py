"""The app installs: what it keeps holds no data, is small, and starts without any network."""

import gzip

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from sites.tablet import shell
from tests.tablet_app.tablets import enrolled

LIMIT = 200_000
ICONS = {"/static/sites/icon-192.png": 192, "/static/sites/icon-512.png": 512}
CACHED = """async () => {
  const names = await caches.keys();
  const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return keys.flat().map(({url}) => new URL(url).pathname);
}"""
CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"


def compressed(path: str) -> int:
    return len(Client().get(path, headers={"Accept-Encoding": "gzip"}).getvalue())


# --- What is served ----------------------------------------------------------------------------
def test_the_first_load_is_small(db):
    size = sum(compressed(path) for path in [*shell.shell(), "/sw.js", "/manifest.webmanifest"])
    assert 20_000 < size <= LIMIT, size


def test_static_text_is_compressed_and_tagged(db):
    path = "/static/sites/css/ui.css"
    answer = Client().get(path, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.getvalue()) == open(finders.find("sites/css/ui.css"), "rb").read()
    again = Client().get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert Client().get(path).headers.get("Content-Encoding") is None
    assert "Content-Encoding" not in Client().get(
        "/static/sites/icon-192.png", headers={"Accept-Encoding": "gzip"}
    )


def test_the_shell_is_the_same_for_everyone(db, client, site):
    pages = {
        client.get("/tablet/", headers=headers).content
        for headers in (
            {"Accept-Language": "en"},
            {"Accept-Language": "fr"},
            {"Cookie": "lang=en; theme=dark"},
        )
    }
    assert len(pages) == 1


def test_the_worker_lists_what_it_keeps_by_content(db, monkeypatch, settings):
    answer = Client().get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    before = shell.shell()
    assert {"/tablet/", "/offline/", "/static/sites/tablet/app.js", "/static/sites/css/ui.css"} <= set(before)
    assert not [path for path in before if path.startswith("/api/") or path.endswith("/sw.js")]
    assert all(f'"{path}": "{digest}"' in answer.content.decode() for path, digest in before.items())
    monkeypatch.setitem(shell.PAGES, "tablet", "tablet/offline.html")
    changed = {path for path, digest in shell.shell().items() if before[path] != digest}
    assert changed == {"/tablet/"}


def test_the_manifest_names_icons_that_are_there(db):
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    body = answer.json()
    assert (body["start_url"], body["scope"], body["display"]) == ("/tablet/", "/", "standalone")
    assert {icon["purpose"] for icon in body["icons"]} == {"any", "maskable"}
    for icon in body["icons"]:
        png = Client().get(icon["src"]).getvalue()
        size = int.from_bytes(png[16:20])
        assert icon["sizes"] == f"{size}x{size}"


# --- In a browser ------------------------------------------------------------------------------
@pytest.mark.browser
def test_it_starts_without_network_and_keeps_nothing_about_anyone(chromium, live_server, committed_site):
    tablet = enrolled(chromium, live_server, committed_site, service_workers="allow")
    page = tablet.page
    tablet.until(lambda: page.evaluate(CONTROLLED))
    asked = []
    tablet.context.on(
        "response", lambda answer: asked.append(answer) if not answer.from_service_worker else None
    )
    tablet.reload()
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in asked}
    assert not [url for url in sizes if "/static/" in url or url.endswith("/tablet/")], sizes
    tablet.context.set_offline(True)
    tablet.reload()
    desk = tablet.context.new_page()
    desk.goto("/review/")
    assert "cette page demande le réseau" in desk.locator("main").inner_text()
    assert desk.locator(".panel").evaluate("panel => getComputedStyle(panel).padding") != "0px"
    desk.get_by_role("link").click()
    desk.locator(".alarm").wait_for()
    tablet.context.set_offline(False)
    desk.goto("/accounts/login/")
    desk.get_by_label("Votre code").wait_for()
    cached = set(page.evaluate(CACHED))
    assert cached == set(shell.shell())


@pytest.mark.browser
def test_a_new_version_waits_until_nobody_holds_the_tablet(
    chromium, live_server, committed_site, monkeypatch
):
    tablet = enrolled(chromium, live_server, committed_site, service_workers="allow")
    page = tablet.page
    tablet.until(lambda: page.evaluate(CONTROLLED))
    hold = """async (person) => {
      const {change, state} = await import("/static/sites/tablet/store.js");
      change({person, here: true});
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      return Boolean(registration.waiting || registration.installing);
    }"""
    assert page.evaluate(hold, {"code": "s01-01", "may": []}) is False
    newer = shell.shell()
    newer["/static/sites/js/theme.js"] = shell._digest(open(finders.find("sites/js/theme.js"), "rb").read())
    monkeypatch.setattr(shell, "_kept_shell", lambda: newer)
    tablet.until(lambda: page.evaluate(hold, {"code": "s01-01", "may": []}))
    waiting = "async () => Boolean((await navigator.serviceWorker.ready).waiting)"
    tablet.until(lambda: page.evaluate(waiting))
    page.wait_for_timeout(300)
    assert page.evaluate("async () => (await import('/static/sites/tablet/store.js')).state.here") is True
    with page.expect_navigation():
        page.evaluate("async () => (await import('/static/sites/tablet/store.js')).change({person: null})")
    page.locator(".alarm").wait_for()
    tablet.until(lambda: "/static/sites/js/theme.js" in page.evaluate(CACHED))
