"""A tablet that belongs to a site, in a real browser: its device and set-up put where enrolment puts them."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.places.models import Site
from tests.browser.fixtures import PATIENCE_MS, TABLET

KEEP = """async ({device, path}) => {
  const {get, put} = await import("/static/sites/tablet/db.js");
  const answer = await fetch(path, {headers: {Authorization: `Device ${device.token}`}});
  await put("device", device);
  await put("setup", await answer.json());
}"""


STARTED = ".alarm, .recorder"
DEAF_MS = 700  # a recorder that was just opened ignores touches


@dataclass
class Tablet:
    """One browser profile. `page` shows the app; `faults` gathers what its console complained of."""

    page: object
    faults: list

    @property
    def context(self):
        return self.page.context

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for what the tablet does by itself, however busy the machine; its routes go on meanwhile."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it took too long"
            self.page.wait_for_timeout(50)

    def reload(self) -> None:
        self.page.reload()
        self.page.locator(STARTED).first.wait_for()


def told_device(site: Site) -> dict:
    """A new tablet of the site, as enrolment tells it to the browser."""
    with transaction.atomic(), acting(sites=[site.pk]):
        device, token = enrol(site, "Essai")
    told = {
        "uuid": str(device.uuid),
        "token": token,
        "place": "",
        "site": {"code": site.code, "name": site.name},
    }
    return {"device": told, "path": "/api/v1/tablet/setup"}


def away(page) -> None:
    """The server is gone; the app and its files stay."""
    page.route("**/api/**", lambda route: route.abort())


def step(page, key: str):
    return page.locator(f"[data-key='{key}']")


def is_fault(said) -> bool:
    """An overdose may be asked about before its first record was sent, any page for an icon."""
    early = any(part in said.location["url"] for part in ("/api/v1/tablet/events/", "/favicon.ico"))
    return said.type == "error" and not (early and "404" in said.text)


def enrolled(chromium, live_server, site: Site, **options) -> Tablet:
    """A locked tablet of the site. It is not installed, unless asked for by `service_workers="allow"`."""
    options = {"service_workers": "block"} | options
    context = chromium.new_context(base_url=live_server.url, **TABLET | options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list = []
    page.on("console", lambda said: faults.append(said.text) if is_fault(said) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/healthz")  # of the same origin, so that what it keeps is there when the app starts
    page.evaluate(KEEP, told_device(site))
    page.goto("/tablet/")
    page.locator(STARTED).first.wait_for()
    return Tablet(page, faults)


def killed(profile: Path) -> None:
    """End the browser of this profile as a dead battery would."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words and b"--type=" not in words:
            os.kill(int(entry.name), signal.SIGKILL)
