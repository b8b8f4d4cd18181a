"""A Frictionless data package: the CSV files, what each column means, method, promise, hashes; in a zip."""

import hashlib
import io
import zipfile

from sites.releases.formats import csv
from sites.releases.formats.figures import Cube
from sites.releases.formats.json import whole
from sites.releases.formats.words import GRAINS, LANGUAGES, STATUSES, TITLE
from sites.releases.terms import CLOCK
from sites.releases.words import METHOD, PROMISE

# A zip holds times; these never change.
NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
MAY_BE_ALL = "code, or ALL when summed over · code, ou ALL pour la somme"
FIGURES = {
    "release_id": ("string", "Release · Publication", {}),
    "published_at": ("datetime", "When it was released, UTC · Moment de la publication, UTC", {}),
    "plan_version": ("string", "Publication plan · Plan de publication", {}),
    "clock": ("string", "Whose days: service days of the site · Jours de service du site", {"enum": [CLOCK]}),
    "site": ("string", f"Site: {MAY_BE_ALL}", {}),
    "region": ("string", f"Region · Région: {MAY_BE_ALL}", {}),
    "period_start": ("date", "First day · Premier jour", {}),
    "period_end": ("date", "Last day, included · Dernier jour, inclus", {}),
    "grain": ("string", "Length of the period · Longueur de la période", {"enum": list(GRAINS)}),
    "indicator": ("string", "Code of definitions.csv · Code de definitions.csv", {}),
    "category": ("string", "Part of the indicator, or ALL · Partie de l’indicateur, ou ALL", {}),
    "value": ("integer", "Rounded figure · Chiffre arrondi", {"minimum": 0}),
    "lower": ("integer", "The true count is at least this · Le vrai compte est d’au moins", {"minimum": 0}),
    "upper": ("integer", "The true count is at most this · Le vrai compte est d’au plus", {"minimum": 0}),
    "base": ("integer", "Rounded to multiples of · Arrondi aux multiples de", {"minimum": 1}),
    "status": ("string", "Rounded once, or a sum of rounded figures · Arrondi une fois, ou somme",
               {"enum": list(STATUSES)}),
}  # fmt: skip
CALENDAR = {
    "site": ("string", "Site", {}),
    "region": ("string", "Region · Région", {}),
    "service_day": ("date", "Service day · Jour de service", {}),
    "opens": ("datetime", "Planned opening, on the site’s clock · Ouverture prévue", None),
    "closes": ("datetime", "Planned closing, on the site’s clock · Fermeture prévue", None),
    "planned_hours": ("number", "Planned hours · Heures prévues", {"minimum": 0}),
}
DEFINITIONS = {
    "code": ("string", "Code", {"unique": True}),
    "version": ("integer", "Version of the definition · Version de la définition", {"minimum": 1}),
    "unit": ("string", "Unit · Unité", {}),
    "base": ("integer", "Rounded to multiples of · Arrondi aux multiples de", {"minimum": 1}),
    "cap_per_event": ("integer", "Most that one event counts · Maximum par événement", {"minimum": 1}),
    "label_fr": ("string", "Libellé", {}),
    "label_en": ("string", "Label", {}),
    "definition_fr": ("string", "Définition", {}),
    "definition_en": ("string", "Definition", {}),
}
PLACES = {
    "code": ("string", "Code", {}),
    "kind": ("string", "site | region", {"enum": ["site", "region"]}),
    "name_fr": ("string", "Nom", {}),
    "name_en": ("string", "Name", {}),
}
LOCAL = "%Y-%m-%dT%H:%M%z"


def release(cube: Cube) -> bytes:
    tables = {
        "release": (csv.release(cube), FIGURES, {
            "primaryKey": ["site", "region", "indicator", "category", "grain", "period_start"],
            "foreignKeys": [
                {"fields": ["indicator"], "reference": {"resource": "definitions", "fields": ["code"]}}
            ],
        }),
        "definitions": (_definitions(cube), DEFINITIONS, {"primaryKey": ["code"]}),
        "places": (_places(cube), PLACES, {"primaryKey": ["kind", "code"]}),
        "calendar": (csv.calendar(cube), CALENDAR, {}),
    }  # fmt: skip
    files = {"README.md": _readme(cube)}
    files |= {f"data/{name}.csv": body for name, (body, _columns, _keys) in tables.items()}
    resources = [_resource(name, *table) for name, table in tables.items()]
    return _zipped({"datapackage.json": _package(cube, resources)} | files)


def _package(cube: Cube, resources: list[dict]) -> bytes:
    return whole(
        {
            "profile": "tabular-data-package",
            "name": f"scs-release-{cube.release_id}",
            "title": f"{TITLE['en']} · {TITLE['fr']} · {cube.release_id}",
            "version": cube.release_id,
            "created": cube.published,
            "description": f"{PROMISE['en']}\n\n{PROMISE['fr']}",
            "method": METHOD,
            "promise": PROMISE,
            "plan_versions": cube.plan_versions,
            "resources": resources,
        }
    )


def _resource(name: str, body: bytes, columns: dict, keys: dict) -> dict:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"data/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "schema": {"fields": [_field(name, *column) for name, column in columns.items()], **keys},
    }


def _field(name: str, kind: str, description: str, constraints: dict | None) -> dict:
    """Without constraints at all, a column may be empty: a closed day neither opens nor closes."""
    field = {"name": name, "type": kind, "description": description}
    if constraints is not None:
        return field | {"constraints": {"required": True, **constraints}}
    return field | {"format": LOCAL}


def _definitions(cube: Cube) -> bytes:
    rows = ([told[name] for name in DEFINITIONS] for told in cube.definitions.values())
    return csv.table(DEFINITIONS, rows).encode()


def _places(cube: Cube) -> bytes:
    rows = [
        (code, kind, names.fr, names.en)
        for kind, places in (("region", cube.regions), ("site", cube.sites))
        for code, names in places.items()
    ]
    return csv.table(PLACES, rows).encode()


def _readme(cube: Cube) -> bytes:
    parts = [f"# {TITLE['fr']} · {TITLE['en']}\n\n{cube.release_id} · {', '.join(cube.plan_versions)}\n"]
    parts += [f"{PROMISE[language]}\n\n{METHOD[language]}\n" for language in LANGUAGES]
    return "\n".join(parts).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
            entry.create_system = 3
            package.writestr(entry, content)
    return body.getvalue()
