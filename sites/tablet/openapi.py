"""The API described from the code that answers it: forms give the schemas, lists give the codes."""

from sites.records.terms import MAX_RECORDS, Status
from sites.tablet.schemas import INSTANT, UUID, kind_schemas

ERRORS = {
    "type": "object",
    "description": "Field name, or __all__ for the whole record, to its errors; {} when none.",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        },
    },
}
STATUS_WORDS = {
    Status.CREATED: "stored and applied",
    Status.DUPLICATE: "same id and content as before: nothing happened; errors are the first ones",
    Status.CONFLICT: "same id with other content, a seat taken, or already closed: kept for a person",
    Status.HELD: "refers to a record not yet here: kept, applied by itself when that arrives",
    Status.INVALID: "errors by field; kept; the same id may be sent again with other content",
    Status.QUARANTINED: "revoked tablet, unknown author or a seal that does not open: kept for a manager",
}
AGE = {"type": "number", "minimum": 0, "description": "seconds from the event to sending"}
SENT_WORDS = (
    "Optional: when the body was sent, by a sender that measured this server’s clock. Ages then count from "
    "here to receipt too, so that a slow line does not shift what happened."
)
SEAL_WORDS = (
    "base64url, unpadded, of: a fresh P-256 point (65 bytes, uncompressed), a nonce (12 bytes), and the "
    "AES-256-GCM ciphertext of the JSON object {kind, occurred_at, entered_at, by, data, pin?, unlock?}, in "
    "UTF-8. Key: HKDF-SHA256 of the ECDH secret, 32 bytes, salt = that point followed by the site’s own, "
    "info = 'scs box 1'. Additional data: key_id + '|' + id. The site’s key is `key` of "
    "/api/v1/tablet/setup: {id, public}, public = its point in base64url."
)


def _envelope(kind: str, data: dict) -> dict:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "kind", "occurred_at", "entered_at", "seq", "by", "data"],
        "properties": {
            "id": {**UUID, "description": "UUIDv7 made by the sender; unique within the site"},
            "kind": {"const": kind},
            "occurred_at": {**INSTANT, "description": "when it happened, with an offset"},
            "entered_at": {**INSTANT, "description": "when it was typed"},
            "seq": {"type": "integer", "description": "rank on the sender; informative"},
            "by": {"type": ["string", "null"], "description": "staff code, or null when not known"},
            "age_s": AGE,
            "data": data,
        },
    }


def _sealed() -> dict:
    return {
        "type": "object",
        "description": SEAL_WORDS,
        "additionalProperties": False,
        "required": ["id", "seq", "key_id", "sealed"],
        "properties": {
            "id": {**UUID, "description": "the record’s id, as it was authenticated"},
            "seq": {"type": "integer", "description": "rank on the sender; informative"},
            "key_id": {"type": "string", "description": "which key of the site it is sealed to"},
            "sealed": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
            "age_s": AGE,
        },
    }


def schema_name(kind: str) -> str:
    return kind.replace(".", "_")


def _ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: dict | None = None) -> dict:
    answer: dict = {"description": description}
    if schema:
        answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _errors(*codes: int) -> dict:
    words = {
        401: "the token is missing or not known",
        404: "there is no such thing here",
        413: "over 1 MiB or 500 records",
        422: "the body is not what is described here",
        429: "too many at a time; try again after Retry-After seconds",
        503: "the database is away; try again after Retry-After seconds",
    }
    return {str(code): _answer(words[code], _ref("Error")) for code in codes}


def _get(summary: str, schema: dict, security: str | None, *errors: int, parameters=()) -> dict:
    return {
        "get": {
            "summary": summary,
            "security": [{security: []}] if security else [],
            "parameters": list(parameters),
            "responses": {"200": _answer("as described", schema), **_errors(*errors)},
        }
    }


def _schemas() -> dict:
    kinds = kind_schemas()
    envelopes = {schema_name(name): _envelope(name, data) for name, data in kinds.items()}
    return envelopes | {
        "Record": {
            "oneOf": [*map(_ref, envelopes), _ref("Sealed")],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {name: f"#/components/schemas/{schema_name(name)}" for name in kinds},
            },
        },
        "Sealed": _sealed(),
        "Receipt": {
            "type": "object",
            "required": ["id", "status", "errors"],
            "properties": {
                "id": {"type": ["string", "null"]},
                "status": {
                    "enum": [s.value for s in Status],
                    "description": "; ".join(f"{s.value}: {words}" for s, words in STATUS_WORDS.items()),
                },
                "errors": ERRORS,
            },
        },
        "Error": {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                }
            },
        },
        "Board": _board(),
        "Releases": _releases(),
        "Codes": _codes_schema(),
    }


