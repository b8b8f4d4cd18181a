"""What columns and values most likely mean, by their own words in both languages; a person confirms it."""

import unicodedata
from collections.abc import Iterable, Sequence

from sites.codes.queries import values
from sites.imports.fields import Field, Register
from sites.places.models import Site

AGES = "age_band"
AGE_BANDS = [(20, "lt20"), (30, "20_29"), (40, "30_39"), (50, "40_49"), (60, "50_59"), (121, "60p")]
# What teams write for a code, beside its labels.
ALSO = {
    "substances": {
        "down": "heroin", "heroine": "heroin", "fenta": "fentanyl", "fent": "fentanyl", "coke": "cocaine",
        "roche": "crack", "rock": "crack", "meth": "methamphetamine", "crystal meth": "methamphetamine",
        "methamphetamine": "methamphetamine", "ice": "methamphetamine", "speed": "amphetamine",
        "dilaudid": "hydromorphone", "dilly": "hydromorphone", "hydro": "hydromorphone",
        "benzodiazepine": "benzodiazepine", "benzos": "benzodiazepine", "kadian": "morphine",
        "inconnu": "unknown", "inconnue": "unknown", "unknown": "unknown", "autre": "unknown",
    },
    "route": {
        "iv": "inj_iv", "injection": "inj_unk", "injected": "inj_unk", "im": "inj_im", "sc": "inj_sc",
        "fume": "inh_smoke", "fumee": "inh_smoke", "smoke": "inh_smoke", "smoked": "inh_smoke",
        "inhalation": "inh_smoke", "inhaled": "inh_smoke", "sniff": "in", "nasal": "in", "nasale": "in",
        "intranasal": "in", "oral": "oral", "inconnu": "unk", "unknown": "unk",
    },
    "gender": {
        "homme": "m", "h": "m", "male": "m", "masculin": "m", "man": "m", "femme": "f", "female": "f",
        "feminin": "f", "woman": "f", "non binaire": "nb", "nonbinary": "nb", "x": "nb", "autre": "oth",
        "other": "oth",
    },
    "age_band": {"inconnu": "unk", "unknown": "unk", "60+": "60p", "60 et plus": "60p", "<20": "lt20"},
    "ems_called": {"oui": "yes", "non": "no", "o": "yes", "n": "no", "y": "yes", "1": "yes", "0": "no"},
    "kit_kind": {"in": "nasal", "intranasal": "nasal", "narcan": "nasal", "im": "injectable",
                 "injection": "injectable"},
    "discharge_to": {"inconnu": "unknown", "unknown": "unknown", "maison": "home", "domicile": "home"},
    "outcome": {"inconnu": "unk", "unknown": "unk", "retablie": "recov", "recovered": "recov",
                "ambulance": "transport"},
}  # fmt: skip


def plain(text: object) -> str:
    """Without accents, case, quotes or extra blanks: as two people type the same word."""
    folded = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() or c in "+<>/&-" else " " for c in folded).split())


def guess_columns(register: Register, headings: Sequence[str]) -> dict[str, str]:
    """Column number → field, each field once. A handle is never guessed: bringing it is a choice."""
    known: dict[str, list[str]] = {}
    for field in register.all_fields().values():
        if field.headings:
            for words in (field.words, field.name, *field.headings):
                known.setdefault(plain(words), []).append(field.name)
    found: dict[str, str] = {}
    for number, heading in enumerate(headings):
        names = [name for name in known.get(plain(heading), []) if name not in found.values()]
        if names:
            found[str(number)] = names[0]
    return _one_moment(found)


def _one_moment(found: dict[str, str]) -> dict[str, str]:
    """An arrival beside a date is an hour, not a moment."""
    names = set(found.values())
    if {"moment", "day"} <= names and "clock" not in names:
        return {column: "clock" if name == "moment" else name for column, name in found.items()}
    return found


def guess_values(site: Site, field: Field, texts: Iterable[str]) -> dict[str, str]:
    """Text → code, for the texts that are a label or a code, in either language."""
    known = {plain(words): code for code, words in field.offered(site)}
    for code, value in values(field.codes).items() if field.codes else ():
        for words in (value.label_fr, value.label_en, code):
            known.setdefault(plain(words), code)
            known.setdefault(plain(words.partition("(")[0]), code)
    offered = {code for code, _words in field.offered(site)}
    for said, code in ALSO.get(field.codes, {}).items():
        if code in offered:
            known.setdefault(plain(said), code)
    found = {text: known[plain(text)] for text in texts if plain(text) in known}
    if field.codes == AGES:
        found |= {text: band_of(text) for text in texts if is_age(text)}
    return found


def is_age(text: str) -> bool:
    """An age in years, which says its band by itself."""
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) < AGE_BANDS[-1][0]


def band_of(text: str) -> str:
    return next(code for limit, code in AGE_BANDS if int(text) < limit)
