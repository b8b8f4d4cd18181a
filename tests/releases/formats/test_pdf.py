import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest
import time_machine

from sites.paper import typeset
from sites.releases.formats.figures import Names
from sites.releases.formats.report import pdf
from sites.releases.words import METHOD, PROMISE
from tests.releases.formats.cubes import FORMULA, NUNAVIK, QUARTER, TYPST, cube, of_places

SHA = "a41d07c96e2b58f3" * 4


def opened(body: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(body))


def text(of: pypdf.PdfReader) -> str:
    """All that is set but the footers, with plain spaces and no line breaks."""
    pages = (
        re.sub(r"(Publication|Release) .* page \d+ ?/ ?\d+", "", page.extract_text()) for page in of.pages
    )
    return re.sub(r"\s+", " ", " ".join(pages))


@pytest.fixture(scope="module")
def body():
    return pdf.release(cube(), SHA)


@pytest.fixture(scope="module")
def reader(body):
    return opened(body)


def test_both_languages_begin_with_a_sentence_of_figures(reader):
    told = text(reader)
    assert (
        "Le 20 novembre 2026, environ 315 visites dans 3 sites; en octobre 2026, environ 60 surdoses "
        "présumées y ont été prises en charge."
    ) in told
    assert (
        "On November 20, 2026, about 315 visits at 3 sites; in October 2026, about 60 suspected overdoses "
        "were reversed there."
    ) in told


def test_a_figure_stands_with_its_range_its_hours_and_its_definition(reader):
    told = text(reader)
    assert "Vrai compte : de 303 à 327" in told
    assert "True count: 303 to 327" in told
    assert "visits · définition, version 1 · unité : nombre · arrondi à 5" in told
    assert "naloxone_doses_staff · definition, version 1 · unit: count · rounded to 10" in told
    assert re.search(r"Montréal 210 202 à 218 24 h 10 6 600 6 592 à 6 608 749 h 10", told)
    for definition in cube().definitions.values():
        if not definition["code"].endswith("_late"):
            assert definition["definition_fr"] in told
            assert definition["definition_en"] in told


def test_promise_method_plan_and_the_hash_of_the_data_are_printed(reader):
    told = text(reader)
    for language in ("fr", "en"):
        assert PROMISE[language] in told
        assert METHOD[language] in told
    assert "Plan de publication : 2026-1" in told
    assert "16 chiffres de base; dans chacun, le vrai compte garde un intervalle d’au moins 4." in told
    assert "Arrêtés jusqu’au prochain plan : S03 · reversals." in told
    assert SHA in told
    count = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        assert re.search(rf"page {number} ?/ ?{count}", page.extract_text())


def test_it_is_made_for_screen_readers_too(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-CA"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == (
        "Consommation supervisée : rapport anonymisé · Supervised consumption: anonymized report · 2026-11-22"
    )
    tags = list(tagged(root["/StructTreeRoot"]))
    assert {"en-CA"} <= {str(tag.get("/Lang")) for tag in tags}
    kinds = [tag.get("/S") for tag in tags]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P", "/Figure"} <= set(kinds)
    drawings = [tag for tag in tags if tag.get("/S") == "/Figure"]
    assert len(drawings) >= 8
    assert all(tag.get("/Alt") for tag in drawings)
    assert any("environ 315 à la fin" in tag["/Alt"] for tag in drawings)


def tagged(node):
    if isinstance(node, pypdf.generic.IndirectObject):
        node = node.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        for child in node:
            yield from tagged(child)
    elif isinstance(node, pypdf.generic.DictionaryObject):
        yield node
        if "/K" in node:
            yield from tagged(node["/K"])


def test_only_fonts_that_come_with_it_are_embedded(reader):
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(font.startswith("Noto") for font in fonts)
    assert "@preview" not in "".join(path.read_text() for path in pdf.FOLDER.glob("*.typ"))


def test_a_name_is_set_as_it_was_typed_and_never_run(reader):
    told = text(reader)
    assert FORMULA in told
    assert TYPST in told
    assert NUNAVIK in told


