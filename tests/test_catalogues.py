"""Both languages, whole: every message translated, and pages in English with nothing French left over."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import chain
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils.translation import ngettext, override

from harmreduction.pg.scope import acting
from sites.clockwork.services import now
from sites.indicators.services import recount_due
from sites.management.commands.messages import LOCALES, current
from sites.people.models import Staff
from sites.people.services import enrol_tablet
from sites.people.terms import Language
from sites.places.models import Site
from sites.recipients.models import Recipient
from sites.registers.models import Authorisation, Condition
from sites.releases.publishing import build_due as release_due
from sites.releases.sealing import seal_due
from sites.reports.services import build_due
from sites.visits.words import WORDS
from tests.factories import PASSWORD, ref, sure

PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[a-z]|\{\w*\}|</?\w+[^>]*>|\bMM\b|\bSS\b")


# --- The catalogues ----------------------------------------------------------------------
def test_the_catalogues_are_whole_and_up_to_date():
    call_command("messages", check=True)


def forms(text) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def disagreements(messages) -> list[tuple[str, str]]:
    """Pairs of a message and its translation that do not hold the same placeholders."""
    pairs = [pair for m in messages if m.id for pair in zip(forms(m.id), forms(m.string), strict=True)]
    return [
        (said, told)
        for said, told in pairs
        if told and sorted(PLACEHOLDER.findall(said)) != sorted(PLACEHOLDER.findall(told))
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_holds_the_placeholders_of_its_message(locale):
    assert disagreements(current(locale)) == []


def test_a_lost_placeholder_is_found():
    catalogue = current("en")
    catalogue.get("Place %(booth)s").string = "Booth"
    assert disagreements(catalogue) == [("Place %(booth)s", "Booth")]


@pytest.mark.parametrize(
    ("language", "n", "told"),
    [("fr-ca", 0, "0 dose"), ("fr-ca", 1, "1 dose"), ("fr-ca", 2, "2 doses"), ("en", 0, "0 doses")],
)
def test_nothing_is_singular_in_french_and_plural_in_english(language, n, told):
    with override(language):
        assert ngettext("%(n)s dose", "%(n)s doses", n) % {"n": n} == told


# --- Pages in English --------------------------------------------------------------------
FRENCH = re.compile(
    r"\b(?:le|les|la|un|une|du|des|et|ou|où|est|sont|pas|aux?|pour|par|sur|sans|avec|depuis|dans|que|qui|ce|cette"
    r"|aucune?|jour|heures?|lieu|personne|saisies?|salle|noter|noté|annuler|corriger|ouvrir|fermé?e?|retour"
    r"|surdose|libre|attente|tableau|rapport|réglages|enregistrer|accueillir|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|dimanche|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre)\b"
    r"|\b(?:l|d|n|s|j|c|qu)’\w|\b\d+ h \d\d\b(?! min)|[àâçéèêëîïôùûœ«»]",
    re.IGNORECASE,
)
SPOKEN = {"aria-label", "title", "placeholder", "alt"}
SILENT = {"script", "style", "q"}
VOID = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "use"}


class Visible(HTMLParser):
    """The words of a page and where it leads, but for what is marked French and what somebody typed."""

    def __init__(self, html: str):
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.hidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "a":
            self.links.append(names.get("href") or "")
        silent = tag in SILENT or names.get("lang", "").startswith("fr") or tag == "textarea"
        if tag not in VOID and (self.hidden or silent):
            self.hidden.append(tag)
        if not self.hidden:
            self.words += [value or "" for name, value in attrs if name in SPOKEN or name.endswith("-words")]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if self.hidden and tag not in VOID:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data.strip())


def french(html: str, names: set[str] = frozenset()) -> list[str]:
    """Texts of the page that look French once names are taken out."""
    known = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)")
    return [text for text in Visible(html).words if FRENCH.search(known.sub("", text))]


@pytest.fixture
def english(db, settings, tmp_path):
    """(a manager's browser in English at a lively site, the names that stay as they are)."""
    settings.DATA_DIR = tmp_path
    call_command("load_demo", sites=1, days=3, seed=1)
    with transaction.atomic():
        for work in (recount_due, build_due, seal_due, release_due):
            work()
    site = Site.objects.get()
    with acting(sites=[site.pk]):
        enrol_tablet(site, "Tablet 1", by="s01-05")
    Staff.objects.update(language=Language.ENGLISH)
    client = Client()
    manager = Staff.objects.get(code="s01-05")
    manager.set_password(PASSWORD)
    manager.save()
    client.force_login(manager)
    sure(client)
    client.post("/overdoses/start", {"event": ref(), "record_id": ref(), "at": now().isoformat()})
    with acting(sites=[site.pk]):
        typed = [
            *Recipient.objects.values_list("name", "purpose", "basis", "contact"),
            *Authorisation.objects.values_list("issuer", "number"),
            *Condition.objects.values_list("words"),
        ]
    names = {
        site.name_fr,
        site.organisation.name_fr,
        *Staff.objects.values_list("display_name", flat=True),
        *chain(*typed),
    }
    return client, {name for name in names if name} | set(WORDS) | PROPER


def crawl(client: Client, *starts: str) -> dict[str, str]:
    """What links lead to, three pages of each URL name at most: template → its HTML."""
    pages: dict[str, str] = {}
    waiting, seen, of_name = list(starts), set(), Counter()
    for path in waiting:
        name = resolve(urlsplit(path).path).url_name
        if path in seen or of_name[name] == MANY:
            continue
        seen.add(path)
        of_name[name] += 1
        page = client.get(path, follow=True)
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            pages[page.templates[0].name] = page.text
            here = page.redirect_chain[-1][0] if page.redirect_chain else path
            links = (urljoin(here, link) for link in Visible(page.text).links if not link.startswith("#"))
            waiting += [link for link in links if link.startswith("/")]
    return pages


MANY = 3
PROPER = {"Québec", "Commission d’accès", "Santé Canada"}  # names that English keeps
EXPECTED = {
    "naloxone/count.html", "naloxone/lot.html", "naloxone/receive.html", "naloxone/stock.html",
    "overdoses/close.html", "overdoses/closed.html", "overdoses/correct.html", "overdoses/false_alarm.html",
    "overdoses/list.html", "overdoses/recorder.html", "people/staff.html", "people/tablets.html",
    "places/form.html", "places/hours.html", "places/rooms.html", "records/correct.html",
    "review/list.html", "releases/list.html", "reports/list.html", "reports/report.html",
    "visits/arrival.html", "visits/board.html", "visits/day.html", "visits/turn_away.html",
    "visits/visit.html",
}  # fmt: skip


def test_no_page_in_english_holds_french(english):
    client, names = english
    pages = crawl(client, "/", "/overdoses/")
    assert EXPECTED - set(pages) == set()
    assert {name: texts for name, html in pages.items() if (texts := french(html, names))} == {}


def test_no_refusal_in_english_holds_french(english):
    client, names = english
    for path in ("/visits/new", "/stock/receive/", "/setup/staff/new", "/setup/exceptions/new"):
        page = client.post(path, {"record_id": ref(), "act": "seat", "booth": "no such booth"})
        assert (path, page.status_code) == (path, 422)
        assert french(page.text, names) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/"])
def test_what_a_stranger_sees_in_english_holds_no_french(db, path):
    page = Client(headers={"Accept-Language": "en-CA"}).get(path, follow=True)
    assert french(page.text) == []


def test_french_is_seen_when_it_is_there():
    assert french('<p title="Fermer la page">Board</p><p>21 h 47</p><p lang="fr">Surdose</p>') == [
        "Fermer la page",
        "21 h 47",
    ]
