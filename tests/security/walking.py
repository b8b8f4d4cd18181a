"""The pages that someone reaches from the board by links, and the forms on them, as a browser reads them."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from sites.people.routes import routes
from tests.factories import PASSWORD

TYPED = {"text", "search", "textarea", "url", "tel", "email"}
FILLED = {"number": "1", "month": "2026-10", "time": "10:00", "password": PASSWORD,
          "datetime-local": "2026-11-20T10:00"}  # fmt: skip
SERVICE_DAY = timezone(-timedelta(hours=11))  # of Montréal in winter, cut over at six
PLAUSIBLE = {
    "time": "10:00", "opens": "10:00", "closes": "18:00", "cutover": "06:00", "seated": "", "left": "",
    "quantity": "2", "count": "2", "expiry": "2030-01", "units": "1", "minimum": "2", "tolerance": "1",
    "estimate": "", "out-": "", "back-": "", "after-": "", "doses": "1", "people": "2", "code": "s01-77",
    "handle": "RIVE7", "_url": "https://example.org/", "endpoint": "14", "turnaround": "5", "trained": "1",
    "serial": "", "version": "2", "handed_to": "", "missing": "0", "breath_s": "5",
}  # fmt: skip
PIN, PINS = "482915", {"pin", "again"}
# Ends the walk, or the session of who walks.
_NOT_FOLLOWED = ("/accounts/", "/me/access/sessions/", "/static/", "/language")


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    longest: int | None = None
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple:
        """The same for the same form about another thing."""
        return route_of(self.action), tuple(sorted(self.fields))

    def filled(self, text: Callable[[Field], str]) -> dict[str, list[str]]:
        """What a browser would post once `text` was typed into every field that takes words."""
        typed = {name: values for name, one in self.fields.items() if (values := _answer(one, text))}
        return typed | {name: [value] for name, value in self.buttons[:1]}


def plausible(one: Field) -> str:
    """A word that the field would take, by its name."""
    for part, word in PLAUSIBLE.items():
        if part in one.name:
            return one.value or word
    return one.value or "Mot"


def _answer(one: Field, text: Callable[[Field], str]) -> list[str]:
    if one.kind in TYPED:
        return [text(one)]
    if one.kind in ("radio", "select", "checkbox"):
        return [value for value in one.chosen if value] or [value for value in one.options if value][:1]
    if one.kind == "file":
        return []
    if one.name in PINS:
        return [PIN]
    if one.kind == "date":
        return [one.value or datetime.now(SERVICE_DAY).date().isoformat()]
    return [one.value or FILLED.get(one.kind, "")]


class Reader(HTMLParser):
    """Links and forms of one page."""

    def __init__(self, path: str):
        super().__init__()
        self.path, self.links, self.forms = path, [], []
        self._form: Form | None = None
        self._select: Field | None = None
        self._by_id: dict[str, Form] = {}

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(urljoin(self.path, told["href"]))
        elif tag == "form":
            action = urljoin(self.path, told.get("action") or self.path)
            self._form = Form(action, told.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[told.get("id", "")] = self._form
        elif tag == "option" and self._select is not None:
            self._select.options.append(told.get("value", ""))
            if "selected" in told:
                self._select.chosen.append(told.get("value", ""))
        elif tag in ("input", "textarea", "select", "button"):
            self._field(tag, told)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _field(self, tag: str, told: dict) -> None:
        form = self._by_id.get(told.get("form", "")) if "form" in told else self._form
        if form is None or not told.get("name") or "disabled" in told:
            return
        kind = told.get("type", "text") if tag == "input" else tag
        if tag == "button":
            form.buttons.append((told["name"], told.get("value", "")))
            return
        longest = int(told["maxlength"]) if told.get("maxlength", "").isdigit() else None
        one = form.fields.setdefault(told["name"], Field(told["name"], kind, told.get("value", ""), longest))
        if kind in ("radio", "checkbox"):
            one.options.append(told.get("value", "on"))
            if "checked" in told:
                one.chosen.append(told.get("value", "on"))
        self._select = one if tag == "select" else self._select


@dataclass
class Page:
    path: str
    route: str
    answer: object
    links: list[str]
    forms: list[Form]


def read(path: str, answer) -> Page:
    reader = Reader(path)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        reader.feed(answer.content.decode())
    return Page(path, route_of(path), answer, reader.links, reader.forms)


def route_of(path: str) -> str:
    try:
        return "/" + resolve(urlsplit(path).path).route
    except Resolver404:
        return ""


PLAIN = [route["path"] for route in routes() if "GET" in route["methods"] and "<" not in route["path"]]


def walk(client: Client, *, begin: list[str] = PLAIN, most: int = 2, follow: bool = True) -> Iterator[Page]:
    """Every page reached, at most so many of each kind of address; what is refused is passed over."""
    waiting, seen, kinds = deque(begin), set(), Counter()
    while waiting:
        path = waiting.popleft().partition("#")[0]
        parts = urlsplit(path)
        route = route_of(path)
        about = (route, parts.query and "query")
        if (
            path in seen
            or parts.netloc
            or not route
            or kinds[about] >= most
            or parts.path.startswith(_NOT_FOLLOWED)
        ):
            continue
        seen.add(path)
        kinds[about] += 1
        answer = client.get(path)
        if answer.status_code == 200:
            page = read(path, answer)
            waiting.extend(page.links if follow else [])
            yield page


def to_post(page: Page, seen: set[tuple]) -> Iterator[Form]:
    """The forms of a page that are posted and were not seen anywhere before."""
    for form in page.forms:
        if form.method == "post" and form.key not in seen and not form.action.startswith(_NOT_FOLLOWED):
            seen.add(form.key)
            yield form


def every_form(clients: Iterable[Client], begin: list[str] = PLAIN) -> Iterator[tuple[Client, Page, Form]]:
    """Each form that is posted, once, with who came upon it and where."""
    seen: set[tuple] = set()
    for client in clients:
        for page in walk(client, begin=begin, most=1, follow=begin is PLAIN):
            for form in to_post(page, seen):
                yield client, page, form