def test_written_again_on_another_day_it_is_the_same_bytes(body):
    pdf.release(cube([], openings=[], earlier=[]), SHA)
    with time_machine.travel(datetime(2031, 7, 4, 12, tzinfo=UTC)):
        assert pdf.release(cube(), SHA) == body


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u00ad", "Halte 🙂 مأوى 住", "\x07 \u202e \ue000 \u0001", "ᐃᓄᒃᑎᑐᑦ · Tiohtià:ke · Kahnawà꞉ke"],
)
def test_no_name_stops_a_release(name):
    sites, regions = ({code: Names(name, name) for code in names} for names in (cube().sites, cube().regions))
    hostile = replace(cube(), sites=sites, regions=regions)
    assert len(opened(pdf.release(hostile, SHA)).pages) >= 2


def test_the_fonts_hold_every_character_that_is_let_through():
    letters = "".join(c for c in map(chr, range(0x2FFF)) if not typeset.OTHERS.match(c))
    pdf.release(replace(cube(), regions={"R01": Names(letters, letters), "R02": Names("R", "R")}), SHA)


def test_a_release_without_figures_says_so():
    told = text(opened(pdf.release(cube([], openings=[], earlier=[]), SHA)))
    assert "Aucun chiffre n’était dû pour cette publication." in told
    assert "No figure was due for this release." in told


def test_a_first_release_has_no_charts_but_its_tables():
    told = text(opened(pdf.release(replace(cube(), earlier=[]), SHA)))
    assert "derniers jours publiés" not in told
    assert "Montréal 210 202 à 218" in told


def test_whoever_is_told_no_site_reads_of_no_site():
    public = cube().only(lambda figure: figure.site == "ALL", sites=[])
    told = text(opened(pdf.release(public, SHA)))
    assert "environ 315 visites; en octobre" in told
    assert "La Halte" not in told
    assert not re.search("S0[123]", told)
    assert "Montréal 210" in told


def test_the_report_of_one_region_speaks_of_it_alone():
    region = cube().only(lambda figure: figure.region == "R01", sites=["S01", "S02"])
    told = text(opened(pdf.release(region, SHA)))
    assert "Consommation supervisée · Montréal" in told
    assert "environ 210 visites dans 2 sites" in told
    assert "Estrie" not in told


def test_beside_one_region_the_sum_of_all_is_named_for_what_it_is():
    told = of_recipient(lambda figure: figure.region in ("R01", "ALL") and figure.site in ("S01", "ALL"))
    assert "Consommation supervisée · Montréal" in told
    assert "environ 210 visites; en octobre" in told  # one of its two sites is not told
    assert "Toutes les régions 315 303 à 327" in told
    assert "Montréal 210 202 à 218" in told


def of_recipient(holds) -> str:
    return text(opened(pdf.release(cube().only(holds, sites=["S01", "S02"]), SHA)))


def test_where_there_is_one_region_it_is_not_told_twice():
    one = replace(cube(), regions={"R01": cube().regions["R01"]})
    told = text(opened(pdf.release(one.only(lambda f: f.region in ("R01", "ALL"), ["S01"]), SHA)))
    assert "Toutes les régions" not in told.partition("English")[0]


def test_a_sum_of_zero_is_told_by_its_range():
    zero = [replace(found, value=0, lower=0) for found in cube().figures]
    told = text(opened(pdf.release(replace(cube(), figures=zero, earlier=[]), SHA)))
    assert "Le 20 novembre 2026, de 0 à 327 visites" in told
    assert "environ 0" not in told


def test_many_sites_go_to_an_annex(monkeypatch):
    monkeypatch.setattr("sites.releases.formats.report.tables.FEW_SITES", 2)
    told = text(opened(pdf.release(cube(), SHA)))
    main, _, annex = told.partition("Annexe : par site")
    assert "La Halte 105" not in main.partition("Ce que cette publication apporte")[2]
    assert "La Halte 105" in annex


def test_parts_of_an_indicator_are_told_side_by_side():
    parts = [
        replace(figure, category=code)
        for code in ("other", "opioid_only", "gone")
        for figure in of_places("visits_by_substance", "quarter", *QUARTER, 500)
    ]
    told = text(opened(pdf.release(cube(parts, earlier=[]), SHA)))
    heads = "opioïde, sans stimulant 3e trimestre 2026 autre ou non déclarée 3e trimestre 2026 gone"
    assert f"Lieu {heads}" in told.replace("\u2011", "-")


def test_a_late_part_has_its_own_table(reader):
    label = r"Visites \(saisies tardives, une fois par année\)"
    assert re.search(rf"Saisies tardives .* {label} La Halte 2025 0 0 à 4", text(reader))
