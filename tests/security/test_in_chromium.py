"""Hostile texts typed into every form, committed, and every page that shows them opened in Chromium."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from tests.browser.fixtures import PATIENCE_MS, TABLET
from tests.security.hostile import RAN, SCRIPTS, Texts, type_into_every_form
from tests.security.living import Living, make_living
from tests.security.walking import walk
from tests.tablet_app.conftest import hold
from tests.tablet_app.tablets import KEEP, STARTED, told_device

HTML = "text/html"
# What each payload calls; and what would let it: a handler, a script of its own that is no block of data, an
# address that is code.
CALLED = f"window.{RAN} = () => console.error('{RAN}')"
WOULD_RUN = """() => [...document.querySelectorAll("*")].flatMap(one => [
  ...(one.localName === "script" && !one.src && one.type !== "application/json" ? ["script"] : []),
  ...(one.localName === "base" || one.localName === "iframe" || one.localName === "object" ? ["frame"] : []),
  ...[...one.attributes].filter(({ name, value }) =>
    name.startsWith("on") || name === "srcdoc"
    || name !== "value" && /^\\s*(javascript|vbscript):/i.test(value)
  ).map(({name}) => name),
])"""


@dataclass
class Watched:
    """One browser context and all that would show that a text ran."""

    context: object
    host: str
    found: list = field(default_factory=list)
    pages: int = 0

    def __post_init__(self):
        self.context.add_init_script(CALLED)
        self.context.on("request", self._asked)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("dialog", lambda dialog: (self.found.append("dialog"), dialog.dismiss()))
        self.page.on("console", lambda said: self._told(said.text))
        self.page.on("pageerror", lambda error: self._told(str(error)))

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.found.append(f"asked {request.url}")

    def _told(self, text: str) -> None:
        if RAN in text or "Content Security Policy" in text or "TrustedHTML" in text:
            self.found.append(text)

    def open(self, path: str) -> None:
        self.page.goto(path, wait_until="load")
        self.judge(path)

    def judge(self, path: str) -> None:
        self.found += self.page.evaluate(WOULD_RUN)
        assert self.found == [], path
        self.pages += 1


@pytest.fixture
def watched(chromium, live_server):
    def watch(**options) -> Watched:
        context = chromium.new_context(base_url=live_server.url, **TABLET | options)
        return Watched(context, urlsplit(live_server.url).netloc)

    return watch


def typed() -> tuple[Living, list[tuple[str, list[str]]]]:
    """Every script typed through some form, and every form filled; each role's session and pages then."""
    with transaction.atomic(), acting(sites=()):
        living, texts = make_living(), Texts("script", SCRIPTS)
        while not texts.all_used:
            type_into_every_form(living, texts)
        pages = [
            (client.cookies["sessionid"].value, pages_of(client)) for client in living.newcomers().values()
        ]
    return living, pages


def pages_of(client) -> list[str]:
    kinds = ((page.path, page.answer.headers["Content-Type"]) for page in walk(client, most=1))
    return [path for path, kind in kinds if kind.startswith(HTML)]


def open_all(pages: list[tuple[str, list[str]]], watched) -> int:
    opened = 0
    for session, paths in pages:
        seen = watched()
        seen.context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://{seen.host}"}])
        for path in paths:
            seen.open(path)
        opened += seen.pages
        seen.context.close()
    return opened


def open_tablet(living: Living, seen: Watched) -> None:
    """Locked, and held by someone."""
    seen.page.goto("/healthz")
    seen.page.evaluate(KEEP, told_device(living.place.site))
    seen.page.goto("/tablet/")
    seen.page.locator(STARTED).first.wait_for()
    seen.judge("locked tablet")
    for view in ("board", "round", "stock", "logbook", "settings"):
        hold(seen, living.place.site, "s01-01", {"name": view})
        seen.page.wait_for_load_state("networkidle")
        seen.judge(f"tablet: {view}")


@pytest.mark.full
@pytest.mark.browser
def test_four_hundred_scripts_in_every_page_run_nowhere(watched):
    living, pages = typed()
    assert len(SCRIPTS) >= 400
    assert open_all(pages, watched) > 150
    open_tablet(living, watched(service_workers="block"))


@pytest.mark.full
@pytest.mark.browser
@pytest.mark.parametrize(
    "planted",
    [f"<script>{RAN}()</script>", f"<img src=x onerror={RAN}()>", "<img src=//x.example/a.png>"],
)
def test_the_watch_sees_what_would_run(watched, planted):
    seen = watched()
    seen.page.route("**/planted", lambda route: route.fulfill(body=planted, content_type=HTML))
    seen.page.goto("/planted", wait_until="networkidle")
    with pytest.raises(AssertionError):
        seen.judge("/planted")
