"""docs/efvp.md and docs/mandat.md, written from the models: what they say is what the code does.

The words stand in the .md files beside this one, what each table holds in tables.toml.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model

from sites.privacy.held import CLEAR, PERSON, TEXT, form_of
from sites.retention.rules import BY_CODE
from sites.retention.tables import rules_of
from sites.safeguards import privacy_of

HERE = Path(__file__).parent
MADE = "<!-- Écrit par `manage.py privacy_docs` à partir des modèles : ne pas modifier à la main. -->\n"
PARTLY = (TEXT, PERSON)
# What a warrant is mostly about.
ABOUT_PEOPLE = 3


@cache
def _words() -> dict:
    return tomllib.loads((HERE / "tables.toml").read_text(encoding="utf-8"))


def models() -> list[type[Model]]:
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)


def untold() -> list[str]:
    """Tables without words that are not said to be about nobody."""
    told = {*_words(), *_words()["nobody"]["tables"]}
    return sorted({model._meta.label for model in models()} - told)


def groups() -> dict[str, list[tuple[dict, type[Model]]]]:
    """Group → its tables, each with its words, in the order of tables.toml."""
    known, found = {model._meta.label: model for model in models()}, {}
    for label, told in _words().items():
        if label in known:
            found.setdefault(told["group"], []).append((told, known[label]))
    return found


def inside(model: type[Model]) -> list[Field]:
    """The fields that never leave, or leave coarsened only."""
    classes = privacy_of(model)
    return [model._meta.get_field(n) for n in (*classes.get("coarsened", ()), *classes.get("never", ()))]


def _quoted(names) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _forms(model: type[Model]) -> str:
    """« en clair », with each field that lies in another form named."""
    others: dict[str, list[str]] = {}
    for field in model._meta.concrete_fields:
        if form_of(field) != CLEAR:
            others.setdefault(form_of(field), []).append(field.name)
    if not others:
        return CLEAR
    said = [f"{_quoted(names)} : {form}" for form, names in others.items()]
    rest = any(form_of(field) == CLEAR for field in inside(model))
    return "; ".join([*said, *(["le reste en clair"] if rest else [])])


def _kept(told: dict, model: type[Model]) -> str:
    """What is said of the table itself, then what the rules of retention say of it."""
    months = sorted({BY_CODE[rule].months for rule in rules_of(model)})
    said = [told["kept"]] if "kept" in told else []
    if months:
        span = f"{months[0]}" if len(months) == 1 else f"de {months[0]} à {months[-1]}"
        said.append(f"selon le calendrier signé ({span} mois proposés); sans signature, rien n’est détruit")
    return "; ".join(said)


def tables() -> Iterator[str]:
    """Every table with something about people, group by group; then the names of the others."""
    for group, rows in groups().items():
        yield f"### {group}\n\n| table | ce qui s’y trouve | sous quelle forme | gardé |\n|---|---|---|---|"
        for told, model in rows:
            name = f"**{told['title']}** (`{model._meta.db_table}`)"
            yield f"| {name} | {told['what']} | {_forms(model)} | {_kept(told, model)} |"
        yield ""
    nobody = [m._meta.db_table for m in models() if m._meta.label in _words()["nobody"]["tables"]]
    yield f"Ne disent rien de personne : {_quoted(nobody)}."


def classes() -> Iterator[str]:
    yield "| table | sort compté, arrondi ou en tranches | ne sort jamais |\n|---|---|---|"
    for rows in groups().values():
        for _told, model in rows:
            if inside(model):
                named = privacy_of(model)
                coarse, never = _quoted(named.get("coarsened", ())), _quoted(named.get("never", ()))
                yield f"| `{model._meta.db_table}` | {coarse} | {never} |"


def clear() -> Iterator[str]:
    """For who seizes the database alone: what of people can be read, and what cannot."""
    yield "| table | se lit | ne se lit pas sans les clés |\n|---|---|---|"
    for rows in list(groups().values())[:ABOUT_PEOPLE]:
        for told, model in rows:
            partly = [f"`{f.name}` en partie" for f in inside(model) if form_of(f) in PARTLY]
            read = [f"`{f.name}`" for f in inside(model) if form_of(f) == CLEAR] + partly
            closed = [f"`{f.name}`" for f in inside(model) if form_of(f) not in (CLEAR, *PARTLY)] + partly
            yield f"| {told['title']} | {', '.join(read) or '–'} | {', '.join(closed) or '–'} |"


PARTS = {"{tables}": tables, "{classes}": classes, "{clear}": clear}
DOCUMENTS = ("efvp.md", "mandat.md")


def document(name: str) -> str:
    """One of DOCUMENTS as it should stand in docs/."""
    text = (HERE / name).read_text(encoding="utf-8")
    for mark, lines in PARTS.items():
        if mark in text:
            text = text.replace(mark, "\n".join(lines()).strip())
    return f"{MADE}{text}"
