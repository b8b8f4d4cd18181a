"""What a browser or a tablet would send, and what it would look like sent by someone who means harm."""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.test import Client

from sites.people.routes import routes
from sites.tablet.openapi import document
from tests.factories import record, ref
from tests.security.living import Living
from tests.security.probing import filled
from tests.security.walking import plausible, to_post, walk

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NASTY = [
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\udfff\ud800",
        "é" * 5000,
        "٣",
        "²",
        "𝟚",
        "\u202e",
        "\ufeff",
        "%00",
        "%s",
    ),
    *("-1", "0", "1e999", "9" * 20, "-" + "9" * 40, "NaN", "Infinity", "0x1f", "1_000", "1,5", "½", "2.5e-9"),
    *("2026-13-45", "0000-00-00", "9999-12-31", "-0001-01-01", "2026-02-30", "25:99", "24:00", "2026-W60"),
    *(
        "2026-11-20T10:00:00",
        "2026-11-20T10:00:00+99:00",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+14:00",
    ),
    *("<script>x()</script>", "' OR 1=1--", "{{7*7}}", "../../../etc/passwd", "[]", "{}", "null", "true"),
    *("0193a5c0-0000-7000-8000-0000000000zz", "00000000-0000-0000-0000-000000000000", "javascript:x()"),
]
WRONG_KIND = [
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**40,
    1.5,
    1e308,
    [],
    [[]],
    {},
    {"a": {"b": []}},
    [None],
    ["\x00"],
]
LONG = "A" * 1_000_000
MULTIPART = "multipart/form-data"
KINDS = [
    FORM, JSON, MULTIPART, "text/plain", "x", "", f"{MULTIPART}; boundary={'x' * 300}",
    f"{FORM}; charset=utf-16", f"{JSON}; charset=klingon",
]  # fmt: skip
BYTES = [
    b"", b"\xff\xfe\x00", b"{", b"[" * 100_000, b'{"records": [', b"--x\r\n", b"=&=&&=%", b"a=%FF%FE%00",
    b"\x00" * 99, b'{"records": [{"id": 1, "id": 2}]}',
    b'{"records": [{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}]}",
]  # fmt: skip
HEADERS = [
    "Accept-Language", "Authorization", "Cookie", "If-None-Match", "If-Modified-Since", "Range", "Referer",
    "Origin", "Accept", "X-Forwarded-For", "X-Forwarded-Proto", "Sec-Fetch-Mode", "X-Fragment",
    "Content-Length", "User-Agent", "Content-Encoding", "Transfer-Encoding",
]  # fmt: skip


@dataclass(frozen=True)
class Sent:
    client: Client
    path: str
    method: str = "POST"
    typed: dict = field(default_factory=dict)
    kind: str = FORM
    body: bytes | None = None
    headers: dict = field(default_factory=dict)

    def go(self):
        body = self.body
        if body is None and self.kind == JSON:
            body = json.dumps(self.typed).encode("utf-8", "surrogatepass")
        elif body is None:
            body = urlencode(self.typed, doseq=True, errors="surrogatepass").encode()
        headers = {name: value for name, value in self.headers.items() if name != "Content-Length"}
        more = {"CONTENT_LENGTH": self.headers["Content-Length"]} if "Content-Length" in self.headers else {}
        return self.client.generic(self.method, self.path, body, self.kind, headers=headers, **more)


# --- What is right ------------------------------------------------------------------------
def of_forms(living: Living, begin: list[str] | None = None) -> Iterator[Sent]:
    """Each form of each page, filled; and each page."""
    seen = set()
    for client in living.people.values():
        for page in walk(client, most=1, **({"begin": begin, "follow": False} if begin else {})):
            if page.route not in seen:
                seen.add(page.route)
                yield Sent(client, page.path, "GET")
            for form in to_post(page, seen):
                yield Sent(client, form.action, typed=form.filled(plausible))


def of_doors() -> Iterator[Sent]:
    """The pages before anyone is signed in."""
    client = Client(raise_request_exception=False)
    yield Sent(client, "/accounts/login/", typed={"login": "s01-01", "password": "x", "next": "/"})
    yield Sent(client, "/language", typed={"language": "en", "next": "/"})
    yield Sent(client, "/accounts/code/", typed={"code": "123456"})
    for route in routes():
        if route["permission"] == "public" and "GET" in route["methods"]:
            yield Sent(client, filled(route["path"], None), "GET")


