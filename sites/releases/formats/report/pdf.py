"""The report as a PDF: French, then English; tagged for screen readers; the same bytes each time.

Texts reach Typst as JSON, never as source: whatever someone typed as a name is only set as a name.
"""

from collections.abc import Iterator
from pathlib import Path

from sites.paper.typeset import typeset
from sites.releases.formats.figures import Cube
from sites.releases.formats.report import cover, tables
from sites.releases.formats.report.shown import Shown
from sites.releases.formats.report.speaking import Bilingual, Speaker
from sites.releases.formats.words import LANGUAGES, TITLE
from sites.releases.words import METHOD, PROMISE, REGISTER

FOLDER = Path(__file__).parent
TEMPLATE_WORDS = (
    "service", "other", "page", "place", "figure", "range", "hours", "empty", "emergency",
)  # fmt: skip


def release(cube: Cube, csv_sha256: str) -> bytes:
    known, brought = Shown(cube, [*cube.earlier, *cube.figures]), Shown(cube, cube.figures)
    told = {
        "title": f"{TITLE['fr']} · {TITLE['en']} · {cube.release_id}",
        "date": [cube.published_at.year, cube.published_at.month, cube.published_at.day],
        "parts": [_part(Speaker(cube, language), known, brought, csv_sha256) for language in LANGUAGES],
        "annex": _annex(Bilingual(cube), brought, csv_sha256),
    }
    return typeset(FOLDER / "report.typ", told, cube.published_at)


def _part(say: Speaker, known: Shown, brought: Shown, csv_sha256: str) -> dict:
    """One language, as the template reads it: charts of all that is known, tables of what this brings."""
    cube, language, words = say.cube, say.language, say.words
    day = say.day(cube.published_at.date())
    plans = ", ".join(cube.plan_versions)
    before, _, last = PROMISE[language].rpartition(". ")
    return {
        "lang": language,
        "words": {name: words[name] for name in TEMPLATE_WORDS},
        "place": cover.whole_name(say, known),
        "kind": f"{words['kind']} · {words['published'].format(day=day)}",
        "headline": cover.headline(say, known),
        "keys": list(cover.keys(say, known)),
        "how": {"title": words["how"], "text": f"{before}.", "last": last},
        "charts": list(cover.charts(say, known)),
        "regions": cover.regions(say, known),
        "figures": {
            "title": words["tables"],
            "text": words["tables_note"],
            "note": words["all_rows"].format(n=say.number(len(cube.figures))),
            "annex": words["in_annex"] if tables.has_annex(brought) else "",
            "tables": tables.tables(say, brought),
        },
        "points": tables.points(say, known),
        "late": tables.late(say, brought),
        "opening": tables.opening(say),
        "method": {
            "title": words["method"],
            "text": METHOD[language],
            "checks": words["checks"],
            "lines": [
                words["plan"].format(plans=plans),
                *_gate(say),
                words["residual"].format(risk=REGISTER["residual_risk"][language]),
                words["files"].format(n=say.number(len(cube.figures)), release=cube.release_id),
            ],
            "sha": csv_sha256,
        },
        "footer": _footer(words["release"], cube, csv_sha256),
        "empty": not cube.figures,
    }


def _annex(say: Bilingual, brought: Shown, csv_sha256: str) -> dict | None:
    if not tables.has_annex(brought):
        return None
    words = {name: say.word(name) for name in ("annex", "place", "figure", "range", "hours", "page")}
    release = " · ".join(say.word("release"))
    return {
        "words": words,
        "tables": tables.annex(say, brought),
        "footer": _footer(release, say.cube, csv_sha256),
    }


def _footer(release: str, cube: Cube, csv_sha256: str) -> str:
    plans = ", ".join(cube.plan_versions)
    return f"{release} {cube.release_id} · plan {plans} · SHA-256 {csv_sha256[:12]}…"


def _gate(say: Speaker) -> Iterator[str]:
    """What the gate found, and what it stopped (privacy.md R9)."""
    found = say.cube.gate
    told = say.words["gate"][found["result"]]
    yield told.format(cells=say.number(found["cells_judged"]), width=found["narrowest_width"])
    if found["stopped"]:
        stops = ", ".join(f"{stop['site']} · {stop['indicator']}" for stop in found["stopped"])
        yield say.words["stopped"].format(stops=stops)