def _object(**properties: dict) -> dict:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(**properties: dict) -> dict:
    return {"type": "array", "items": _object(**properties)}


TEXT = {"type": "string"}
MAYBE_UUID = {"type": ["string", "null"], "format": "uuid"}


def _board() -> dict:
    return _object(
        site=TEXT,
        as_of=INSTANT,
        waiting=_list(visit=UUID, position={"type": "integer"}, arrived_at=INSTANT),
        booths=_list(
            label=TEXT,
            state={"enum": ["free", "taken", "out"]},
            visit=MAYBE_UUID,
            since={"type": ["string", "null"], "format": "date-time"},
            routes={"type": "array", "items": TEXT},
        ),
        aftercare=_list(visit=UUID, since=INSTANT),
        left=_list(visit=UUID, at=INSTANT),
        overdoses=_list(event=UUID, location=TEXT, opened_at=INSTANT),
        stock_alerts=_list(
            product=TEXT,
            lot=UUID,
            on_hand={"type": "integer"},
            why={"enum": ["below_zero", "low", "expiring", "expired"]},
        ),
        stock_expiring=_list(
            product=TEXT,
            lot=UUID,
            on_hand={"type": "integer"},
            days={"type": "integer", "description": "until it expires; negative once it has"},
            within={"enum": [7, 30, 90]},
        ),
    )


def _releases() -> dict:
    return _list(
        id=TEXT,
        published_at=INSTANT,
        formats={"type": "array", "items": TEXT},
        sha256={"type": "object", "additionalProperties": TEXT},
    )


def _codes_schema() -> dict:
    day = {"type": ["string", "null"], "format": "date"}
    row = _list(code=TEXT, label_fr=TEXT, label_en=TEXT, valid_from=day, valid_to=day)
    return {"type": "object", "additionalProperties": row}


def _public(release: list[dict]) -> dict:
    """What anyone may ask, without a token and from any page."""
    place = _list(code=TEXT, name_fr=TEXT, name_en=TEXT)
    rows = [
        {"name": "region", "in": "path", "required": True, "schema": TEXT},
        {"name": "format", "in": "path", "required": True, "schema": {"enum": ["csv", "json"]}},
    ]
    return {
        "/api/v1/public/regions": _get("Regions that publish", place, None, 503),
        "/api/v1/public/regions/{region}/rows.{format}": _get(
            "Every released row of a region so far", {}, None, 404, 503, parameters=rows
        ),
        "/api/v1/public/releases": _get("Releases for the public", _ref("Releases"), None, 503),
        "/api/v1/public/releases/{release_id}/{format}": _get(
            "One release file for the public", {}, None, 404, 503, parameters=release
        ),
    }


def document() -> dict:
    """The whole API as an OpenAPI 3.1 document."""
    body = _object(records={"type": "array", "maxItems": MAX_RECORDS, "items": _ref("Record")})
    body["properties"]["sent_at"] = {**INSTANT, "description": SENT_WORDS}
    receipts = _object(receipts={"type": "array", "items": _ref("Receipt")}, server_time=INSTANT)
    release = [
        {"name": name, "in": "path", "required": True, "schema": TEXT} for name in ("release_id", "format")
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Supervised consumption site API",
            "version": "1",
            "description": "Records in, board and anonymized releases out. Messages follow Accept-Language.",
        },
        "paths": {
            "/api/v1/records": {
                "post": {
                    "summary": "Send records; one receipt each, in the same order. Safe to repeat.",
                    "security": [{"device": []}],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
                    "responses": {
                        "200": _answer("each record is stored, whatever its status", receipts),
                        **_errors(401, 413, 422, 429, 503),
                    },
                }
            },
            "/api/v1/board": _get("The live board of the tablet’s site", _ref("Board"), "device", 401, 503),
            "/api/v1/codes": _get("Every code list, with labels and dates", _ref("Codes"), None, 503),
            "/api/v1/releases": _get("Releases, newest first", _ref("Releases"), "recipient", 401, 429, 503),
            "/api/v1/releases/{release_id}/{format}": _get(
                "One release file", {}, "recipient", 401, 404, 429, 503, parameters=release
            ),
            **_public(release),
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "Device <token>, told once by `manage.py enrol_device`",
                },
                "recipient": {"type": "http", "scheme": "bearer"},
            },
        },
    }