def of_tablet(living: Living) -> Iterator[Sent]:
    """One record of each kind, by the description that others write a client from, and the tablet's own."""
    described = document()
    for schema in described["components"]["schemas"].values():
        if "kind" in schema.get("properties", {}) and "data" in schema["properties"]:
            kind = schema["properties"]["kind"]["const"]
            data = example(schema["properties"]["data"], described)
            yield Sent(living.tablet, "/api/v1/records", typed={"records": [record(kind, data)]}, kind=JSON)
    for route in routes():
        if route["permission"] == "device" and route["path"] != "/api/v1/records":
            path, words = (
                filled(route["path"], living.place),
                {"staff": "s01-01", "pin": "482915", "handle": "RIVE7"},
            )
            method = "POST" if "POST" in route["methods"] else "GET"
            yield Sent(living.tablet, path, method, typed=words | {"unlock": "x", "once": "1"}, kind=JSON)


def example(schema: dict, document: dict):
    """Something that fits a schema."""
    if "$ref" in schema:
        return example(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    for one_of in ("oneOf", "anyOf"):
        if one_of in schema:
            return example(schema[one_of][0], document)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: example(one, document) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), document)]
    by_format = {"uuid": ref(), "date": "2026-11-20", "date-time": "2026-11-20T10:00:00Z"}
    plain = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True}
    return plain.get(kind, by_format.get(schema.get("format", ""), "mot"))


# --- What is wrong ------------------------------------------------------------------------
def mutated(sent: Sent, dice: random.Random) -> Sent:
    return dice.choice(WAYS)(sent, dice)


def _value(sent: Sent, dice: random.Random) -> Sent:
    """One to three values wrong, however deep they stand."""
    typed = json.loads(json.dumps(sent.typed)) if sent.kind == JSON else dict(sent.typed)
    for _n in range(dice.randint(1, 3)):
        _replace_somewhere(typed, dice, sent.kind == JSON)
    return replace(sent, typed=typed)


def _replace_somewhere(holder, dice: random.Random, any_kind: bool) -> None:
    while isinstance(holder, (dict, list)) and holder:
        name = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if not any_kind or not isinstance(holder[name], (dict, list)) or dice.random() < 0.2:
            holder[name] = _wrong(dice, any_kind)
            return
        holder = holder[name]


def _wrong(dice: random.Random, any_kind: bool):
    if dice.random() < 0.01:
        return LONG
    # A copy: the next replacement may stand inside this one.
    return deepcopy(dice.choice(WRONG_KIND)) if any_kind and dice.random() < 0.4 else dice.choice(NASTY)


def _names(sent: Sent, dice: random.Random) -> Sent:
    """Names that are repeated, missing or unknown."""
    typed = dict(sent.typed)
    name = dice.choice([*typed, "x"])
    act = dice.randrange(3)
    if act == 0:
        typed.pop(name, None)
    elif act == 1:
        typed[name] = [dice.choice(NASTY) for _n in range(dice.choice([2, 3, 600]))]
    else:
        typed[dice.choice(NASTY)] = dice.choice(NASTY)
    return replace(sent, typed=typed)


def _bytes(sent: Sent, dice: random.Random) -> Sent:
    return replace(sent, body=dice.choice(BYTES), kind=dice.choice([sent.kind, *KINDS]))


def _kind(sent: Sent, dice: random.Random) -> Sent:
    return replace(sent, body=urlencode({"a": "b"}).encode(), kind=dice.choice(KINDS))


def _header(sent: Sent, dice: random.Random) -> Sent:
    # What a server hands on: bytes read as Latin-1, without an end of line.
    value = dice.choice(NASTY).encode("utf-8", "surrogatepass").decode("latin-1")
    prefix = dice.choice(["", "", "Device ", "Bearer ", "sessionid=", 'W/"', "bytes="])
    return replace(sent, headers={dice.choice(HEADERS): prefix + value})


def _address(sent: Sent, dice: random.Random) -> Sent:
    """Another id, or a query that nobody asked for."""
    from_page, wrong = (
        sent.path.partition("?")[0],
        urlencode({"": dice.choice(NASTY)}, errors="surrogatepass")[1:],
    )
    if dice.random() < 0.5:
        parts = from_page.split("/")
        parts[dice.randrange(1, len(parts))] = wrong
        return replace(sent, path="/" + "/".join(parts).lstrip("/"))
    name = dice.choice(
        ["day", "month", "page", "next", "booth", "version", "count", "first", "last", "actor", "q"]
    )
    return replace(sent, path=f"{from_page}?{name}={wrong}&{name}=2")


def _verb(sent: Sent, dice: random.Random) -> Sent:
    return replace(sent, method=dice.choice(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "XYZ"]))


WAYS: list[Callable[[Sent, random.Random], Sent]] = [
    *(_value,) * 8, *(_names,) * 3, *(_bytes,) * 2, _kind, *(_header,) * 2, *(_address,) * 3, _verb,
]  # fmt: skip
